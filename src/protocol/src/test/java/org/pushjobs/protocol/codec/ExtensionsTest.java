package org.pushjobs.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.Ending;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.NackReason;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.OutputChannel;
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.protocol.message.StreamedOutput;

/** What protocol 2.1 adds to an agent's messages, and that none of it is there in those of protocol 2.0. */
class ExtensionsTest {
    private static final AgentEnvelope EXTENDED = envelope(AgentEnvelope.EXTENDED_PROTOCOL_VERSION);
    private static final AgentEnvelope PLAIN = envelope(AgentEnvelope.PROTOCOL_VERSION);
    private static final Ending ENDING =
            new Ending(143, Optional.of("TERM"), true, Optional.of(new StreamedOutput(10_485_760, 0, 41_943_040, 0)));
    private static final Ending WITH_TAIL =
            new Ending(3, Optional.empty(), false, Optional.empty(), Optional.of(new OutputTail(1L << 33, new byte[] {
                0, -1, '\n', 'a'
            })));
    private static final NackReason BUSY = new NackReason("busy", "busy with job a");

    private static AgentEnvelope envelope(String version) {
        return new AgentEnvelope("web-1", "host", "acme", 7, AgentFrame.NOW, "inc", Optional.of("a"), version);
    }

    static Stream<AgentMessage> extendedMessages() {
        Optional<Output> output = Optional.of(new Output("out", "err"));
        return Stream.of(
                new AgentMessage.NackCommit(EXTENDED, Optional.of(BUSY)),
                new AgentMessage.NackRun(EXTENDED, Optional.of(BUSY)),
                new AgentMessage.Heartbeat(EXTENDED, JobState.IDLE),
                new AgentMessage.Heartbeat(EXTENDED, JobState.IDLE, OptionalInt.of(70_000)),
                new AgentMessage.Succeeded(EXTENDED, output, Optional.of(Ending.ofExitCode(0))),
                new AgentMessage.Failed(EXTENDED, Optional.empty(), Optional.of(ENDING)),
                new AgentMessage.Failed(EXTENDED, Optional.empty(), Optional.of(WITH_TAIL)),
                new AgentMessage.TimingOut(EXTENDED),
                new AgentMessage.Goodbye(EXTENDED),
                new AgentMessage.OutputChunk(EXTENDED, OutputChannel.STDERR, 1L << 33, new byte[] {0, -1, 'a'}),
                new AgentMessage.OutputChunk(EXTENDED, OutputChannel.STDOUT, 0, new byte[] {}));
    }

    @ParameterizedTest
    @MethodSource("extendedMessages")
    void messageSurvivesTheWire(AgentMessage message) throws RejectedMessageException {
        assertThat(AgentMessageCodec.decode(AgentMessageCodec.encode(message))).isEqualTo(message);
    }

    @Test
    void messageOfProtocol20IsWrittenWithoutExtensionsWhateverItHolds() {
        assertThat(text(new AgentMessage.NackCommit(PLAIN, Optional.of(BUSY))))
                .isEqualTo(text(new AgentMessage.NackCommit(PLAIN)));
        assertThat(text(new AgentMessage.Heartbeat(PLAIN, JobState.IDLE, OptionalInt.of(70_000))))
                .isEqualTo(text(new AgentMessage.Heartbeat(PLAIN, JobState.IDLE)));
        assertThat(text(new AgentMessage.Failed(PLAIN, Optional.empty(), Optional.of(ENDING))))
                .isEqualTo(text(new AgentMessage.Failed(PLAIN, Optional.empty())));
        assertThat(text(new AgentMessage.Failed(PLAIN, Optional.empty(), Optional.of(WITH_TAIL))))
                .isEqualTo(text(new AgentMessage.Failed(PLAIN, Optional.empty())));
    }

