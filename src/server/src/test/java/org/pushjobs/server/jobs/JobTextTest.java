package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.message.JobSpec;

class JobTextTest {
    private static JobSpec with(Map<String, String> variables) {
        return new JobSpec(
                "backup",
                Optional.of("app"),
                Optional.of("/srv/secret-place"),
                Optional.of(variables),
                Optional.of("raw:secret content"),
                true);
    }

    @Test
    void optionsAreNamedWithoutTheirValues() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("TOKEN", "secret token");
        variables.put("HOME", "/secret");

        assertThat(JobText.options(with(variables))).isEqualTo("user dir env(TOKEN HOME) file capture_output");
        assertThat(JobText.options(JobSpec.of("backup"))).isEqualTo("none");
    }

    @Test
    void namesOfVariablesAreFewShortAndOnTheLine() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("A\n, command: forged", "1");
        variables.put("B".repeat(1_000), "1");
        for (int i = 0; i < 98; i++) {
            variables.put("V" + i, "1");
        }

        assertThat(JobText.options(with(variables)))
                .startsWith("user dir env(A???command??forged " + "B".repeat(64) + "… V0 V1 ")
                .endsWith(" V17 and 80 more) file capture_output");
    }

    @Test
    void commandsAreCutAt200CharactersAndStayOnTheLine() {
        assertThat(JobText.command(JobSpec.of("chef-client -o\nx\u001b"))).isEqualTo("chef-client -o?x?");
        assertThat(JobText.command(JobSpec.of("x".repeat(200)))).isEqualTo("x".repeat(200));
        assertThat(JobText.command(JobSpec.of("\ud83d\ude00".repeat(201)))).isEqualTo("\ud83d\ude00".repeat(200) + "…");
    }
}
