package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.agent.Agent;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.codec.RejectedMessageException;
import org.pushjobs.protocol.codec.RejectionReason;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.LogCapture;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RawAgent;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.ShiftedClock;
import org.pushjobs.server.testing.TestConfig;

/** Clocks of machines that jump, in the vote and in the run: no job is lost and no node goes down for it. */
@ExtendWith(PostgresExtension.class)
class ClockStepsIT {
    private static final Duration DEADLINE = Await.DEADLINE;
    private static final Duration INTERVAL = Duration.ofMillis(200);

    /** A silent node is down after fewer intervals. */
    private static final int MANY = 18;

    /** Intervals; longer than resumed jobs wait for their nodes, which is at least 30 s. */
    private static final int GRACE = 160;

    private static final String NODE = "node-1";

    @TempDir
    private Path directory;

    private final ShiftedClock serverMachine = new ShiftedClock();
    private final ShiftedClock agentMachine = new ShiftedClock();
    private final LogCapture sessionLog = new LogCapture("org.pushjobs.server.nodes");
    private final LogCapture serverLog = new LogCapture(ServerClock.class);
    private RunningServer server;
    private ApiClient admin;
    private RawAgent agent;
    private Thread life;
    private final Queue<ServerMessage> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger heartbeats = new AtomicInteger();
    private volatile Doing says = new Doing(JobState.IDLE, Optional.empty());
    private volatile boolean stopped;

    /** What heartbeats say. */
    private record Doing(JobState state, Optional<String> job) {}

    @BeforeEach
    void start(DatabaseConfig.External database) throws Exception {
        JsonObject settings = TestConfig.settings(database)
                .put("heartbeat_interval", INTERVAL.toMillis())
                .put("down_threshold", 0.05);
        server = RunningServer.start(directory, settings, database, 1, serverMachine.clock());
        admin = server.admin();
    }

    private void connectAgent() throws Exception {
        agent = RawAgent.connect(
                server.client(NODE), NODE, server.organisation().key());
        agent.becomeAvailable();
        begin();
        admin.awaitAvailable(1, DEADLINE);
    }

    private void begin() {
        stopped = false;
        life = Thread.ofPlatform().daemon().start(this::live);
    }

    private void closeAgent() throws InterruptedException {
        stopped = true;
        life.join();
        agent.close();
    }

    @AfterEach
    void stop() throws Exception {
        if (agent != null) {
            closeAgent();
        }
        admin.close();
        server.close();
        sessionLog.close();
        serverLog.close();
    }

    // ---- the server's clock

    @ParameterizedTest
    @ValueSource(longs = {600, -600, 3_600, -3_600})
    void stepOfTheServersClockInTheRunHarmsNobody(long seconds) throws Exception {
        connectAgent();
        String job = vote();
        run(job);

        serverMachine.shift(Duration.ofSeconds(seconds));
        beat(MANY, JobState.RUNNING, Optional.of(job));

        succeed(job);
        assertNothingHappened();
    }

    @ParameterizedTest
    @ValueSource(longs = {600, -600, 3_600, -3_600})
    void stepOfTheServersClockInTheVoteHarmsNobody(long seconds) throws Exception {
        connectAgent();
        String job = vote();

        serverMachine.shift(Duration.ofSeconds(seconds));
        beat(MANY, JobState.COMMITTED, Optional.of(job));

        run(job);
        succeed(job);
        assertNothingHappened();
    }

    private void assertNothingHappened() {
        assertThat(server.rejected(RejectionReason.CLOCK_SKEW)).isZero();
        assertThat(down()).isEmpty();
        assertThat(serverLog.messages(Level.WARN)).anyMatch(line -> line.startsWith("the machine's clock has jumped"));
    }

    @Test
    void stepOfTheServersClockThatNobodyElseSeesIsNotBelievedAndTheLogSaysWhy() throws Exception {
        connectAgent();

        serverMachine.shift(Duration.ofHours(1));
        Await.until("a line in the log", DEADLINE, () -> {
            return serverLog.messages(Level.WARN).stream()
                    .anyMatch(line -> line.startsWith("the machine's clock is not believed")
                            && line.contains("the agents say: "));
        });

        serverMachine.shift(Duration.ZERO);
        Await.until(
                "another one",
                DEADLINE,
                () -> serverLog.messages(Level.WARN).stream()
                        .anyMatch(line -> line.startsWith("the machine's clock has come back")));
    }

    /**
     * What a suspended machine looks like to itself: wall clock and agents are ahead of the monotonic clock. The requests of
     * this test are not, so it is less than 900 s.
     */
    @ParameterizedTest
    @ValueSource(longs = {400, 800})
    void suspendedServerBelievesItsAgentsAndGoesOn(long seconds) throws Exception {
        connectAgent();
        String job = vote();
        run(job);

        serverMachine.shift(Duration.ofSeconds(seconds));
        agentMachine.shift(Duration.ofSeconds(seconds));
        Await.until("the jump is believed", DEADLINE, () -> {
            return serverLog.messages(Level.WARN).stream()
                    .anyMatch(line -> line.startsWith("the jump of the machine's clock is believed"));
        });

        beat(1, JobState.RUNNING, Optional.of(job));
        succeed(job);
        assertThat(down()).isEmpty();
    }

