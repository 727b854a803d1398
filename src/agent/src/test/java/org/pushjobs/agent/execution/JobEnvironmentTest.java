package org.pushjobs.agent.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.agent.settings.JobSettings;
import org.pushjobs.agent.settings.JobVariables;

class JobEnvironmentTest {
    private static final JobSettings ALL_MAY = JobSettings.DEFAULT.withVariables(new JobVariables.All());
    private static final JobSettings SOME_MAY =
            JobSettings.DEFAULT.withVariables(new JobVariables.Only(Set.of("LANG", "TZ")));
    private static final JobSettings NONE_MAY = JobSettings.DEFAULT.withVariables(new JobVariables.Only(Set.of()));
    private static final JobSettings FILE_SETS = JobSettings.DEFAULT.withEnvironment(
            Map.of("LANG", Optional.of("C"), "HOME", Optional.empty(), "NEW", Optional.of("file")));
    private static final Optional<Path> NO_FILE = Optional.empty();

    static Stream<Arguments> rules() {
        Map<String, String> always = Map.of("CHEF_PUSH_NODE_NAME", "web-1", "CHEF_PUSH_JOB_ID", "job-1");
        return Stream.of(
                // settings, agent's environment, job's variables, job file, what is there besides `always`
                row(ALL_MAY, Map.of(), Map.of(), NO_FILE, always, Map.of()),
                row(ALL_MAY, Map.of("PATH", "/bin"), Map.of(), NO_FILE, always, Map.of("PATH", "/bin")),
                row(
                        ALL_MAY,
                        Map.of("PATH", "/bin"),
                        Map.of("PATH", "/x", "A", ""),
                        NO_FILE,
                        always,
                        Map.of("PATH", "/x", "A", "")),
                row(
                        ALL_MAY,
                        Map.of(),
                        Map.of(
                                "CHEF_PUSH_NODE_NAME",
                                "forged",
                                "CHEF_PUSH_JOB_ID",
                                "forged",
                                "CHEF_PUSH_JOB_FILE",
                                "forged"),
                        NO_FILE,
                        always,
                        Map.of()),
                row(
                        ALL_MAY,
                        Map.of("LC_ALL", "C.UTF-8", "PUSHJOBS_LC_ALL", "de_DE"),
                        Map.of(),
                        NO_FILE,
                        always,
                        Map.of("LC_ALL", "de_DE")),
                row(
                        ALL_MAY,
                        Map.of("LC_ALL", "C.UTF-8", "PUSHJOBS_LC_ALL", ""),
                        Map.of("LC_ALL", "fr_FR"),
                        NO_FILE,
                        always,
                        Map.of("LC_ALL", "fr_FR")),
                row(ALL_MAY, Map.of("CHEF_PUSH_JOB_FILE", "outer"), Map.of(), NO_FILE, always, Map.of()),
                row(
                        ALL_MAY,
                        Map.of(),
                        Map.of(),
                        Optional.of(Path.of("/f")),
                        always,
                        Map.of("CHEF_PUSH_JOB_FILE", "/f")),
                row(
                        SOME_MAY,
                        Map.of("PATH", "/bin", "LANG", "C"),
                        Map.of("PATH", "/x", "LANG", "de", "tz", "small"),
                        NO_FILE,
                        always,
                        Map.of("PATH", "/bin", "CHEF_PUSH_ENV_PATH", "/x", "LANG", "de", "CHEF_PUSH_ENV_tz", "small")),
                row(
                        NONE_MAY,
                        Map.of("A", "1"),
                        Map.of("A", "2"),
                        NO_FILE,
                        always,
                        Map.of("A", "1", "CHEF_PUSH_ENV_A", "2")),
                row(
                        FILE_SETS,
                        Map.of("LANG", "de", "HOME", "/root", "A", "1"),
                        Map.of(),
                        NO_FILE,
                        always,
                        Map.of("LANG", "C", "A", "1", "NEW", "file")),
                row(
                        FILE_SETS,
                        Map.of(),
                        Map.of("LANG", "job", "HOME", "/h"),
                        NO_FILE,
                        always,
                        Map.of("LANG", "job", "HOME", "/h", "NEW", "file")));
    }

    private static Arguments row(
            JobSettings settings,
            Map<String, String> agents,
            Map<String, String> jobs,
            Optional<Path> file,
            Map<String, String> always,
            Map<String, String> besides) {
        Map<String, String> expected = new LinkedHashMap<>(always);
        expected.putAll(besides);
        return Arguments.of(settings, agents, jobs, file, expected);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void environmentOfACommand(
            JobSettings settings,
            Map<String, String> agents,
            Map<String, String> jobs,
            Optional<Path> file,
            Map<String, String> expected) {
        Map<String, String> environment = new LinkedHashMap<>(agents);
        PreparedJob job =
                new PreparedJob("job-1", "true", Optional.empty(), Optional.empty(), jobs, Optional.empty(), false);

        new JobEnvironment(settings, "web-1").fill(environment, job, file);

        assertThat(environment).isEqualTo(expected);
    }
}
