package org.pushjobs.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.ClusterPlaces;
import org.pushjobs.server.testing.FeedClient;
import org.pushjobs.server.testing.FreePort;
import org.pushjobs.server.testing.Management;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RawAgent;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.ScriptedAgent;
import org.pushjobs.server.testing.ScriptedAgent.Step;
import org.pushjobs.server.testing.ScriptedAgent.Step.Send;
import org.pushjobs.server.testing.ServerProcess;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.server.testing.TestOrganisation;

/** Two servers of one cluster, at 127.0.0.1 and 127.0.0.2, that are told over their sockets who is to run the jobs. */
@ExtendWith(PostgresExtension.class)
class ControlIT {
    private static final Duration DEADLINE = Await.DEADLINE;
    private static final String NODE = "node-1";
    private static final ControlRequest STATUS = new ControlRequest.Status();
    private static final ControlRequest PROMOTE = new ControlRequest.Promote();
    private static final ControlRequest UNDRAIN = new ControlRequest.EndDrain();
    private static final ControlRequest DRAIN = new ControlRequest.BeginDrain(Drain.WithoutSuccessor.REFUSED, 10);
    private static final ControlRequest DRAIN_BY_FORCE =
            new ControlRequest.BeginDrain(Drain.WithoutSuccessor.ACCEPTED, 10);

    private final ClusterPlaces places = new ClusterPlaces(2);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private Path first;
    private Path second;

    private RunningServer startFirst(DatabaseConfig.External database) throws Exception {
        first = Files.createDirectory(directory.resolve("1"));
        return RunningServer.start(first, settings(database, 0), database, 1);
    }

    private RunningServer startSecond(DatabaseConfig.External database, RunningServer other) throws Exception {
        RunningServer server = startSecond(settings(database, 1), other);
        awaitGood();
        return server;
    }

    /** It has the same secrets, as it must, in another directory. */
    private RunningServer startSecond(JsonObject settings, RunningServer other) throws Exception {
        second = Files.createDirectory(directory.resolve("2"));
        Files.copy(first.resolve("secrets.json"), second.resolve("secrets.json"));
        return RunningServer.restart(second, settings, other.organisation());
    }

    private void awaitGood() {
        for (Path one : List.of(first, second)) {
            Await.until(
                    "all is well at " + one,
                    DEADLINE,
                    () -> ask(one, STATUS).body().getBoolean("good"));
        }
    }

    private JsonObject settings(DatabaseConfig.External database, int number) {
        return TestConfig.settings(database).mergeIn(places.settings(number));
    }

    private static ControlClient.Answer ask(Path server, ControlRequest request) throws IOException {
        return new ControlClient(server.resolve("control.sock")).ask(request);
    }

    private static String outcome(Path server, ControlRequest request) throws IOException {
        ControlClient.Answer answer = ask(server, request);
        assertThat(answer.status()).as(answer.body().encode()).isEqualTo(200);
        return answer.body().getString("outcome");
    }

    private static String refusal(Path server, ControlRequest request) throws IOException {
        ControlClient.Answer answer = ask(server, request);
        assertThat(answer.status()).as(answer.body().encode()).isEqualTo(409);
        return answer.body().getString("error");
    }

    private static ScriptedAgent agentAt(RunningServer server, Step... onRun) throws Exception {
        return ScriptedAgent.start(
                server.client(NODE), NODE, server.organisation().key(), List.of(Send.ACK_COMMIT), List.of(onRun));
    }

