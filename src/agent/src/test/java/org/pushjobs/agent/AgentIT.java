package org.pushjobs.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.agent.fake.FakeServer;
import org.pushjobs.agent.fake.Until;
import org.pushjobs.agent.link.AgentStatus.Connection;
import org.pushjobs.agent.settings.AgentException;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.agent.whitelist.Whitelist;
import org.pushjobs.agent.whitelist.WhitelistRule;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.protocol.codec.HttpDate;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.AgentMessage.Aborted;
import org.pushjobs.protocol.message.AgentMessage.AckCommit;
import org.pushjobs.protocol.message.AgentMessage.AckRun;
import org.pushjobs.protocol.message.AgentMessage.Failed;
import org.pushjobs.protocol.message.AgentMessage.Heartbeat;
import org.pushjobs.protocol.message.AgentMessage.NackCommit;
import org.pushjobs.protocol.message.AgentMessage.NackRun;
import org.pushjobs.protocol.message.AgentMessage.Succeeded;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.ServerMessage;

/** An agent against a server that speaks the protocol, over real sockets and with real commands. */
class AgentIT {
    private static final KeyPair CLIENT_KEYS = PemKeys.generate();
    private static final int MANY = 15;

    @TempDir
    private Path directory;

    private final FakeServer server = new FakeServer((RSAPublicKey) CLIENT_KEYS.getPublic());
    private final AtomicReference<Duration> machineShift = new AtomicReference<>(Duration.ZERO);
    private Agent agent;

    @BeforeEach
    void createAgent() throws AgentException {
        agent = new Agent(settings(), Clock.systemUTC());
    }

    private AgentSettings settings() {
        return AgentSettings.of(
                        ServerUrl.parse(server.url()), FakeServer.NODE, (RSAPrivateKey) CLIENT_KEYS.getPrivate())
                .withFileDir(directory.resolve("files"))
                .withWhitelist(Map.of(
                        "hello", "echo hello; echo trouble >&2",
                        "false", "false",
                        "gate",
                                "echo $$ > " + directory + "/pid; while [ ! -e " + directory
                                        + "/gate ]; do sleep 0.02; done; echo through",
                        "long", "echo $$ > " + directory + "/pid; sleep 1000",
                        "big", "head -c 70000 /dev/zero"));
    }

    private void replaceAgent(AgentSettings settings) throws AgentException {
        agent.close();
        agent = new Agent(settings, Clock.systemUTC());
    }

    @AfterEach
    void closeBoth() {
        agent.close();
        server.close();
    }

    private void startBoth() {
        server.start();
        agent.start();
        awaitOnline();
    }

    private void awaitOnline() {
        Until.isTrue("agent is online", () -> agent.status().connection() == Connection.ONLINE);
    }