    @Test
    void resultWithFieldsOfALaterVersionIsReadWithoutThem() throws RejectedMessageException {
        AgentMessage message = new AgentMessage.Failed(EXTENDED, Optional.empty(), Optional.of(WITH_TAIL));
        String body = text(message);
        String later = body.substring(0, body.length() - 1) + ",\"output_head\":\"YQ==\",\"output_tail_of\":[1]}";

        assertThat(AgentMessageCodec.decode(later.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(message);
    }

    @Test
    void ofATailThatIsTooLongTheLastIsKept() throws RejectedMessageException {
        byte[] data = new byte[OutputTail.MOST_BYTES + 10];
        Arrays.fill(data, (byte) 'a');
        Ending ending = WITH_TAIL.with(Optional.of(new OutputTail(5, data)));

        AgentMessage read = AgentMessageCodec.decode(
                AgentMessageCodec.encode(new AgentMessage.Failed(EXTENDED, Optional.empty(), Optional.of(ending))));

        assertThat(((AgentMessage.Failed) read).ending().orElseThrow().tail().orElseThrow())
                .isEqualTo(new OutputTail(15, Arrays.copyOf(data, OutputTail.MOST_BYTES)));
    }

    @ParameterizedTest
    @CsvSource({
        "'\"output_tail_offset\":8589934592', '\"output_tail_offset\":-1'",
        "'\"output_tail_offset\":8589934592', '\"output_tail_offset\":null'",
        "'\"output_tail\":\"AP8KYQ==\"', '\"output_tail\":\"AP8KY\"'",
        "'\"output_tail\":\"AP8KYQ==\"', '\"output_tail\":7'"
    })
    void tailWithAWrongFieldIsRejected(String good, String bad) {
        String body = text(new AgentMessage.Failed(EXTENDED, Optional.empty(), Optional.of(WITH_TAIL)));
        assertThat(body).contains(good);

        assertThatThrownBy(
                        () -> AgentMessageCodec.decode(body.replace(good, bad).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        RejectedMessageException.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo(RejectionReason.BAD_FIELD));
    }

    @Test
    void extensionsInMessagesOfProtocol20AreNotRead() throws RejectedMessageException {
        String body = text(new AgentMessage.Failed(EXTENDED, Optional.empty(), Optional.of(ENDING)))
                .replace("\"2.1\"", "\"2.0\"");

        assertThat(AgentMessageCodec.decode(body.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new AgentMessage.Failed(PLAIN, Optional.empty()));
    }

    @Test
    void agentIsNotSentMoreThanServersSend() throws RejectedMessageException {
        String body = text(new AgentMessage.Heartbeat(EXTENDED, JobState.IDLE, OptionalInt.of(7)))
                .replace("\"max_commit_size\":7", "\"max_commit_size\":5000000000");

        assertThat(AgentMessageCodec.decode(body.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new AgentMessage.Heartbeat(EXTENDED, JobState.IDLE, OptionalInt.of(1_048_000)));
    }

    static Stream<AgentMessage> newTypes() {
        return Stream.of(new AgentMessage.TimingOut(EXTENDED), new AgentMessage.Goodbye(EXTENDED));
    }

    @ParameterizedTest
    @MethodSource("newTypes")
    void messageTypesOfProtocol21AreUnknownInProtocol20(AgentMessage message) {
        String body = text(message).replace("\"2.1\"", "\"2.0\"");

        assertThatThrownBy(() -> AgentMessageCodec.decode(body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        RejectedMessageException.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo(RejectionReason.UNKNOWN_TYPE));
    }

    @ParameterizedTest
    @CsvSource({
        "'\"channel\":\"stderr\"', '\"channel\":\"stdin\"'",
        "'\"offset\":0', '\"offset\":-1'",
        "'\"offset\":0', '\"offset\":0.5'",
        "'\"data\":\"YQ==\"', '\"data\":\"*\"'",
        "'\"data\":\"YQ==\"', '\"data\":null'"
    })
    void outputWithAWrongFieldIsRejected(String good, String bad) {
        String body = text(new AgentMessage.OutputChunk(EXTENDED, OutputChannel.STDERR, 0, new byte[] {'a'}));
        assertThat(body).contains(good);

        assertThatThrownBy(
                        () -> AgentMessageCodec.decode(body.replace(good, bad).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        RejectedMessageException.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo(RejectionReason.BAD_FIELD));
    }

    @ParameterizedTest
    @CsvSource({"256", "-1", "\"0\""})
    void exitCodeOutOfRangeIsRejected(String bad) {
        String body = text(new AgentMessage.Failed(EXTENDED, Optional.empty(), Optional.of(Ending.ofExitCode(3))))
                .replace("\"exit_code\":3", "\"exit_code\":" + bad);

        assertThatThrownBy(() -> AgentMessageCodec.decode(body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        RejectedMessageException.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo(RejectionReason.BAD_FIELD));
    }

    @Test
    void chunkIsPrintedWithoutItsData() {
        assertThat(new AgentMessage.OutputChunk(
                        EXTENDED, OutputChannel.STDOUT, 3, "secret".getBytes(StandardCharsets.UTF_8)))
                .hasToString("OutputChunk[job=a, channel=STDOUT, offset=3, data=6 bytes]");
    }

    private static String text(AgentMessage message) {
        return new String(AgentMessageCodec.encode(message), StandardCharsets.UTF_8);
    }
}