    @Test
    void requestsOfEitherTimeAreTakenWhileItIsOpenWhichIsRight() throws Exception {
        serverMachine.shift(Duration.ofHours(1));

        assertThat(admin.get("jobs").statusCode()).isEqualTo(200);
    }

    // ---- an agent's clock

    @ParameterizedTest
    @ValueSource(longs = {600, -600, 3_600, -3_600})
    void nodeWhoseClockIsWrongForAWhileInTheRunKeepsItsJobAndGetsNoOther(long seconds) throws Exception {
        connectAgent();
        String job = vote();
        run(job);

        // when
        agentMachine.shift(Duration.ofSeconds(seconds));
        beat(MANY, JobState.RUNNING, Optional.of(job));

        // then
        Await.until("it is unavailable", DEADLINE, () -> {
            return "clock_skew".equals(node().getJsonObject("detail").getString("reason"));
        });
        assertThat(node().getString("availability")).isEqualTo("unavailable");
        assertThat(admin.job(job).getString("status")).isEqualTo("running");
        inbox.clear();
        assertThat(admin.awaitEnd(admin.startJob("other", List.of(NODE)), DEADLINE)
                        .getString("status"))
                .isEqualTo("quorum_failed");
        beat(5, JobState.RUNNING, Optional.of(job));
        assertThat(inbox).as("what the node was sent about the other job").isEmpty();

        // when
        agentMachine.shift(Duration.ZERO);
        beat(1, JobState.RUNNING, Optional.of(job));

        // then
        succeed(job);
        assertThat(down()).isEmpty();
        admin.awaitAvailable(1, DEADLINE);
    }

    @ParameterizedTest
    @ValueSource(longs = {600, -600, 3_600, -3_600})
    void nodeWhoseClockIsWrongForAWhileInTheVoteKeepsItsJob(long seconds) throws Exception {
        connectAgent();
        String job = vote();

        agentMachine.shift(Duration.ofSeconds(seconds));
        beat(MANY, JobState.COMMITTED, Optional.of(job));
        agentMachine.shift(Duration.ZERO);

        run(job);
        succeed(job);
        assertThat(down()).isEmpty();
    }

    @Test
    void whatAMessageOfAWrongTimeSaysChangesNoJob() throws Exception {
        connectAgent();
        String job = vote();
        run(job);

        agentMachine.shift(Duration.ofSeconds(-600));
        send(envelope -> new AgentMessage.Failed(envelope, Optional.empty()), job);
        beat(1, JobState.RUNNING, Optional.of(job));
        Await.until("its rejection", DEADLINE, () -> server.rejected(RejectionReason.CLOCK_SKEW) >= 2);
        agentMachine.shift(Duration.ZERO);

        beat(1, JobState.RUNNING, Optional.of(job));
        succeed(job);
    }

    /** What was not taken is as good as lost: the node's heartbeats say what is so. */
    @Test
    void voteOfAWrongTimeIsTakenFromTheHeartbeatsOnceTheTimeIsRight() throws Exception {
        connectAgent();
        String job = vote();
        says = new Doing(JobState.COMMITTED, Optional.of(job));

        agentMachine.shift(Duration.ofSeconds(-600));
        double before = server.rejected(RejectionReason.CLOCK_SKEW);
        send(AgentMessage.AckCommit::new, job);
        Await.until("its rejection", DEADLINE, () -> server.rejected(RejectionReason.CLOCK_SKEW) > before + 1);
        agentMachine.shift(Duration.ZERO);

        await(ServerMessage.Run.class);
        succeed(job);
    }

    /** An agent refuses messages that are too far from its own time. */
    @Test
    void runThatCameWhileTheNodesClockWasWrongIsSentAgain() throws Exception {
        connectAgent();
        String job = vote();
        says = new Doing(JobState.COMMITTED, Optional.of(job));
        send(AgentMessage.AckCommit::new, job);
        await(ServerMessage.Run.class);

        agentMachine.shift(Duration.ofSeconds(-600));
        beat(2, JobState.COMMITTED, Optional.of(job));
        agentMachine.shift(Duration.ZERO);

        await(ServerMessage.Run.class);
        succeed(job);
    }

    @Test
    void jobSurvivesARestartWithAWrongClock() throws Exception {
        connectAgent();
        // which is shorter than what the clock will be wrong by
        String job = admin.startJob(new JsonObject()
                .put("command", "anything")
                .put("nodes", new JsonArray().add(NODE))
                .put("run_timeout", 120));
        await(ServerMessage.Commit.class);
        run(job);

        // when: longer than the time that nodes have to come back
        serverMachine.shift(Duration.ofMinutes(10));
        closeAgent();
        server.restart();
        admin.close();
        admin = server.admin();
        agent = RawAgent.connect(
                server.client(NODE), NODE, server.organisation().key());
        begin();
        beat(GRACE, JobState.RUNNING, Optional.of(job));
        assertThat(admin.job(job).getString("status")).isEqualTo("running");

        // when its machine's clock is set right
        serverMachine.shift(Duration.ZERO);
        Await.until("that is believed", DEADLINE, () -> {
            return serverLog.messages(Level.WARN).stream()
                    .anyMatch(line -> line.startsWith("the jump of the machine's clock is believed"));
        });

        // then
        beat(1, JobState.RUNNING, Optional.of(job));
        succeed(job);
    }

