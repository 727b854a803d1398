package org.pushjobs.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.agent.fake.FakeServer;
import org.pushjobs.agent.fake.Until;
import org.pushjobs.agent.link.AgentStatus.Connection;
import org.pushjobs.agent.settings.AgentException;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.protocol.codec.HttpDate;
import org.pushjobs.protocol.codec.MessageLimits;
import org.pushjobs.protocol.codec.ServerMessageCodec;
import org.pushjobs.protocol.config.Extensions;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.AgentMessage.Aborted;
import org.pushjobs.protocol.message.AgentMessage.AckCommit;
import org.pushjobs.protocol.message.AgentMessage.AckRun;
import org.pushjobs.protocol.message.AgentMessage.Failed;
import org.pushjobs.protocol.message.AgentMessage.Heartbeat;
import org.pushjobs.protocol.message.AgentMessage.NackCommit;
import org.pushjobs.protocol.message.AgentMessage.NackRun;
import org.pushjobs.protocol.message.AgentMessage.OutputChunk;
import org.pushjobs.protocol.message.AgentMessage.Succeeded;
import org.pushjobs.protocol.message.AgentMessage.TimingOut;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.NackReason;
import org.pushjobs.protocol.message.OutputChannel;
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.protocol.message.StreamedOutput;

/** An agent against a server that speaks protocol 2.1. */
class ExtendedAgentIT {
    private static final KeyPair CLIENT_KEYS = PemKeys.generate();
    private static final int WINDOW_BYTES = 100_000;
    private static final int MAX_OUTPUT_BYTES = 300_000;

    @TempDir
    private Path directory;

    private final FakeServer server = new FakeServer((RSAPublicKey) CLIENT_KEYS.getPublic())
            .extended(new Extensions(WINDOW_BYTES, MAX_OUTPUT_BYTES, 4096));
    private Agent agent;

    @BeforeEach
    void createAgent() throws AgentException {
        AgentSettings settings = AgentSettings.of(
                        ServerUrl.parse(server.url()), FakeServer.NODE, (RSAPrivateKey) CLIENT_KEYS.getPrivate())
                .withFileDir(directory.resolve("files"))
                .withWhitelist(Map.of(
                        "hello", "echo hello; echo trouble >&2",
                        "bytes", "printf 'a\\377\\0b'",
                        "seven", "exit 7",
                        "trouble", "echo hello; echo trouble >&2; exit 3",
                        "gate", "echo before; while [ ! -e " + directory + "/gate ]; do sleep 0.02; done; echo after",
                        "long", "trap '' TERM; sleep 1000; sleep 1000",
                        "big", "head -c 1000000 /dev/zero"));
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
        Until.isTrue("agent is online", () -> agent.status().connection() == Connection.ONLINE);
    }

