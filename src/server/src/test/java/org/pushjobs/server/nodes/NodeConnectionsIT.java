package org.pushjobs.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.testing.AgentProcess;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.FreePort;
import org.pushjobs.server.testing.LightAgent;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RawAgent;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.zmtp.Limits;
import org.pushjobs.zmtp.Security;
import org.pushjobs.zmtp.ZmtpClient;
import org.pushjobs.zmtp.ZmtpConnection;
import org.pushjobs.zmtp.ZmtpListener;
import org.pushjobs.zmtp.ZmtpTarget;
import org.pushjobs.zmtp.nacl.Crypto;
import org.pushjobs.zmtp.wire.Frames;

/** What the server concludes from connections that are made, that end, and that stay open without a word. */
@ExtendWith(PostgresExtension.class)
class NodeConnectionsIT {
    private static final String NODE = "node-1";
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    /** So long that no heartbeat has a part in what a test sees. */
    private static final Duration LONG_INTERVAL = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private Vertx vertx;
    private DatabaseConfig.External database;
    private Optional<RunningServer> server = Optional.empty();

    @BeforeEach
    void start(DatabaseConfig.External fresh) {
        vertx = Vertx.vertx();
        database = fresh;
    }

    @AfterEach
    void stop() {
        Await.result(vertx.close());
        server.ifPresent(RunningServer::close);
    }

    private RunningServer serve(Duration interval) throws Exception {
        JsonObject settings = TestConfig.settings(database).put("heartbeat_interval", interval.toMillis());
        server = Optional.of(RunningServer.start(directory, settings, database, 2));
        return server.get();
    }

    private LightAgent agent(String version, String seconds, boolean deafInJobs) throws Exception {
        try (ApiClient client = server.orElseThrow().client(NODE)) {
            return LightAgent.start(
                    vertx,
                    client,
                    NODE,
                    server.orElseThrow().organisation().key(),
                    new LightAgent.Setup(version, Optional.empty(), runs(), seconds, deafInJobs));
        }
    }

    private Path runs() {
        return directory.resolve("runs");
    }

    // ---- connections that are made

    @Test
    void agentIsGreetedBeforeItSpeaks() throws Exception {
        serve(LONG_INTERVAL);

        LightAgent agent = agent(AgentEnvelope.PROTOCOL_VERSION, "0", false);
        agent.fallSilent();

        Await.until("ack", DEADLINE, () -> agent.acks() > 0);
    }

    @Test
    void agentThatConnectsAgainIsGreetedAgain() throws Exception {
        RunningServer running = serve(LONG_INTERVAL);
        try (ApiClient admin = running.admin()) {
            LightAgent agent = agent(AgentEnvelope.PROTOCOL_VERSION, "0", false);
            admin.awaitAvailable(1, DEADLINE);
            agent.fallSilent();
            int acks = agent.acks();

            agent.breakConnection();

            Await.until("another ack", DEADLINE, () -> agent.acks() > acks);
        }
    }

    @Test
    void subscriberGetsAHeartbeatAtOnce() throws Exception {
        RunningServer running = serve(LONG_INTERVAL);
        AtomicInteger heartbeats = new AtomicInteger();
        ZmtpClient client = new ZmtpClient(vertx, Crypto.AUTO.nacl(), Limits.DEFAULT, Optional.empty());

        Await.result(client.<Void>connect(
                ZmtpTarget.sub("127.0.0.1", running.ports().heartbeat(), new Security.Plain()),
                null,
                new ZmtpListener<>() {
                    @Override
                    public void message(ZmtpConnection<Void> connection, Frames frames) {
                        heartbeats.incrementAndGet();
                    }
                }));

        Await.until("a heartbeat", DEADLINE, () -> heartbeats.get() == 1);
    }

    // ---- connections that end

    @ParameterizedTest
    @ValueSource(strings = {"2.0", "2.1"})
    void nodeWhoseConnectionEndedIsUnavailableForNewJobsAtOnce(String version) throws Exception {
        RunningServer running = serve(LONG_INTERVAL);
        try (ApiClient admin = running.admin()) {
            LightAgent agent = agent(version, "0", false);
            admin.awaitAvailable(1, DEADLINE);

            // when
            agent.close();

            // then
            awaitReason(admin, "disconnected");
            JsonObject ended = admin.awaitEnd(admin.startJob("quick", List.of(NODE)), Duration.ofSeconds(10));
            assertThat(ended.getString("status")).isEqualTo("quorum_failed");
        }
    }