    private void run(String jobId, String command, boolean capture) {
        JobSpec spec =
                new JobSpec(command, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), capture);
        server.send(new ServerMessage.Commit(jobId, "fake", spec));
        server.await(AckCommit.class, message -> message.jobId().equals(Optional.of(jobId)));
        server.send(new ServerMessage.Run(jobId));
        server.await(AckRun.class, message -> message.jobId().equals(Optional.of(jobId)));
    }

    private void openGate() throws Exception {
        Files.createFile(directory.resolve("gate"));
    }

    @Test
    void serverWithoutEncryptionIsRefusedUnlessTheSettingsAllowIt() throws Exception {
        server.withoutEncryption().start();
        agent.start();
        Until.isTrue("refused configurations", () -> server.fetches() >= 2);
        assertThat(agent.status().connection()).isEqualTo(Connection.STARTING);
        assertThat(server.received()).isEmpty();

        replaceAgent(settings().withUnencryptedAllowed());
        agent.start();
        awaitOnline();
        run("1", "hello", true);

        assertThat(server.await(Succeeded.class).jobId()).contains("1");
    }

    @Test
    void secondAgentInTheDirectoryOfAnotherIsAnErrorAtStart() throws Exception {
        assertThatThrownBy(() -> new Agent(settings(), Clock.systemUTC()))
                .isInstanceOf(AgentException.class)
                .hasMessage(
                        "file_dir " + directory + "/files cannot be used: another agent uses it, give each one of its"
                                + " own; change that, or set file_dir in the configuration file or by --file_dir");

        startBoth();
        replaceAgent(settings());
    }

    @Test
    void voteIsRefusedWhileTheDirectoryForFilesIsBrokenAndGivenAgainAfterwards() throws Exception {
        startBoth();
        run("1", "hello", true);
        server.await(Succeeded.class, message -> message.jobId().equals(Optional.of("1")));
        Path files = directory.resolve("files");
        Files.move(files, directory.resolve("moved"));
        Files.createFile(files);

        server.send(new ServerMessage.Commit("2", "fake", JobSpec.of("hello")));

        server.await(NackCommit.class, message -> message.jobId().equals(Optional.of("2")));
        Files.delete(files);
        run("3", "hello", true);
        server.await(Succeeded.class, message -> message.jobId().equals(Optional.of("3")));
    }

    /** Whether somebody holds the lock, by flock(1). */
    private boolean isLocked(Path lock) {
        try {
            Process process = new ProcessBuilder("flock", "-n", lock.toString(), "true").start();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return process.exitValue() == 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void lockIsHeldFromTheCommitmentToTheEndOnEveryPath() throws Exception {
        // given: a command with a lock
        Path lock = directory.resolve("lock");
        Whitelist whitelist = new Whitelist(List.of(
                new WhitelistRule(
                        new WhitelistRule.Exact("gate"),
                        "while [ ! -e " + directory + "/gate ]; do sleep 0.02; done",
                        Optional.of(lock)),
                new WhitelistRule(new WhitelistRule.Exact("gone"), "sleep 1000", Optional.of(lock))));
        replaceAgent(settings().withJobs(settings().jobs().withWhitelist(whitelist)));
        startBoth();

        // the server aborts after the vote
        server.send(new ServerMessage.Commit("1", "fake", JobSpec.of("gate")));
        server.await(AckCommit.class, message -> message.jobId().equals(Optional.of("1")));
        assertThat(isLocked(lock)).isTrue();
        server.send(new ServerMessage.Abort());
        Until.isTrue("lock is given back after an abort", () -> !isLocked(lock));

        // the job is refused for another reason
        server.send(new ServerMessage.Commit(
                "2",
                "fake",
                new JobSpec(
                        "gate", Optional.empty(), Optional.of("/none"), Optional.empty(), Optional.empty(), false)));
        server.await(NackCommit.class, message -> message.jobId().equals(Optional.of("2")));
        assertThat(isLocked(lock)).isFalse();

        // the command runs to its end
        run("3", "gate", false);
        assertThat(isLocked(lock)).isTrue();
        openGate();
        server.await(Succeeded.class, message -> message.jobId().equals(Optional.of("3")));
        Until.isTrue("lock is given back at the end", () -> !isLocked(lock));

        // somebody else has the lock
        Process other = new ProcessBuilder("flock", lock.toString(), "sleep", "1000").start();
        Until.isTrue("other process has the lock", () -> isLocked(lock));
        server.send(new ServerMessage.Commit("4", "fake", JobSpec.of("gate")));
        server.await(NackCommit.class, message -> message.jobId().equals(Optional.of("4")));
        other.descendants().forEach(ProcessHandle::destroyForcibly);
        other.destroyForcibly().onExit().join();
        Until.isTrue("other process gave the lock back", () -> !isLocked(lock));

        // the server aborts while it runs
        run("5", "gone", false);
        assertThat(isLocked(lock)).isTrue();
        server.send(new ServerMessage.Abort());
        Until.isTrue("lock is given back after a kill", () -> !isLocked(lock));

        // the agent stops
        run("6", "gone", false);
        assertThat(isLocked(lock)).isTrue();
        agent.close();
        assertThat(isLocked(lock)).isFalse();
    }

    @Test
    void commandThatIsNotWhitelistedIsRefusedAtOnceAndNeverMakesTheAgentBusy() {
        startBoth();

        // in one go: the second must not find the agent busy with the first
        server.send(new ServerMessage.Commit("1", "fake", JobSpec.of("unknown")));
        server.send(new ServerMessage.Commit("2", "fake", JobSpec.of("hello")));

        server.await(NackCommit.class, message -> message.jobId().equals(Optional.of("1")));
        server.await(AckCommit.class, message -> message.jobId().equals(Optional.of("2")));
    }

    @Test
    void heartbeatsArriveWithRisingSequence() {
        startBoth();

        Until.isTrue("five heartbeats", () -> server.received(Heartbeat.class).size() >= 5);

        assertThat(server.received(Heartbeat.class)).allSatisfy(heartbeat -> {
            assertThat(heartbeat.envelope().node()).isEqualTo(FakeServer.NODE);
            assertThat(heartbeat.envelope().org()).isEqualTo(FakeServer.ORG);
            assertThat(heartbeat.jobState()).isEqualTo(JobState.IDLE);
            assertThat(heartbeat.jobId()).isEmpty();
        });
        assertThat(server.received().stream().map(message -> message.envelope().sequence()))
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(server.received().stream().map(message -> message.envelope().incarnationId()))
                .containsOnly(server.received().getFirst().envelope().incarnationId());
    }

    @Test
    void jobRunsAndItsOutputIsSent() {
        startBoth();

        run("1", "hello", true);

        Succeeded result = server.await(Succeeded.class);
        assertThat(result.jobId()).contains("1");
        assertThat(result.output()).contains(new Output("hello\n", "trouble\n"));
    }

    @Test
    void failedCommandIsReportedWithoutOutputWhenNoneWasWanted() {
        startBoth();

        run("1", "false", false);

        assertThat(server.await(Failed.class).output()).isEmpty();
    }

    @Test
    void tooLongOutputIsLeftOut() {
        startBoth();

        run("1", "big", true);

        assertThat(server.await(Succeeded.class).output()).isEmpty();
    }

    @Test
    void commandThatIsNotInTheWhitelistIsRefused() {
        startBoth();

        server.send(new ServerMessage.Commit("1", "fake", JobSpec.of("rm -rf /")));

        assertThat(server.await(NackCommit.class).jobId()).contains("1");
        server.send(new ServerMessage.Run("1"));
        assertThat(server.await(NackRun.class).jobId()).contains("1");
    }

    @Test
    void secondJobIsRefusedWhileOneRuns() throws Exception {
        startBoth();
        run("1", "gate", false);

        server.send(new ServerMessage.Commit("2", "fake", JobSpec.of("hello")));

        assertThat(server.await(NackCommit.class).jobId()).contains("2");
        server.await(
                Heartbeat.class,
                heartbeat -> heartbeat.jobState() == JobState.RUNNING
                        && heartbeat.jobId().equals(Optional.of("1")));
        openGate();
        assertThat(server.await(Succeeded.class).jobId()).contains("1");
    }

    @Test
    void abortKillsTheCommand() throws Exception {
        startBoth();
        run("1", "long", false);
        ProcessHandle command = command();

        server.send(new ServerMessage.Abort());

        assertThat(server.await(Aborted.class).jobId()).contains("1");
        assertThat(command.isAlive()).isFalse();
        run("2", "hello", false);
        assertThat(server.await(Succeeded.class).jobId()).contains("2");
        assertThat(server.received(Failed.class)).isEmpty();
    }

    @Test
    void nothingButProtocol20IsOnTheWireWithAServerThatAnnouncesNoMore() throws Exception {
        startBoth();
        run("1", "hello", true);
        server.await(Succeeded.class);
        run("2", "false", false);
        server.await(Failed.class);
        run("3", "big", true);
        server.await(Succeeded.class, result -> result.jobId().equals(Optional.of("3")));
        server.send(new ServerMessage.Commit("4", "fake", JobSpec.of("not in the whitelist")));
        server.await(NackCommit.class);
        server.send(new ServerMessage.Run("5"));
        server.await(NackRun.class);
        server.send(new ServerMessage.Commit("6", "fake", JobSpec.of("long"), OptionalInt.of(1)));
        server.await(AckCommit.class, message -> message.jobId().equals(Optional.of("6")));
        server.send(new ServerMessage.Run("6"));
        server.await(Failed.class, result -> result.jobId().equals(Optional.of("6")));
        run("7", "long", true);
        server.send(new ServerMessage.Abort());
        server.await(Aborted.class);

        Set<String> ofAll = Set.of(
                "node",
                "client",
                "protocol_version",
                "org",
                "type",
                "sequence",
                "timestamp",
                "incarnation_id",
                "job_id");
        Map<String, Set<String>> ofType = Map.of(
                "heartbeat", Set.of("job_state"),
                "ack_commit", Set.of(),
                "nack_commit", Set.of(),
                "ack_run", Set.of(),
                "nack_run", Set.of(),
                "succeeded", Set.of("stdout", "stderr"),
                "failed", Set.of("stdout", "stderr"),
                "aborted", Set.of());
        Set<String> types = new HashSet<>();
        for (String body : server.bodies()) {
            JsonNode message = new ObjectMapper().readTree(body);
            types.add(message.get("type").asText());
            assertThat(message.get("protocol_version").asText()).isEqualTo("2.0");
            assertThat(ofType).as(body).containsKey(message.get("type").asText());
            assertThat(message.properties())
                    .as(body)
                    .allMatch(field -> ofAll.contains(field.getKey())
                            || ofType.get(message.get("type").asText()).contains(field.getKey()));
        }
        assertThat(types).isEqualTo(ofType.keySet());
    }

    /** The process of the command that runs. */
    private ProcessHandle command() throws IOException {
        Path pidFile = directory.resolve("pid");
        Until.isTrue("command wrote its process id", () -> readable(pidFile));
        return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                .orElseThrow();
    }

    private static boolean readable(Path file) {
        try {
            return Files.readString(file).endsWith("\n");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void serverThatComesBackIsHeardWithoutANewConfiguration() {
        startBoth();
        server.stop();
        Until.isTrue("agent is offline", () -> agent.status().connection() == Connection.OFFLINE);
        server.received().clear();

        server.start();

        server.await(Heartbeat.class);
        awaitOnline();
        run("1", "hello", true);
        assertThat(server.await(Succeeded.class).output()).isPresent();
        assertThat(server.fetches()).isEqualTo(1);
    }

    @Test
    void serverThatMovedToOtherPortsIsFound() {
        startBoth();
        server.stop();
        server.received().clear();

        server.movePorts();
        server.start();

        server.await(Heartbeat.class);
        awaitOnline();
        run("1", "hello", true);
        assertThat(server.await(Succeeded.class).output()).isPresent();
        assertThat(server.fetches()).isEqualTo(2);
    }

    @Test
    void serverThatMovedWhileACommandRanIsFoundWhenItHasEnded() throws Exception {
        startBoth();
        run("1", "gate", true);
        server.stop();
        server.received().clear();

        server.movePorts();
        server.start();

        assertThat(Until.within(Duration.ofSeconds(2), () -> server.fetches() > 1))
                .isFalse();
        openGate();
        assertThat(server.await(Succeeded.class).output()).contains(new Output("through\n", ""));
        assertThat(server.received(Succeeded.class)).hasSize(1);
        assertThat(server.fetches()).isEqualTo(2);
    }

    @Test
    void configurationThatHasNotChangedIsFetchedOnceInAnOutage() {
        startBoth();
        server.stop();

        server.startHttp();

        Until.isTrue("second fetch", () -> agent.status().configFetches() == 2);
        assertThat(Until.within(Duration.ofSeconds(3), () -> server.fetches() > 2))
                .isFalse();
        server.received().clear();
        server.startPorts();
        server.await(Heartbeat.class);
        awaitOnline();
        run("1", "hello", true);
        server.await(Succeeded.class);
        assertThat(server.fetches()).isEqualTo(2);
    }

    @Test
    void serverThatIsOnlyStartingIsNotTakenForOneThatHasMoved() {
        startBoth();
        server.stop();

        server.beginStart();
        Until.isTrue("it is asked", () -> server.fetches() == 2);
        server.endStart();

        server.received().clear();
        server.await(Heartbeat.class);
        awaitOnline();
        run("1", "hello", true);
        server.await(Succeeded.class);
        assertThat(agent.status().configFetches()).isEqualTo(1);
    }

    @Test
    void addressThatLeadsNowhereIsToldAsItIs() {
        server.startHttp();
        agent.start();

        Until.isTrue(
                "problem is told, it is " + agent.status().problem(),
                () -> agent.status()
                        .problem()
                        .equals(Optional.of(
                                "cannot connect to " + server.heartbeatAddress() + ": connection refused")));

        server.startPorts();
        awaitOnline();
        Until.isTrue("problem is over", () -> agent.status().problem().isEmpty());
    }

    @Test
    void resultProducedDuringAnOutageIsSentAfterwardsBeforeAnythingElse() throws Exception {
        startBoth();
        run("1", "gate", true);
        server.stop();
        Until.isTrue("agent is offline", () -> agent.status().connection() == Connection.OFFLINE);
        openGate();
        server.received().clear();

        server.start();

        assertThat(server.await(Succeeded.class).output()).contains(new Output("through\n", ""));
        server.await(Heartbeat.class, heartbeat -> heartbeat.jobState() == JobState.IDLE);
        assertThat(server.received().stream().takeWhile(message -> !(message instanceof Succeeded)))
                .allSatisfy(message -> assertThat(message).isInstanceOfSatisfying(Heartbeat.class, heartbeat -> {
                    assertThat(heartbeat.jobState()).isEqualTo(JobState.RUNNING);
                    assertThat(heartbeat.jobId()).contains("1");
                }));
        assertThat(server.received(Succeeded.class)).hasSize(1);
        assertThat(server.fetches()).isEqualTo(1);
    }

    @Test
    void resultSentJustBeforeAnOutageIsSentAgain() {
        startBoth();
        run("1", "hello", true);
        server.await(Succeeded.class);
        server.stop();
        Until.isTrue("agent is offline", () -> agent.status().connection() == Connection.OFFLINE);
        server.received().clear();

        server.start();

        assertThat(server.await(Succeeded.class).jobId()).contains("1");
        server.await(Heartbeat.class, heartbeat -> heartbeat.jobState() == JobState.IDLE);
        assertThat(server.received(Succeeded.class)).hasSize(1);
    }

    @Test
    void resultSentWhileTheServerIsWellIsSentOnce() {
        startBoth();
        run("1", "hello", false);
        server.await(Succeeded.class);
        server.received().removeIf(Heartbeat.class::isInstance);

        Until.isTrue(
                "five more heartbeats", () -> server.received(Heartbeat.class).size() >= 5);

        assertThat(server.received(Succeeded.class)).hasSize(1);
        assertThat(server.received(Heartbeat.class))
                .allSatisfy(heartbeat -> assertThat(heartbeat.jobState()).isEqualTo(JobState.IDLE));
    }

    @Test
    void resultSentJustBeforeTheHeartbeatsStoppedIsSentAgain() {
        startBoth();
        run("1", "hello", true);
        server.heartbeats(false);
        server.await(Succeeded.class);
        Until.isTrue("agent is offline", () -> agent.status().connection() == Connection.OFFLINE);
        server.received().clear();

        server.heartbeats(true);

        assertThat(server.await(Succeeded.class).jobId()).contains("1");
        server.await(Heartbeat.class, heartbeat -> heartbeat.jobState() == JobState.IDLE);
        assertThat(server.received(Succeeded.class)).hasSize(1);
        assertThat(server.fetches()).isEqualTo(1);
    }

    @Test
    void restartThatIsTooShortToBeNoticedByTheHeartbeatsLosesNothing() throws Exception {
        server.interval(5);
        startBoth();
        run("1", "gate", true);
        ProcessHandle command = command();
        server.stop();
        openGate();
        Until.isTrue("command has ended", () -> !command.isAlive());
        server.received().clear();

        server.start();

        assertThat(server.await(Succeeded.class).output()).contains(new Output("through\n", ""));
        assertThat(server.received(Succeeded.class)).hasSize(1);
        assertThat(server.fetches()).isEqualTo(1);
        run("2", "hello", false);
        server.await(Succeeded.class, result -> result.jobId().equals(Optional.of("2")));
    }

    @Test
    void resultIsDroppedWhenTheServerThatComesBackDoesNotWantIt() throws Exception {
        startBoth();
        run("1", "gate", true);
        ProcessHandle command = command();
        server.stop();
        Until.isTrue("agent is offline", () -> agent.status().connection() == Connection.OFFLINE);
        openGate();
        Until.isTrue("command has ended", () -> !command.isAlive());
        server.received().clear();

        server.startHttp();
        server.startPorts();
        server.greetWith(Optional.of(new ServerMessage.Abort()));

        assertThat(server.await(Aborted.class).jobId()).contains("1");
        server.await(Heartbeat.class, heartbeat -> heartbeat.jobState() == JobState.IDLE);
        assertThat(server.received(Succeeded.class)).isEmpty();
    }

    @Test
    void newIncarnationLeadsToANewConfiguration() {
        startBoth();
        server.becomeAnother("second");

        Until.isTrue("second fetch", () -> agent.status().configFetches() == 2);

        server.received().clear();
        server.await(Heartbeat.class);
        assertThat(server.fetches()).isEqualTo(2);
    }

    @Test
    void newIncarnationIsWaitedOutWhileACommandRuns() throws Exception {
        startBoth();
        run("1", "gate", true);
        server.becomeAnother("second");

        assertThat(Until.within(Duration.ofSeconds(2), () -> agent.status().configFetches() > 1))
                .isFalse();

        openGate();
        Until.isTrue("second fetch", () -> agent.status().configFetches() == 2);
    }

    @Test
    void silentCommandPortLeadsToANewConfigurationEverMoreSlowly() {
        server.start();
        server.acceptNewKeys(false);
        agent.start();

        Until.isTrue("second fetch", () -> agent.status().configFetches() == 2);

        assertThat(Until.within(Duration.ofSeconds(6), () -> agent.status().configFetches() > 2))
                .isFalse();
        server.acceptNewKeys(true);
        awaitOnline();
        assertThat(agent.status().configFetches()).isEqualTo(3);
    }

    @Test
    void refusedFetchIsRepeated() {
        server.start();
        server.refuseFetches(2);

        agent.start();

        awaitOnline();
        assertThat(server.fetches()).isEqualTo(3);
        assertThat(agent.status().configFetches()).isEqualTo(1);
    }

    @Test
    void junkOnTheCommandPortIsDropped() {
        startBoth();
        byte[] junk = "junk".getBytes(StandardCharsets.UTF_8);

        server.sendRaw(junk);
        server.sendRaw(junk, junk);
        server.sendRaw(junk, junk, junk);

        run("1", "hello", true);
        assertThat(server.await(Succeeded.class).output()).isPresent();
    }

    @Test
    void commitThatCannotBeReadIsAnsweredNotDropped() {
        startBoth();

        server.sendSigned("{\"type\":\"commit\",\"job_id\":\"1\",\"command\":7,\"timestamp\":\""
                + HttpDate.format(Instant.now()) + "\"}");

        assertThat(server.await(NackCommit.class).jobId()).contains("1");
    }

    @Test
    void serverOfTheOriginalMaySendMoreThanItSaysThatItTakes() {
        startBoth();

        server.send(new ServerMessage.Commit(
                "1",
                "fake",
                new JobSpec(
                        "hello",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("base64:" + "A".repeat(133_336)),
                        false)));

        server.await(AckCommit.class);
    }

    @Test
    void serverWithNewSigningKeysIsFoundAgain() {
        startBoth();

        server.becomeAnother("second");
        server.changeSigningKeys();

        Until.isTrue("second fetch", () -> agent.status().configFetches() == 2);
        awaitOnline();
    }

    @Test
    void requestedFetchHappens() {
        startBoth();

        agent.refetchConfig();

        Until.isTrue("second fetch", () -> agent.status().configFetches() == 2);
        awaitOnline();
    }

    @ParameterizedTest
    @ValueSource(longs = {600, -600, 3_600, -3_600})
    void stepOfTheMachinesClockIsNotSeenInTheMessages(long seconds) throws Exception {
        startBothOnAClockThatIsShifted();

        machineShift.set(Duration.ofSeconds(seconds));
        awaitMoreHeartbeats();

        assertThat(agent.status().connection()).isEqualTo(Connection.ONLINE);
    }

    @Test
    void agentThatWasSuspendedBelievesItsServer() throws Exception {
        startBothOnAClockThatIsShifted();

        // when: for both it is later than the monotonic clock of the agent's machine says
        machineShift.set(Duration.ofHours(1));
        server.shiftClock(Duration.ofHours(1));
        server.received().clear();

        awaitMoreHeartbeats();
    }

    @Test
    void heartbeatsOfAServerWhoseClockIsAheadShowThatItIsThere() throws Exception {
        startBoth();

        server.shiftClock(Duration.ofMinutes(6));
        int before = server.heartbeatsSent();
        Until.isTrue("heartbeats from the future", () -> server.heartbeatsSent() >= before + MANY);

        assertThat(agent.status().connection()).isEqualTo(Connection.ONLINE);
        server.shiftClock(Duration.ZERO);
        awaitMoreHeartbeats();
        assertThat(server.fetches()).isEqualTo(1);
    }

    private void startBothOnAClockThatIsShifted() throws Exception {
        InstantSource machine = () -> Instant.now().plus(machineShift.get());
        agent.close();
        agent = new Agent(settings(), machine.withZone(ZoneOffset.UTC));
        startBoth();
    }

    /** More than an agent sends before it notices that it hears nothing. */
    private void awaitMoreHeartbeats() {
        int before = server.received(Heartbeat.class).size();
        Until.isTrue(
                "heartbeats arrive and are in time",
                () -> server.received(Heartbeat.class).size() >= before + MANY);
    }

    @Test
    void closingKillsTheCommand() throws Exception {
        startBoth();
        run("1", "long", false);
        ProcessHandle command = command();

        agent.close();

        assertThat(command.isAlive()).isFalse();
        assertThat(agent.status().connection()).isEqualTo(Connection.STOPPED);
        assertThat(server.received()).noneMatch(AgentMessage.Failed.class::isInstance);
    }
}
