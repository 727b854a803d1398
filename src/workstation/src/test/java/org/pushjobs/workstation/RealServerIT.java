package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.agent.PushJobsClient;
import org.pushjobs.server.PushJobsServer;

/** The commands, a server with its own database, and two agents, each as a program of its own. */
class RealServerIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final List<Process> PROCESSES = new ArrayList<>();

    @TempDir
    private static Path home;

    private static Program program;

    @BeforeAll
    static void start() throws Exception {
        write("server.json", """
                {"server_name_advertised": "127.0.0.1", "api_listen_address": "127.0.0.1", "api_port": 0,
                 "server_heartbeat_port": 0, "command_port": 0, "management_port": 0, "heartbeat_interval": 500,
                 "database": "embedded", "data_directory": "HOME/database", "secrets_file": "HOME/secrets.json"}""");
        write("directory.json", """
                {"organisations": [{"name": "acme",
                  "users": [{"name": "alice", "admin": true, "key_out": "HOME/alice.pem"}],
                  "clients": [{"name": "web-1", "key_out": "HOME/web-1.pem"},
                              {"name": "web-2", "key_out": "HOME/web-2.pem"}]}]}""");
        Process imported = java(
                "import",
                PushJobsServer.class,
                "--config",
                path("server.json"),
                "directory",
                "import",
                path("directory.json"));
        assertThat(imported.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(imported.exitValue()).as(log("import")).isZero();
        java("server", PushJobsServer.class, "--config", path("server.json"), "--ready-file", path("ready.json"));
        await("the server is ready", () -> Files.exists(Path.of(path("ready.json"))));
        int port = JSON.readTree(Path.of(path("ready.json")).toFile())
                .path("api_port")
                .asInt();
        String url = "http://127.0.0.1:" + port + "/organizations/acme";
        for (String node : new String[] {"web-1", "web-2"}) {
            write(node + ".json", """
                    {"chef_server_url": "URL", "node_name": "AGENT", "client_key": "HOME/AGENT.pem", "file_dir": "HOME/files-AGENT",
                     "whitelist": {"report": "echo hello from $CHEF_PUSH_NODE_NAME; echo oops >&2",
                                   "slow": "echo begun; sleep 2; echo done",
                                   "for ever": "sleep 1000"}}""".replace("URL", url).replace("AGENT", node));
            java(node, PushJobsClient.class, "-c", path(node + ".json"));
        }
        Files.createDirectories(home.resolve(".chef"));
        write(".chef/credentials", """
                [default]
                client_name = "alice"
                client_key = "../alice.pem"
                chef_server_url = "URL"
                """.replace("URL", url));
        program = new Program(home, Map.of("HOME", home.toString()));
        await(
                "both nodes are available",
                () -> program.run("pushjobs node status web-1 web-2")
                        .output()
                        .equals("web-1\tavailable\nweb-2\tavailable\n"));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        for (Process process : PROCESSES.reversed()) {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private static String path(String name) {
        return home.resolve(name).toString();
    }

    private static void write(String name, String content) throws IOException {
        Files.writeString(home.resolve(name), content.replace("HOME", home.toString()));
    }

    private static String log(String name) throws IOException {
        return Files.readString(home.resolve(name + ".log"));
    }

    private static Process java(String name, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve(name + ".log").toFile())
                .start();
        PROCESSES.add(process);
        return process;
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        Instant deadline = Instant.now().plus(DEADLINE);
        while (!condition.call()) {
            for (Process process : PROCESSES.subList(1, PROCESSES.size())) {
                assertThat(process.isAlive())
                        .as("a process ended while waiting: %s", what)
                        .isTrue();
            }
            assertThat(Instant.now()).as(what).isBefore(deadline);
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }

    private static String idOf(String output) {
        Matcher id = Pattern.compile("Started\\.  Job ID: ([0-9a-f]{32})\n").matcher(output);
        assertThat(id.find()).as(output).isTrue();
        return id.group(1);
    }

    @Test
    void capturedJobIsStartedShownListedAndItsOutputRead() throws Exception {
        // when
        Program.Result started = program.run("pushjobs job start --capture report web-1 web-2");
        String id = idOf(started.output());
        Program.Result status = program.run("knife-push job status -F json " + id);
        Program.Result list = program.run("pushjobs job list --node web-1 --status complete --limit 1000");
        Program.Result part = program.run("pushjobs job status " + id.substring(12));
        Program.Result mine = program.run("pushjobs job list --by alice --since 1h --command report -F jsonl");
        Program.Result others = program.run("pushjobs job list --by bob");
        Program.Result output = program.run("pushjobs job output " + id + " web-1");
        Program.Result all = program.run("pushjobs job output --channel stderr " + id);

        // then
        assertThat(started.exitCode()).as(started.output()).isZero();
        assertThat(started.output()).contains("\nComplete.\n").endsWith("  succeeded: web-1, web-2\n");
        JsonNode job = JSON.readTree(status.output());
        assertThat(job.path("status").asText()).isEqualTo("complete");
        assertThat(job.at("/nodes/succeeded")).hasSize(2);
        assertThat(list.output()).contains(id + "  complete ");
        assertThat(part.output())
                .startsWith("id:      " + id + "\n")
                .contains("\nby:      alice\nquorum:  2 of 2 nodes\ntook:    ")
                .containsPattern("\n {2}web-1 {2}succeeded {2}\\+[0-9.]+ s +[0-9.]+ s +0\n");
        assertThat(mine.output()).contains("{\"id\":\"" + id + "\"", "\"requested_by\":\"alice\"");
        assertThat(others.output()).isEqualTo("There are no such jobs.\n");
        assertThat(output).isEqualTo(new Program.Result(0, "hello from web-1\n"));
        assertThat(all).isEqualTo(new Program.Result(0, "==> web-1 <==\noops\n==> web-2 <==\noops\n"));
    }

    @Test
    void followedJobShowsLinesOfBothNodes() throws Exception {
        // when
        Program.Result result = program.run("pushjobs job start --follow slow web-1 web-2");

        // then
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output().lines())
                .contains("web-1 | begun", "web-1 | done", "web-2 | begun", "web-2 | done")
                .containsSubsequence(
                        "Voting.", "Running (2/2 in progress) ...", "web-1 | begun", "web-1 | done", "Complete.");
    }

    @Test
    void abortedJobIsSeenByItsWatcher() throws Exception {
        // given
        String id = idOf(program.run("pushjobs job start -b 'for ever' web-1").output());
        await(
                "the job runs",
                () -> program.run("pushjobs job status -F json " + id).output().contains("\"running\" :"));

        // when
        Program.Result busy = program.run("pushjobs node status -o wide");
        Program.Result events = program.run("pushjobs job events " + id);
        Program.Result abort = program.run("pushjobs job abort last");
        Program.Result watch = program.run("pushjobs job watch " + id);
        Program.Result again = program.run("pushjobs job abort " + id);

        // then
        assertThat(abort).isEqualTo(new Program.Result(0, "Aborting.  Job ID: " + id + "\n"));
        assertThat(busy.output())
                .containsPattern("\nweb-1 +[a-z]+ +[0-9]+ s ago +\\S+ +127\\.0\\.0\\.1 +2\\.1 +" + id)
                .containsPattern("\n[0-9]+ nodes: [0-9]+ available, [0-9]+ unavailable\n$");
        assertThat(events.output())
                .contains("Z  started: for ever (nodes: 1, quorum: 1,", "Z  web-1: running\n")
                .doesNotContain("ended");
        assertThat(watch.output()).contains("Z  started: for ever (nodes: 1, quorum: 1,", "Z  ended: aborted\n");
        assertThat(watch.exitCode()).isOne();
        assertThat(again).isEqualTo(abort);
        await(
                "the node is free again",
                () -> program.run("pushjobs node status web-1").output().equals("web-1\tavailable\n"));
    }

    @Test
    void commandThatNoNodeKnowsFailsTheQuorum() throws Exception {
        // when
        Program.Result result = program.run("pushjobs job start unknown web-1");

        // then
        assertThat(result.output()).contains("\nQuorum_failed.\n", "Too few nodes took the job", "\n  web-1  nacked  ");
        assertThat(result.exitCode()).isEqualTo(3);
    }

    @Test
    void jobOnUnknownNodesRanNowhereAndSaysThatTheyAreUnknown() throws Exception {
        // when
        Program.Result result = program.run("pushjobs job start --quorum 0 report web-3");
        Program.Result knife = program.run("knife-push job start --quorum 0 report web-3");

        // then
        assertThat(result.output())
                .contains(
                        "\nComplete.\n", "\n  web-3  unavailable  the name is unknown: the organisation has no client");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(knife.output()).contains("\n  web-3  unavailable  the name is unknown: ");
        assertThat(knife.exitCode()).isZero();
    }

    @Test
    void jobIsRunAgainAndOnNodesByPattern() throws Exception {
        // given
        String id = idOf(program.run("pushjobs job start --with-env COLOR=blue --timeout 1m report web-1 web-2")
                .output());

        // when
        Program.Result again = program.run("pushjobs job rerun --only succeeded " + id);
        Program.Result pattern = program.run("pushjobs job start --require-all report 'web-[12]'");
        Program.Result all = program.run("pushjobs job start --all report");

        // then
        JsonNode job = JSON.readTree(program.run("pushjobs job status -F json " + idOf(again.output()))
                .output());
        assertThat(job.at("/env/COLOR").asText()).isEqualTo("blue");
        assertThat(job.path("run_timeout").asInt()).isEqualTo(60);
        for (Program.Result result : List.of(again, pattern, all)) {
            assertThat(result.output()).endsWith("  succeeded: web-1, web-2\n");
            assertThat(result.exitCode()).isZero();
        }
    }

    @Test
    void searchSaysThatItNeedsAChefServer() throws Exception {
        // when
        Program.Result result = program.run("pushjobs job start --search 'role:web' report");

        // then
        assertThat(result.output()).contains("the server answered 404", "\nNode search needs a Chef server, ");
        assertThat(result.exitCode()).isEqualTo(4);
    }

    @Test
    void serverKnowsWhoAsksAndNothingIsWrong() throws Exception {
        // when
        Program.Result whoami = program.run("pushjobs whoami");
        Program.Result doctor = program.run("chmod 600 alice.pem; pushjobs doctor");

        // then
        assertThat(whoami.output())
                .contains("user:           alice\n", "may read:       yes\n", "may start jobs: yes\n");
        assertThat(doctor.output().lines()).hasSize(7).allMatch(line -> line.startsWith("ok "));
        assertThat(doctor.output()).contains("this machine's clock is that of the server\n");
    }

    @Test
    void nodeThatWasNeverThereIsExplained() throws Exception {
        // when
        Program.Result result = program.run("pushjobs node status --why web-3");

        // then
        assertThat(result.output())
                .startsWith(
                        "web-3\tunavailable\tthe name is unknown: the organisation has no client that is called so");
        assertThat(result.exitCode()).isZero();
    }
}
