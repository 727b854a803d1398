package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.ScriptedAgent;
import org.pushjobs.server.testing.ScriptedAgent.Step;
import org.pushjobs.server.testing.ScriptedAgent.Step.Send;
import org.pushjobs.server.testing.ScriptedAgent.Step.Until;
import org.pushjobs.server.testing.TcpProxy;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.server.testing.TestOrganisation;

/**
 * What docs/api.md shows, run as it stands, and its clients (docs/examples) when connections break. An example is {@code $
 * COMMAND} and its output; its status is 0 unless the next one is {@code echo $?}.
 */
@ExtendWith(PostgresExtension.class)
class ApiGuideIT {
    private static final Path DOCS =
            Path.of("..", "..", "docs").toAbsolutePath().normalize();
    private static final String DOCUMENTED_SERVER = "http://push.example.com:10003";
    private static final String NODE = "node-1";
    private static final String SHELL = "docs/examples/follow-job.sh";
    private static final String PYTHON = "python3 docs/examples/pushjobs_client.py follow";
    private static final Pattern BLOCK = Pattern.compile("(?s)\n```console\n(.*?)```\n");
    private static final Pattern COMMAND = Pattern.compile("(?m)^\\$ (.*)\n");
    /** Between the outputs of commands; no command writes it. */
    private static final char SEPARATOR = '\u001e';

    @TempDir
    private Path directory;

    private final AtomicBoolean mayEnd = new AtomicBoolean(true);
    private RunningServer server;
    private ScriptedAgent agent;

    private record Example(String command, String output) {}

    @BeforeEach
    void start(DatabaseConfig.External database) throws Exception {
        for (String program : List.of("bash", "curl", "openssl", "python3")) {
            assumeTrue(isInstalled(program), program + " is not installed");
        }
        JsonObject settings = TestConfig.settings(database).put("wait_complete_time", 3_600);
        server = RunningServer.start(directory, settings, database, 1);
        try (ApiClient client = server.client(NODE);
                ApiClient admin = server.admin()) {
            agent = ScriptedAgent.start(
                    client,
                    NODE,
                    server.organisation().key(),
                    List.of(Send.ACK_COMMIT),
                    List.<Step>of(Send.ACK_RUN, new Until(mayEnd::get), Send.SUCCEEDED));
            admin.awaitAvailable(1, Await.DEADLINE);
        }
        Files.createSymbolicLink(directory.resolve("docs"), DOCS);
        Files.writeString(
                directory.resolve("alice.pem"),
                PemKeys.toPem(server.organisation().key()));
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    @AfterEach
    void stop() {
        if (agent != null) {
            agent.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void everyExampleOfTheGuideGivesWhatItShows() throws Exception {
        // given
        List<Example> documented = examples(Files.readString(DOCS.resolve("api.md")));
        String address = "http://127.0.0.1:" + server.ports().api();
        StringBuilder script =
                new StringBuilder("ended() { local status=$?; printf '\\036%s\\036' $status; return $status; }\n");
        documented.forEach(example -> script.append(example.command().replace(DOCUMENTED_SERVER, address))
                .append("\nended\n"));

        // when
        Path output = directory.resolve("output");
        Process bash = process(Map.of(), output, "bash", "-c", script.toString());
        waitFor(bash, output);

        // then
        String[] parts = Files.readString(output).split(String.valueOf(SEPARATOR), -1);
        assertThat(parts).as(Files.readString(output)).hasSize(2 * documented.size() + 1);
        List<String> expected = new ArrayList<>();
        List<String> actual = new ArrayList<>();
        for (int i = 0; i < documented.size(); i++) {
            Example example = documented.get(i);
            boolean mayFail =
                    i + 1 < documented.size() && documented.get(i + 1).command().equals("echo $?");
            expected.add("$ " + example.command() + "\n" + general(example.output()));
            actual.add("$ " + example.command() + "\n" + general(parts[2 * i].replace(address, DOCUMENTED_SERVER))
                    + (mayFail || parts[2 * i + 1].equals("0") ? "" : "\nstatus " + parts[2 * i + 1]));
        }
        assertThat(actual).isEqualTo(expected).hasSizeGreaterThan(10);
    }

    private static List<Example> examples(String document) {
        List<Example> examples = new ArrayList<>();
        for (MatchResult block : BLOCK.matcher(document).results().toList()) {
            List<MatchResult> commands =
                    COMMAND.matcher(block.group(1)).results().toList();
            assertThat(commands).as(block.group(1)).isNotEmpty();
            for (int i = 0; i < commands.size(); i++) {
                int end = i + 1 < commands.size()
                        ? commands.get(i + 1).start()
                        : block.group(1).length();
                examples.add(new Example(
                        commands.get(i).group(1),
                        block.group(1).substring(commands.get(i).end(), end)));
            }
        }
        return examples;
    }

    /** Without what differs each time: ids and times. */
    private static String general(String output) {
        return output.replace("\r", "")
                .replaceAll("[0-9a-f]{32}", "JOB")
                .replaceAll("\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d(:|%3A)\\d\\d(:|%3A)\\d\\d(\\.\\d+)?Z", "TIME")
                .replaceAll("\\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT", "DATE")
                .strip();
    }

    @ParameterizedTest
    @ValueSource(strings = {SHELL, PYTHON})
    void clientWhoseConnectionBreaksGetsEachEventOnce(String client) throws Exception {
        // given
        mayEnd.set(false);
        try (TcpProxy proxy = new TcpProxy("127.0.0.1", server.ports().api());
                ApiClient admin = server.admin()) {
            proxy.open();
            String job = admin.startJob("chef-client", List.of(NODE));
            Path output = directory.resolve("output");
            Process process = follow(client, job, proxy.listenPort(), output);
            Await.until("the command runs", () -> Files.readString(output).contains("run_start"));

            // when
            proxy.breakConnections(() -> true);
            mayEnd.set(true);
            admin.awaitEnd(job, Await.DEADLINE);

            // then
            waitFor(process, output);
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
            assertThat(Files.readAllLines(output).stream()
                            .filter(line -> line.contains(" {\"timestamp\":"))
                            .map(line -> line.substring(0, line.indexOf(' '))))
                    .containsExactly(
                            "start", "quorum_vote", "quorum_succeeded", "run_start", "run_complete", "job_complete");
        } finally {
            mayEnd.set(true);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SHELL, PYTHON})
    void clientThatIsRefusedSaysWhyAndEnds(String client) throws Exception {
        Path output = directory.resolve("output");

        Process process = follow(client, "none", server.ports().api(), output);

        waitFor(process, output);
        assertThat(process.exitValue()).as(Files.readString(output)).isEqualTo(2);
        assertThat(Files.readString(output)).contains("{\"error\":[\"there is no job 'none'\"]}");
    }

    private Process follow(String client, String job, int port, Path output) throws IOException {
        Map<String, String> environment = Map.of(
                "PUSHJOBS_SERVER_URL",
                server.organisation().uri(port).toString(),
                "PUSHJOBS_USER",
                TestOrganisation.ADMIN,
                "PUSHJOBS_KEY",
                "alice.pem");
        return process(environment, output, (client + " " + job).split(" "));
    }

    private Process process(Map<String, String> environment, Path output, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("no_proxy", "*");
        return builder.start();
    }

    private static void waitFor(Process process, Path output) throws IOException, InterruptedException {
        if (!process.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("the client does not end: " + Files.readString(output));
        }
    }
}