    @Test
    void jobsGoToTheOtherServerAndBackWhileOneIsUnderWay(DatabaseConfig.External database) throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        try (RunningServer one = startFirst(database);
                RunningServer two = startSecond(database, one);
                ApiClient admin = two.admin();
                ScriptedAgent _ = agentAt(one, Send.ACK_RUN, new Step.Until(ended::get), Send.SUCCEEDED)) {
            admin.awaitAvailable(1, DEADLINE);
            String job = admin.startJob("anything", List.of(NODE));
            admin.awaitRunning(job, DEADLINE);
            try (FeedClient feed = FeedClient.open(
                    two.organisation(), two.ports().api(), FeedClient.Request.of("job_status_feed/" + job))) {
                // when
                assertThat(outcome(second, PROMOTE)).startsWith("this server runs the jobs now, in epoch 2");
                assertThat(Management.ready(two.ports().management(), "/coordinator"))
                        .isEqualTo("200 {\"status\":\"active\"}");
                assertThat(outcome(second, PROMOTE)).startsWith("this server runs the jobs already");
                awaitGood();
                assertThat(outcome(first, PROMOTE)).startsWith("this server runs the jobs now, in epoch 3");
                ended.set(true);

                // then
                assertThat(admin.awaitEnd(job, DEADLINE).getJsonObject("nodes"))
                        .isEqualTo(new JsonObject().put("succeeded", List.of(NODE)));
                List<FeedClient.Event> events = feed.awaitEnd();
                assertThat(events).extracting(FeedClient.Event::id).doesNotHaveDuplicates();
                assertThat(events)
                        .extracting(FeedClient.Event::name)
                        .startsWith("start")
                        .endsWith("job_complete")
                        .containsOnlyOnce("run_start");
            }
        }
    }

    @Test
    void jobsCanBeStartedThroughEachServerWhileTheyAreHandedOver(DatabaseConfig.External database) throws Exception {
        try (RunningServer one = startFirst(database);
                RunningServer two = startSecond(database, one);
                ApiClient here = one.admin();
                ApiClient there = two.admin()) {
            for (Path to : List.of(second, first, second)) {
                CompletableFuture<String> promoted = CompletableFuture.supplyAsync(() -> {
                    try {
                        return outcome(to, PROMOTE);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                while (!promoted.isDone()) {
                    // which fails with any other status than 201: the API waits for the next term
                    String job = (to.equals(second) ? here : there).startJob("anything", List.of("node-2"));
                    assertThat(there.awaitEnd(job, DEADLINE).getString("status"))
                            .isEqualTo("quorum_failed");
                }
                assertThat(promoted.join()).startsWith("this server runs the jobs now");
                awaitGood();
            }
            assertThat(Management.ready(two.ports().management(), "/coordinator"))
                    .isEqualTo("200 {\"status\":\"active\"}");
        }
    }

    @Test
    void serverThatIsDrainedHandsTheJobsOverAndClosesItsConnections(DatabaseConfig.External database) throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        try (RunningServer one = startFirst(database);
                RunningServer two = startSecond(database, one);
                ApiClient admin = one.admin();
                ScriptedAgent _ = agentAt(one, Send.ACK_RUN, new Step.Until(ended::get), Send.SUCCEEDED)) {
            admin.awaitAvailable(1, DEADLINE);
            String job = admin.startJob("anything", List.of(NODE));
            admin.awaitRunning(job, DEADLINE);

            // when
            assertThat(outcome(first, DRAIN))
                    .contains("has handed the jobs over to")
                    .endsWith("it is being drained, agents that are told to go within 5 s: 1");

            // then: nobody leads anything here
            for (String role : List.of("/api", "/gateway", "/coordinator")) {
                assertThat(Management.ready(one.ports().management(), role)).startsWith("503 {\"status\":\"draining\"");
            }
            assertThat(Management.ready(one.ports().management(), "")).startsWith("503 ");
            assertThat(Management.ready(two.ports().management(), "/coordinator"))
                    .isEqualTo("200 {\"status\":\"active\"}");
            // and: it does not get the jobs, not even when it is told to
            assertThat(refusal(first, PROMOTE)).isEqualTo("this server cannot take over: it is being drained");
            assertThat(refusal(second, DRAIN))
                    .contains("nobody could take over")
                    .contains("it is being drained");
            Await.until("no connection is left that was there", DEADLINE, () -> drainOf(first) == 0);
            ended.set(true);
            assertThat(admin.awaitEnd(job, DEADLINE).getJsonObject("nodes"))
                    .isEqualTo(new JsonObject().put("succeeded", List.of(NODE)));

            // when
            assertThat(outcome(first, UNDRAIN)).startsWith("this server is in use again");

            // then
            assertThat(Management.ready(one.ports().management(), "/gateway")).isEqualTo("200 {\"status\":\"ready\"}");
            assertThat(outcome(first, PROMOTE)).startsWith("this server runs the jobs now");
            assertThat(outcome(first, UNDRAIN)).isEqualTo("this server was not being drained");
        }
    }

    private static int drainOf(Path server) throws IOException {
        return self(server).getJsonObject("drain").getInteger(StatusDocument.LEFT);
    }

    /** What a server says of itself. */
    private static JsonObject self(Path server) throws IOException {
        return StatusText.objects(ask(server, STATUS).body().getJsonArray("servers"))
                .filter(one -> one.getBoolean("this"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void nodesAreCountedAndNotTheirConnections(DatabaseConfig.External database) throws Exception {
        first = Files.createDirectory(directory.resolve("1"));
        try (RunningServer server = RunningServer.start(first, database, 2);
                ApiClient admin = server.admin();
                ScriptedAgent _ = agentAt(server);
                RawAgent silent = RawAgent.connect(
                        server.client("node-2"), "node-2", server.organisation().key());
                RawAgent _ = silent.connectAgain()) {
            admin.awaitAvailable(1, DEADLINE);
            Await.until("all connections", DEADLINE, () -> self(first).getInteger("connections") == 3);

            assertThat(self(first).getInteger("nodes")).isEqualTo(1);
            assertThat(StatusText.of(ask(first, STATUS).body()))
                    .contains("          gateway: ready, 1 nodes, 3 connections of agents");
        }
    }

    @Test
    void nodeWhoseConnectionIsGoneIsNotCountedAlthoughItsSessionIsThere(DatabaseConfig.External database)
            throws Exception {
        first = Files.createDirectory(directory.resolve("1"));
        try (RunningServer server = RunningServer.start(
                        first, TestConfig.settings(database).put("heartbeat_interval", 60_000), database, 1);
                ApiClient admin = server.admin();
                RawAgent vanishing = RawAgent.connect(
                        server.client(NODE), NODE, server.organisation().key())) {
            vanishing.becomeAvailable();
            admin.awaitAvailable(1, DEADLINE);
            assertThat(self(first).getInteger("nodes")).isEqualTo(1);

            vanishing.disconnect();

            Await.until("nobody is counted", DEADLINE, () -> self(first).getInteger("nodes") == 0);
            assertThat(server.gauge("pushjobs.nodes", "availability", "unavailable"))
                    .isEqualTo(1);
        }
    }

    @Test
    void serverThatIsDrainedRunsTheJobsWhenTheOtherOneIsGone(DatabaseConfig.External database) throws Exception {
        try (RunningServer one = startFirst(database)) {
            try (RunningServer _ = startSecond(database, one)) {
                outcome(first, DRAIN);
            }

            Await.until(
                    "it runs the jobs",
                    DEADLINE,
                    () -> Management.ready(one.ports().management(), "/coordinator")
                            .equals("200 {\"status\":\"active\"}"));

            assertThat(Management.ready(one.ports().management(), "/gateway")).isEqualTo("200 {\"status\":\"ready\"}");
        }
    }

    @Test
    void serverThatStandsStillIsNotTakenForDead(DatabaseConfig.External database) throws Exception {
        first = Files.createDirectory(directory.resolve("1"));
        int apiPort = FreePort.pick();
        int lease = 60;
        Path config = TestConfig.write(
                first, settings(database, 0).put("api_port", apiPort).put("coordinator_lease", lease));
        try (ServerProcess hanging = ServerProcess.start(config)) {
            hanging.awaitReady();
            second = Files.createDirectory(directory.resolve("2"));
            Files.copy(first.resolve("secrets.json"), second.resolve("secrets.json"));
            try (RunningServer two = RunningServer.restart(
                    second,
                    settings(database, 1).put("coordinator_lease", lease),
                    TestOrganisation.create(database, 1))) {
                awaitGood();
                hanging.freeze();

                assertThat(refusal(second, PROMOTE))
                        .startsWith("nobody answers who runs the jobs: ")
                        .contains("has the lease for ")
                        .contains("If it hangs, kill it");
                JsonObject status = ask(second, STATUS).body();
                assertThat(status.getBoolean("good")).isFalse();
                assertThat(status.getJsonArray("attention").encode()).contains("nobody runs the jobs");

                hanging.kill();
                Await.until(
                        "the other one runs the jobs",
                        DEADLINE,
                        () -> Management.ready(two.ports().management(), "/coordinator")
                                .equals("200 {\"status\":\"active\"}"));
            }
        }
    }

    @Test
    void gatewaysThatTellAgentsOneAddressAreSaid(DatabaseConfig.External database) throws Exception {
        int port = FreePort.pick();
        JsonObject spread = new JsonObject()
                .put("spread", true)
                .put("gateway_address", "127.0.0.1")
                .put("command_port", port);
        first = Files.createDirectory(directory.resolve("1"));
        JsonObject elsewhere = settings(database, 1).mergeIn(spread).put("zeromq_listen_address", "tcp://127.0.0.2");
        try (RunningServer one =
                        RunningServer.start(first, settings(database, 0).mergeIn(spread), database, 1);
                RunningServer _ = startSecond(elsewhere, one)) {
            Await.until(
                    "it is said",
                    DEADLINE,
                    () -> ask(first, STATUS)
                            .body()
                            .getJsonArray("conflicts")
                            .encode()
                            .contains("tell agents the same address, 127.0.0.1:" + port));
            assertThat(ask(first, STATUS).body().getBoolean("good")).isFalse();
            assertThat(StatusText.of(ask(second, STATUS).body()))
                    .anyMatch(line -> line.endsWith(" connections of agents, led to 127.0.0.1:" + port))
                    .anyMatch(line -> line.startsWith("ATTENTION: ") && line.contains("tell agents the same address"));
        }
    }

    @Test
    void serverThatIsAloneIsDrainedOnlyByForce(DatabaseConfig.External database) throws Exception {
        first = Files.createDirectory(directory.resolve("1"));
        try (RunningServer server = RunningServer.start(first, database, 1)) {
            assertThat(ask(first, STATUS).body().getString("if_this_died"))
                    .isEqualTo("nobody could take over: there is no other server (cluster_members is not set)");
            assertThat(refusal(first, DRAIN)).contains("nobody could take over").contains("--force");
            assertThat(Management.ready(server.ports().management(), "/coordinator"))
                    .isEqualTo("200 {\"status\":\"active\"}");

            assertThat(outcome(first, DRAIN_BY_FORCE)).contains("nobody runs them until a server can");

            assertThat(Management.ready(server.ports().management(), "/coordinator"))
                    .startsWith("503 {\"status\":\"draining\"");
            assertThat(ask(first, STATUS).body().getJsonArray("attention").encode())
                    .contains("nobody runs the jobs");
            outcome(first, UNDRAIN);
            Await.until(
                    "it runs the jobs again",
                    DEADLINE,
                    () -> Management.ready(server.ports().management(), "/coordinator")
                            .equals("200 {\"status\":\"active\"}"));
        }
    }

    @Test
    void onlyTheServersUserCanOpenTheSocketWhichIsGoneWithTheServer(DatabaseConfig.External database) throws Exception {
        Path socket = directory.resolve("control.sock");
        // what one that was killed has left
        Files.writeString(socket, "");
        try (RunningServer server = RunningServer.start(directory, database, 1)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            // another one with the same secrets leaves it alone
            RunningServer.restart(directory, TestConfig.settings(database), server.organisation())
                    .close();
            assertThat(ask(directory, STATUS).status()).isEqualTo(200);
        }
        assertThat(socket).doesNotExist();
        try (var files = Files.list(directory)) {
            assertThat(files.filter(file -> file.toString().contains("control")))
                    .isEmpty();
        }
    }
}