    @ParameterizedTest
    @ValueSource(longs = {600, -600, 3_600, -3_600})
    void stepOfTheClockOfOurAgentsMachineIsNotNoticedByTheServer(long seconds) throws Exception {
        Path gate = directory.resolve("gate");
        AgentSettings settings = AgentSettings.of(
                        ServerUrl.parse(
                                server.organisation().uri(server.ports().api()).toString()),
                        NODE,
                        server.organisation().key())
                .withFileDir(directory.resolve("files"))
                .withWhitelist(Map.of("gate", "while [ ! -e " + gate + " ]; do sleep 0.1; done"));
        try (Agent ours = new Agent(settings, agentMachine.clock())) {
            ours.start();
            admin.awaitAvailable(1, DEADLINE);
            String job = admin.startJob("gate", List.of(NODE));
            admin.awaitRunning(job, DEADLINE);

            double before = server.received("heartbeat");
            agentMachine.shift(Duration.ofSeconds(seconds));
            Await.until("heartbeats", DEADLINE, () -> server.received("heartbeat") >= before + MANY);
            gate.toFile().createNewFile();

            assertThat(admin.awaitEnd(job, DEADLINE).getString("status")).isEqualTo("complete");
            assertThat(server.rejected(RejectionReason.CLOCK_SKEW)).isZero();
            assertThat(down()).isEmpty();
        }
    }

    // ---- one job on one node

    /** A job that the node is committed to, as it says with its next message. */
    private String vote() throws Exception {
        String job = admin.startJob("anything", List.of(NODE));
        await(ServerMessage.Commit.class);
        return job;
    }

    private void run(String job) throws Exception {
        send(AgentMessage.AckCommit::new, job);
        await(ServerMessage.Run.class);
        says = new Doing(JobState.RUNNING, Optional.of(job));
        send(AgentMessage.AckRun::new, job);
        admin.awaitRunning(job, DEADLINE);
    }

    private void succeed(String job) throws Exception {
        says = new Doing(JobState.IDLE, Optional.empty());
        send(envelope -> new AgentMessage.Succeeded(envelope, Optional.empty()), job);
        JsonObject ended = admin.awaitEnd(job, DEADLINE);
        assertThat(ended.getString("status")).isEqualTo("complete");
        assertThat(ended.getJsonObject("nodes").getJsonArray("succeeded")).containsExactly(NODE);
    }

    private void await(Class<? extends ServerMessage> type) {
        Await.until(type.getSimpleName(), DEADLINE, () -> {
            ServerMessage next = inbox.poll();
            return next != null && type.isInstance(next);
        });
    }

    /** Waits until so many heartbeats more have said this. */
    private void beat(int count, JobState newState, Optional<String> newJob) {
        says = new Doing(newState, newJob);
        int before = heartbeats.get();
        Await.until("heartbeats", DEADLINE, () -> heartbeats.get() > before + count);
    }

    /** The agent's heartbeats go on whatever the test waits for. */
    private void live() {
        while (!stopped) {
            synchronized (agent) {
                try {
                    for (Optional<ServerMessage> next = agent.receive(Duration.ofMillis(1));
                            next.isPresent();
                            next = agent.receive(Duration.ofMillis(1))) {
                        inbox.add(next.get());
                    }
                } catch (RejectedMessageException e) {
                    // of a server whose time is wrong
                    assertThat(e.reason()).isEqualTo(RejectionReason.CLOCK_SKEW);
                }
                agent.send(new AgentMessage.Heartbeat(envelope(says.job()), says.state()));
                heartbeats.incrementAndGet();
            }
            LockSupport.parkNanos(INTERVAL.toNanos());
        }
    }

    private void send(Function<AgentEnvelope, AgentMessage> message, String job) {
        synchronized (agent) {
            agent.send(message.apply(envelope(Optional.of(job))));
        }
    }

    private AgentEnvelope envelope(Optional<String> job) {
        AgentEnvelope now = agent.envelope(job);
        return new AgentEnvelope(
                now.node(),
                now.client(),
                now.org(),
                now.sequence(),
                agentMachine.now(),
                now.incarnationId(),
                now.jobId());
    }

    private JsonObject node() throws Exception {
        return new JsonObject(ApiClient.text(admin.get("node_states/" + NODE + "?detail=true")));
    }

    private List<String> down() {
        return sessionLog.messages(Level.INFO).stream()
                .filter(line -> line.startsWith("node went down"))
                .toList();
    }
}