    @Test
    void nodeWhoseConnectionIsReplacedStaysAvailableThoughItSaysNothing() throws Exception {
        RunningServer running = serve(LONG_INTERVAL);
        try (ApiClient admin = running.admin()) {
            LightAgent agent = agent(AgentEnvelope.PROTOCOL_VERSION, "0", false);
            admin.awaitAvailable(1, DEADLINE);

            // when
            for (int i = 0; i < 3; i++) {
                int acks = agent.acks();
                agent.breakConnection();
                Await.until("a new connection", DEADLINE, () -> agent.acks() > acks);
            }

            // then
            JsonObject ended = admin.awaitEnd(admin.startJob("quick", List.of(NODE)), DEADLINE);
            assertThat(ended.getString("status")).isEqualTo("complete");
        }
    }

    @Test
    void voteDoesNotWaitForANodeWhoseConnectionEnded() throws Exception {
        RunningServer running = serve(LONG_INTERVAL);
        try (ApiClient admin = running.admin()) {
            LightAgent agent = agent(AgentEnvelope.PROTOCOL_VERSION, "0", false);
            admin.awaitAvailable(1, DEADLINE);
            agent.fallSilent();
            String job = admin.startJob("quick", List.of(NODE));

            // when
            agent.close();

            // then: the vote may take 60 s, and heartbeats are missed after minutes
            JsonObject ended = admin.awaitEnd(job, Duration.ofSeconds(20));
            assertThat(ended.getJsonObject("nodes").getJsonArray("unavailable")).containsExactly(NODE);
        }
    }

    @Test
    void commandGoesOnWhileItsNodeHasNoConnection() throws Exception {
        RunningServer running = serve(LONG_INTERVAL);
        try (ApiClient admin = running.admin()) {
            LightAgent agent = agent(AgentEnvelope.EXTENDED_PROTOCOL_VERSION, "5", false);
            admin.awaitAvailable(1, DEADLINE);
            String job = admin.startJob("quick", List.of(NODE));
            admin.awaitJob(job, DEADLINE, found -> has(found, "running"));

            // when
            agent.breakConnection();

            // then
            JsonObject ended = admin.awaitEnd(job, DEADLINE);
            assertThat(has(ended, "succeeded")).as(ended.encode()).isTrue();
        }
    }

    @Test
    void agentThatIsTerminatedSaysGoodbyeAndIsUnavailableAtOnce() throws Exception {
        RunningServer running = serve(LONG_INTERVAL);
        try (ApiClient admin = running.admin();
                AgentProcess agent = AgentProcess.start(
                        directory,
                        running.organisation(),
                        running.organisation().uri(running.ports().api()),
                        NODE,
                        Map.of("quick", "true"))) {
            admin.awaitAvailable(1, DEADLINE);

            // when
            agent.terminate();

            // then
            awaitReason(admin, "agent_stopped");
            JsonObject ended = admin.awaitEnd(admin.startJob("quick", List.of(NODE)), Duration.ofSeconds(10));
            assertThat(ended.getString("status")).isEqualTo("quorum_failed");
        }
    }

    @Test
    void nodeThatGoesOnOverAnEarlierConnectionWhenItsLatestEndedIsAvailable() throws Exception {
        RunningServer running = serve(LONG_INTERVAL);
        try (ApiClient admin = running.admin();
                RawAgent agent = RawAgent.connect(
                        running.client(NODE), NODE, running.organisation().key())) {
            agent.becomeAvailable();
            admin.awaitAvailable(1, DEADLINE);
            try (RawAgent latest = agent.connectAgain()) {
                latest.heartbeat(JobState.IDLE, Optional.empty());
                assertThat(latest.receive(DEADLINE)).contains(new ServerMessage.Ack());
                latest.disconnect();
            }
            awaitReason(admin, "disconnected");

            // when
            agent.heartbeat(JobState.IDLE, Optional.empty());

            // then
            admin.awaitAvailable(1, DEADLINE);
            String job = admin.startJob("quick", List.of(NODE));
            assertThat(agent.receive(DEADLINE)).containsInstanceOf(ServerMessage.Commit.class);
            agent.send(new AgentMessage.NackCommit(agent.envelope(Optional.of(job))));
            admin.awaitEnd(job, DEADLINE);
        }
    }

