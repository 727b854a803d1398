package org.pushjobs.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobSpecTest {
    @Test
    void environmentAndFileAndOutputAreNotPrinted() {
        // given
        JobSpec spec = new JobSpec(
                "deploy",
                Optional.of("root"),
                Optional.empty(),
                Optional.of(Map.of("TOKEN", "hunter2")),
                Optional.of("raw:hunter2"),
                true);

        // then
        assertThat(new ServerMessage.Commit("id", "s", spec).toString())
                .contains("deploy", "root", "[TOKEN]", "11 characters")
                .doesNotContain("hunter2");
        assertThat(new Output("hunter2", "").toString()).doesNotContain("hunter2");
    }

    @Test
    void environmentIsCopiedAndCannotBeChanged() {
        // given
        Map<String, String> env = new HashMap<>(Map.of("A", "1"));
        JobSpec spec = new JobSpec("ls", Optional.empty(), Optional.empty(), Optional.of(env), Optional.empty(), false);

        // when
        env.put("B", "2");

        // then
        Map<String, String> kept = spec.env().orElseThrow();
        assertThat(kept).containsExactly(Map.entry("A", "1"));
        assertThatThrownBy(kept::clear).isInstanceOf(UnsupportedOperationException.class);
    }
}
