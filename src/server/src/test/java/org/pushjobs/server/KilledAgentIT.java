package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.testing.AgentProcess;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TestConfig;

/**
 * kill -9 of an agent at every point of a job, and its restart: the job ends as it should, the agent is soon available again,
 * and of the command that the server calls crashed nothing goes on.
 */
@ExtendWith(PostgresExtension.class)
class KilledAgentIT {
    private static final Duration DEADLINE = Await.DEADLINE;
    private static final Duration HEARTBEAT = Duration.ofSeconds(3);
    private static final Duration TO_END_LEFTOVERS = Duration.ofSeconds(8);

    @TempDir
    private Path directory;

    private RunningServer server;
    private ApiClient admin;
    private AgentProcess subject;
    private AgentProcess other;

    /** What the agent was at, and what becomes of its node. */
    private enum Point {
        IDLE("none"),
        COMMIT_NOT_READ("unavailable"),
        READY("unavailable"),
        RUN_NOT_READ("crashed"),
        RUNNING("crashed"),
        RUNNING_WITH_STUBBORN_CHILDREN("crashed"),
        RESULT_NOT_SENT("crashed");

        private final String nodeStatus;

        Point(String nodeStatus) {
            this.nodeStatus = nodeStatus;
        }
    }

    @BeforeEach
    void start(DatabaseConfig.External database) throws Exception {
        JsonObject settings = TestConfig.settings(database).put("heartbeat_interval", HEARTBEAT.toMillis());
        server = RunningServer.start(directory, settings, database, 2);
        admin = server.admin();
        subject = startAgent(0);
        other = startAgent(1);
        admin.awaitAvailable(2, DEADLINE);
    }

    @AfterEach
    void stop() throws Exception {
        other.thaw();
        subject.close();
        other.close();
        admin.close();
        server.close();
        for (int index = 0; index < 2; index++) {
            pids(index).forEach(ProcessHandle::destroyForcibly);
        }
    }

    private String node(int index) {
        return server.organisation().nodes().get(index);
    }

    private AgentProcess startAgent(int index) throws IOException {
        String pid = "echo $$ >> " + directory + "/pids-$CHEF_PUSH_NODE_NAME; ";
        String gate = "while [ ! -e " + directory + "/gate-$CHEF_PUSH_NODE_NAME ]; do sleep 0.05; done";
        return AgentProcess.start(
                directory,
                server.organisation(),
                server.organisation().uri(server.ports().api()),
                node(index),
                Map.of(
                        "gate", pid + gate,
                        "children",
                                pid + "(setsid sh -c 'trap \"\" TERM; " + pid.replace("'", "")
                                        + "sleep 300; sleep 300' &); " + gate,
                        "quick", "true"));
    }

    private void openGate(int index) throws IOException {
        Path gate = directory.resolve("gate-" + node(index));
        if (!Files.exists(gate)) {
            Files.createFile(gate);
        }
    }

    /** The processes of the subject's commands that still run. */
    private List<ProcessHandle> pids() {
        return pids(0);
    }

    private List<ProcessHandle> pids(int index) {
        try (Stream<String> lines = Files.lines(directory.resolve("pids-" + node(index)))) {
            return lines.map(Long::parseLong)
                    .flatMap(pid -> ProcessHandle.of(pid).stream())
                    .filter(KilledAgentIT::runs)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** A zombie does not; whoever is process 1 here may be slow to take it away. */
    private static boolean runs(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }

    private String start(String command) throws Exception {
        return admin.startJob(command, server.organisation().nodes());
    }

    private static boolean has(JsonObject job, String status, int nodes) {
        return job.getJsonObject("nodes").getJsonArray(status, new JsonArray()).size() == nodes;
    }

    private Optional<String> bringTo(Point point) throws Exception {
        return switch (point) {
            case IDLE -> Optional.empty();
            case COMMIT_NOT_READ -> {
                subject.freeze();
                String job = start("gate");
                admin.awaitJob(job, DEADLINE, document -> has(document, "ready", 1));
                yield Optional.of(job);
            }
            case READY -> {
                other.freeze();
                String job = start("gate");
                admin.awaitJob(job, DEADLINE, document -> has(document, "ready", 1));
                yield Optional.of(job);
            }
            case RUN_NOT_READ -> {
                other.freeze();
                String job = start("gate");
                admin.awaitJob(job, DEADLINE, document -> has(document, "ready", 1));
                subject.freeze();
                other.thaw();
                admin.awaitJob(job, DEADLINE, document -> has(document, "running", 1));
                yield Optional.of(job);
            }
            case RUNNING -> Optional.of(runOnBoth("gate", 1));
            case RUNNING_WITH_STUBBORN_CHILDREN -> Optional.of(runOnBoth("children", 2));
            case RESULT_NOT_SENT -> {
                String job = runOnBoth("gate", 1);
                subject.freeze();
                openGate(0);
                Await.until("the command has ended", DEADLINE, () -> pids().isEmpty());
                yield Optional.of(job);
            }
        };
    }

    private String runOnBoth(String command, int processes) throws Exception {
        String job = start(command);
        admin.awaitJob(job, DEADLINE, document -> has(document, "running", 2));
        Await.until("its processes run", DEADLINE, () -> pids().size() == processes);
        return job;
    }

    @ParameterizedTest
    @EnumSource
    void killedAgentLeavesNothingBehindAndItsNodeIsSoonAvailableAgain(Point point) throws Exception {
        // given
        Optional<String> job = bringTo(point);

        // when
        subject.kill();
        List<ProcessHandle> left = pids();
        subject = startAgent(0);
        awaitLogged("fetched the configuration", 2);
        long connected = System.nanoTime();
        awaitLogged("dropped everything as the server asked", 2);
        Await.until("the node is available", DEADLINE, () -> isAvailable(node(0)));

        // then
        assertThat(Duration.ofNanos(System.nanoTime() - connected)).isLessThan(HEARTBEAT.multipliedBy(2));
        Await.until(
                "nothing is left of the command",
                TO_END_LEFTOVERS,
                () -> left.stream().noneMatch(KilledAgentIT::runs));
        other.thaw();
        openGate(1);
        if (job.isPresent()) {
            JsonObject ended = admin.awaitEnd(job.get(), DEADLINE);
            assertThat(ended.getJsonObject("nodes").getJsonArray(point.nodeStatus))
                    .as(ended.encode())
                    .contains(node(0));
        }
        JsonObject next = admin.awaitEnd(admin.startJob("quick", List.of(node(0))), DEADLINE);
        assertThat(next.getJsonObject("nodes"))
                .as(() -> next.encode() + "\n" + log())
                .isEqualTo(JsonObject.of("succeeded", JsonArray.of(node(0))));
    }

    /** The log is that of both agents of the node; the server tells each to drop everything, as it does not know it. */
    private void awaitLogged(String text, int times) {
        Await.until(text + ", " + times + " times", DEADLINE, () -> log().split(text, -1).length > times);
    }

    private String log() {
        try {
            return Files.readString(directory.resolve(node(0) + ".log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isAvailable(String node) throws Exception {
        return new JsonObject(ApiClient.text(admin.get("node_states/" + node)))
                .getString("availability")
                .equals("available");
    }
}