    private void run(String jobId, String command, boolean capture, OptionalInt runTimeoutSeconds) {
        JobSpec spec =
                new JobSpec(command, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), capture);
        server.send(new ServerMessage.Commit(jobId, "fake", spec, runTimeoutSeconds));
        server.await(AckCommit.class, message -> message.jobId().equals(Optional.of(jobId)));
        server.send(new ServerMessage.Run(jobId));
        server.await(AckRun.class, message -> message.jobId().equals(Optional.of(jobId)));
    }

    private void run(String jobId, String command, boolean capture) {
        run(jobId, command, capture, OptionalInt.empty());
    }

    private void openGate() throws IOException {
        Files.createFile(directory.resolve("gate"));
    }

    private String stdout() {
        return new String(server.output(OutputChannel.STDOUT), StandardCharsets.UTF_8);
    }

    private static Ending endingWithOutput(long stdout, long stderr, long stdoutDropped) {
        return new Ending(
                0, Optional.empty(), false, Optional.of(new StreamedOutput(stdout, stderr, stdoutDropped, 0)));
    }

    @Test
    void everyMessageSaysThatItIsOfProtocol21() {
        startBoth();
        run("1", "hello", true);
        server.await(Succeeded.class);

        assertThat(server.received())
                .extracting(message -> message.envelope().protocolVersion())
                .containsOnly("2.1");
    }

    @Test
    void heartbeatSaysHowLargeACommitMayBeAndSuchACommitArrives() {
        startBoth();
        int most = server.await(Heartbeat.class).maxCommitBytes().orElseThrow();
        int rest = ServerMessageCodec.maxSize(new ServerMessage.Commit("1", "fake", JobSpec.of("")));

        server.send(new ServerMessage.Commit("1", "fake", JobSpec.of("x".repeat(most - rest))));

        assertThat(server.await(NackCommit.class).reason())
                .hasValueSatisfying(reason -> assertThat(reason.word()).isEqualTo("not_whitelisted"));
    }

    private void sendCommit(String fields) {
        server.sendSigned("{\"type\":\"commit\",\"job_id\":\"1\"," + fields + ",\"timestamp\":\""
                + HttpDate.format(Instant.now()) + "\"}");
    }

    @Test
    void commitThatCannotBeReadIsRefusedWithItsReason() {
        startBoth();

        sendCommit("\"command\":\"hello\",\"env\":{\"A\":1}");

        assertThat(server.await(NackCommit.class).reason())
                .contains(new NackReason(
                        "bad_message",
                        "the message that asks for the job cannot be taken: field env is not an object of strings"));
    }

    @Test
    void commitThatIsTooLargeIsRefusedWithItsSize() {
        startBoth();

        sendCommit("\"command\":\"" + "x".repeat(MessageLimits.MAX_COMMIT_SIZE_BYTES) + "\"");

        assertThat(server.await(NackCommit.class).reason())
                .hasValueSatisfying(reason -> assertThat(reason.toString())
                        .contains("too_large", "body has 10480", "at most 1048000 are allowed"));
    }

    @Test
    void halfOfACharacterIsRefusedAndNotPassedOnAsAQuestionMark() {
        startBoth();

        sendCommit("\"command\":\"hello\",\"env\":{\"A\":\"\\ud83d\"}");

        assertThat(server.await(NackCommit.class).reason())
                .contains(new NackReason(
                        "bad_environment", "an environment variable holds a zero, or half of a character: A"));
    }

    @Test
    void agentThatStopsSaysGoodbye() {
        startBoth();

        agent.close();

        server.await(AgentMessage.Goodbye.class);
    }

    @Test
    void agentThatStopsWhileItsCommandRunsSaysGoodbyeBeforeTheCommandHasEnded() {
        startBoth();
        run("1", "long", false);

        Thread closing = Thread.startVirtualThread(agent::close);

        server.await(AgentMessage.Goodbye.class);
        Until.isTrue("the agent has stopped", () -> !closing.isAlive());
    }

    @Test
    void outputComesBeforeTheResultAndTheResultSaysHowMuch() {
        startBoth();

        run("1", "hello", true);

        assertThat(server.await(Succeeded.class))
                .isEqualTo(new Succeeded(
                        server.await(Succeeded.class).envelope(),
                        Optional.empty(),
                        Optional.of(endingWithOutput(6, 8, 0))));
        assertThat(stdout()).isEqualTo("hello\n");
        assertThat(server.output(OutputChannel.STDERR)).asString().isEqualTo("trouble\n");
    }

    @Test
    void bytesArriveAsTheyWereWritten() {
        startBoth();

        run("1", "bytes", true);

        server.await(Succeeded.class);
        assertThat(server.output(OutputChannel.STDOUT)).containsExactly('a', 0xff, 0, 'b');
    }

    @Test
    void outputComesWhileTheCommandRuns() throws Exception {
        startBoth();
        run("1", "gate", true);

        Until.isTrue("the first line is there", () -> stdout().equals("before\n"));
        assertThat(server.received(Succeeded.class)).isEmpty();
        openGate();

        server.await(Succeeded.class);
        assertThat(stdout()).isEqualTo("before\nafter\n");
    }

    @Test
    void nothingIsSentOfOutputThatNobodyWants() {
        startBoth();

        run("1", "hello", false);

        assertThat(server.await(Succeeded.class).ending()).contains(Ending.ofExitCode(0));
        assertThat(server.received(OutputChunk.class)).isEmpty();
    }

    @Test
    void exitCodeIsTold() {
        startBoth();

        run("1", "seven", false);

        assertThat(server.await(Failed.class).ending()).contains(Ending.ofExitCode(7));
    }

    @Test
    void failedCommandWhoseOutputNobodyWantedTellsTheLastOfIt() {
        startBoth();

        run("1", "trouble", false);

        Ending ending = server.await(Failed.class).ending().orElseThrow();
        assertThat(ending.exitCode()).isEqualTo(3);
        assertThat(ending.tail()).contains(new OutputTail(0, "hello\ntrouble\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(server.received(OutputChunk.class)).isEmpty();
    }

    @Test
    void failedCommandWhoseOutputIsCapturedTellsItOnce() {
        startBoth();

        run("1", "trouble", true);

        assertThat(server.await(Failed.class).ending().orElseThrow().tail()).isEmpty();
        assertThat(stdout()).isEqualTo("hello\n");
    }

    @Test
    void serverThatDoesNotTakeTheLastOfTheOutputIsNotToldIt() {
        server.extended(new Extensions(WINDOW_BYTES, MAX_OUTPUT_BYTES, 0));
        startBoth();

        run("1", "trouble", false);

        assertThat(server.await(Failed.class).ending()).contains(Ending.ofExitCode(3));
    }

    @Test
    void tooMuchOutputIsCutOffWithANotice() {
        startBoth();

        run("1", "big", true);

        Ending ending = server.await(Succeeded.class).ending().orElseThrow();
        String notice = "\n[push jobs: output cut off here, 700000 more bytes were written]\n";
        assertThat(ending).isEqualTo(endingWithOutput(MAX_OUTPUT_BYTES + notice.length(), 0, 700_000));
        assertThat(stdout()).hasSize(MAX_OUTPUT_BYTES + notice.length()).endsWith(notice);
    }

    @Test
    void noMoreIsSentThanTheWindowWhileNothingIsAcknowledged() {
        startBoth();
        server.acknowledge(false);

        run("1", "big", true);

        Until.isTrue("the window is full", () -> sentBytes() >= WINDOW_BYTES);
        assertThat(Until.within(Duration.ofSeconds(2), () -> sentBytes() > WINDOW_BYTES))
                .isFalse();
        assertThat(server.received(Succeeded.class)).isEmpty();
        server.await(Heartbeat.class, heartbeat -> heartbeat.jobState() == JobState.RUNNING);
        server.acknowledge(true);
        server.await(Succeeded.class);
        assertThat(stdout()).hasSizeGreaterThan(MAX_OUTPUT_BYTES);
    }

    private long sentBytes() {
        return server.received(OutputChunk.class).stream()
                .mapToLong(chunk -> chunk.data().length)
                .sum();
    }

    @Test
    void refusalsCarryTheirReason() {
        startBoth();

        server.send(new ServerMessage.Commit("1", "fake", JobSpec.of("rm -rf /")));
        assertThat(server.await(NackCommit.class).reason())
                .contains(new NackReason("not_whitelisted", "the command is not in the whitelist: rm -rf /"));
        server.send(new ServerMessage.Run("1"));
        assertThat(server.await(NackRun.class).reason())
                .contains(new NackReason("not_committed", "not committed to this job"));
        run("2", "long", false);
        server.send(new ServerMessage.Commit("3", "fake", JobSpec.of("hello")));
        assertThat(server.await(NackCommit.class, nack -> nack.jobId().equals(Optional.of("3")))
                        .reason())
                .contains(new NackReason("busy", "busy with job 2"));
    }

    @Test
    void runTimeIsEnforcedAndToldAlsoWhenTheServerIsAway() {
        startBoth();
        run("1", "long", false, OptionalInt.of(1));
        server.stop();
        Until.isTrue("agent is offline", () -> agent.status().connection() == Connection.OFFLINE);

        server.start();

        assertThat(server.await(Failed.class).ending())
                .contains(new Ending(137, Optional.of("KILL"), true, Optional.empty()));
    }

    @Test
    void beginOfAnEnforcedTimeOutIsTold() {
        startBoth();

        run("1", "long", false, OptionalInt.of(1));

        assertThat(server.await(TimingOut.class).jobId()).contains("1");
        server.await(Failed.class);
    }

    @Test
    void resultIsSentAgainUntilItIsAcknowledgedAndTheAgentIsFreeMeanwhile() {
        startBoth();
        server.acknowledge(false);
        run("1", "seven", false);
        server.await(Failed.class);

        server.await(
                Heartbeat.class,
                heartbeat -> heartbeat.jobState() == JobState.IDLE
                        && heartbeat.envelope().sequence()
                                > server.await(Failed.class).envelope().sequence());
        run("2", "hello", false);
        server.await(Succeeded.class);
        Until.isTrue(
                "the result comes again", () -> server.received(Failed.class).size() == 2);
        server.send(new ServerMessage.AckResult("1"));
        server.send(new ServerMessage.AckResult("2"));

        server.stop();
        server.received().clear();
        server.start();
        server.await(Heartbeat.class, heartbeat -> heartbeat.jobState() == JobState.IDLE);
        assertThat(server.received(Failed.class)).isEmpty();
        assertThat(server.received(Succeeded.class)).isEmpty();
    }

    @Test
    void resultWithoutAcknowledgementIsTheFirstThingOnANewConnection() {
        startBoth();
        server.acknowledge(false);
        run("1", "seven", false);
        server.await(Failed.class);
        server.stop();
        server.received().clear();

        server.start();

        server.await(Failed.class);
        assertThat(server.received().getFirst()).isInstanceOf(Failed.class);
    }

    @Test
    void outputOfATimeWithoutServerComesAfterIt() throws Exception {
        startBoth();
        run("1", "gate", true);
        Until.isTrue("the first line is there", () -> stdout().equals("before\n"));
        server.stop();
        Until.isTrue("agent is offline", () -> agent.status().connection() == Connection.OFFLINE);
        openGate();

        server.start();

        server.await(Succeeded.class);
        assertThat(stdout()).isEqualTo("before\nafter\n");
    }

    @Test
    void abortDropsOutputAndResult() throws Exception {
        startBoth();
        server.acknowledge(false);
        run("1", "big", true);
        Until.isTrue("output comes", () -> sentBytes() > 0);

        server.send(new ServerMessage.Abort());

        server.await(Aborted.class);
        server.acknowledge(true);
        server.await(
                Heartbeat.class,
                heartbeat -> heartbeat.jobState() == JobState.IDLE
                        && heartbeat.envelope().sequence()
                                > server.await(Aborted.class).envelope().sequence());
        assertThat(server.received(Succeeded.class)).isEmpty();
        run("2", "seven", false);
        server.await(Failed.class);
    }

    @Test
    void serverThatNoLongerSpeaks21GetsTheResultAsTheRubyAgentSendsIt() throws Exception {
        startBoth();
        run("1", "gate", true);
        Until.isTrue("the first line is there", () -> stdout().equals("before\n"));
        server.stop();
        server.notExtended();
        server.becomeAnother("second");
        Until.isTrue("agent is offline", () -> agent.status().connection() == Connection.OFFLINE);
        server.received().clear();
        openGate();

        server.start();

        Succeeded result = server.await(Succeeded.class);
        assertThat(result.output().orElseThrow().stdout()).isEqualTo("before\nafter\n");
        assertThat(result.ending()).isEmpty();
        assertThat(server.received())
                .extracting(message -> message.envelope().protocolVersion())
                .containsOnly("2.0");
        assertThat(server.received()).noneMatch(AgentMessage.OutputChunk.class::isInstance);
    }
}