    @Test
    void nodeIsJudgedByTheIntervalThatItsNewConnectionWasToldBeforeItSpeaksOverIt() throws Exception {
        JsonObject settings = TestConfig.settings(database)
                .put("server_heartbeat_port", FreePort.pick())
                .put("command_port", FreePort.pick());
        RunningServer old = RunningServer.start(
                directory, settings.copy().put("heartbeat_interval", LONG_INTERVAL.toMillis()), database, 2);
        server = Optional.of(old);
        try (RawAgent agent =
                RawAgent.connect(old.client(NODE), NODE, old.organisation().key())) {
            agent.becomeAvailable();
            old.close();
            RunningServer running = RunningServer.restart(
                    directory, settings.copy().put("heartbeat_interval", 500), old.organisation());
            server = Optional.of(running);
            try (ApiClient admin = running.admin()) {
                agent.becomeAvailable();
                admin.awaitAvailable(1, DEADLINE);

                // when it has fetched its configuration, connects anew and is then silent
                RawAgent.fetchConfig(running.client(NODE), NODE, agent.curvePublicKey());
                agent.disconnect();
                try (RawAgent again = agent.connectAgain()) {
                    assertThat(again.receiveUnchecked(Duration.ofMillis(500)))
                            .as("greeting")
                            .hasSize(1);
                    again.heartbeat(JobState.IDLE, Optional.empty());

                    // then
                    Await.until(
                            "the node is offline", DEADLINE, () -> states(admin).isEmpty());
                }
            }
        }
    }

    // ---- connections that stay open without a word

    @Test
    void nodeThatIsDeafWhileItsCommandRunsIsHeldAndItsResultCounts() throws Exception {
        RunningServer running = serve(Duration.ofMillis(500));
        try (ApiClient admin = running.admin()) {
            LightAgent agent = agent(AgentEnvelope.PROTOCOL_VERSION, "12", true);
            admin.awaitAvailable(1, DEADLINE);
            String job = admin.startJob("quick", List.of(NODE));
            admin.awaitJob(job, DEADLINE, found -> has(found, "running"));

            // when: it was silent for so long that it is offline, and takes no part in a new job
            Await.until("the node is offline", DEADLINE, () -> states(admin).isEmpty());
            JsonObject other = admin.awaitEnd(admin.startJob("quick", List.of(NODE)), DEADLINE);
            assertThat(has(other, "unavailable")).as(other.encode()).isTrue();

            // then
            JsonObject ended = admin.awaitEnd(job, DEADLINE);
            assertThat(has(ended, "succeeded")).as(ended.encode()).isTrue();
            assertThat(Files.readAllLines(runs())).containsExactly(job);
            admin.awaitAvailable(1, DEADLINE);
            agent.close();
        }
    }

    @Test
    void nodeThatIsHeldIsDownWhenItsConnectionEnds() throws Exception {
        RunningServer running = serve(Duration.ofMillis(500));
        try (ApiClient admin = running.admin()) {
            LightAgent agent = agent(AgentEnvelope.PROTOCOL_VERSION, "60", true);
            admin.awaitAvailable(1, DEADLINE);
            String job = admin.startJob("quick", List.of(NODE));
            Await.until("the node is offline", DEADLINE, () -> states(admin).isEmpty());
            assertThat(has(admin.job(job), "running")).isTrue();

            // when
            agent.close();

            // then
            JsonObject ended = admin.awaitEnd(job, DEADLINE);
            assertThat(has(ended, "crashed")).as(ended.encode()).isTrue();
        }
    }

    private static boolean has(JsonObject job, String status) {
        return job.getJsonObject("nodes").getJsonArray(status, new JsonArray()).contains(NODE);
    }

    private static JsonArray states(ApiClient admin) throws Exception {
        return new JsonArray(ApiClient.text(admin.get("node_states")));
    }

    private static void awaitReason(ApiClient admin, String reason) {
        Await.value(
                "the node is " + reason,
                DEADLINE,
                () -> new JsonObject(ApiClient.text(admin.get("node_states/" + NODE + "?detail=true"))),
                state -> state.getString("availability").equals("unavailable")
                        && reason.equals(state.getJsonObject("detail").getString("reason")));
    }
}
