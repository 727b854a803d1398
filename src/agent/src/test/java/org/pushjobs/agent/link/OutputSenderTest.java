package org.pushjobs.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.agent.execution.OutputSpool;
import org.pushjobs.agent.execution.Spools;
import org.pushjobs.protocol.message.OutputChannel;

class OutputSenderTest {
    private static final int PART_BYTES = 4;
    private static final int WINDOW_BYTES = 10;

    @TempDir
    private Path directory;

    private OutputSpool spool;
    private OutputSender sender;
    private long now = 1_000_000;

    @BeforeEach
    void open() throws IOException {
        spool = Spools.open(directory, 20_000);
        sender = new OutputSender("job-1", spool);
    }

    private void write(OutputChannel channel, String text) {
        Spools.write(spool, channel, text);
    }

    /** What is sent now, as {@code 0abcd} for four bytes of the standard output from its start. */
    private Optional<String> next() {
        Optional<OutputSender.Part> next = sender.next(PART_BYTES, WINDOW_BYTES, now);
        next.ifPresent(part -> sender.sent(part, now));
        return next.map(part -> (part.channel() == OutputChannel.STDERR ? "!" : "")
                + part.offset()
                + new String(part.data(), StandardCharsets.UTF_8));
    }

    private void acknowledge(OutputChannel channel, long offset) {
        sender.acknowledged(channel, offset, true, now);
    }

    @Test
    void littleOutputIsSentAtAPaceAndMuchAtOnce() {
        write(OutputChannel.STDOUT, "a");
        assertThat(next()).contains("0a");
        write(OutputChannel.STDOUT, "b");
        assertThat(next()).isEmpty();
        assertThat(sender.nextMillis(WINDOW_BYTES)).isEqualTo(now + OutputSender.PACE_MILLIS);
        write(OutputChannel.STDOUT, "cde");
        assertThat(next()).contains("1bcde");
        write(OutputChannel.STDERR, "x");
        assertThat(next()).isEmpty();
        now += OutputSender.PACE_MILLIS;
        assertThat(next()).contains("!0x");
    }

    @Test
    void noMoreIsSentThanTheWindowHolds() {
        write(OutputChannel.STDOUT, "0123456789abcdef");

        assertThat(next()).contains("00123");
        assertThat(next()).contains("44567");
        now += OutputSender.PACE_MILLIS;
        assertThat(next()).contains("889");
        assertThat(next()).isEmpty();
        assertThat(sender.nextMillis(WINDOW_BYTES)).isEqualTo(now - OutputSender.PACE_MILLIS + 3_000);

        acknowledge(OutputChannel.STDOUT, 4);
        assertThat(next()).contains("10abcd");
    }

    @Test
    void whatIsNotAcknowledgedIsSentAgainEverMoreRarely() {
        write(OutputChannel.STDOUT, "abcd");
        assertThat(next()).contains("0abcd");
        for (long patience : new long[] {3_000, 6_000, 6_000, 6_000}) {
            now += patience - 1;
            assertThat(next()).isEmpty();
            now += 1;
            assertThat(next()).contains("0abcd");
        }

        acknowledge(OutputChannel.STDOUT, 4);

        now += OutputSender.LONGEST_PATIENCE.toMillis();
        assertThat(next()).isEmpty();
        assertThat(sender.nextMillis(WINDOW_BYTES)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void serverThatDoesNotStoreIsAskedWithLittleAndGetsTheRestAtOnceWhenItDoes() {
        int part = 10 * OutputSender.PROBE_BYTES;
        int window = 4 * part;
        write(OutputChannel.STDOUT, "x".repeat(window));
        for (int i = 0; i < 4; i++) {
            assertThat(sentBytes(part, window)).isEqualTo(part);
        }

        // when nothing is acknowledged
        for (int i = 0; i < 20; i++) {
            now += OutputSender.LONGEST_PATIENCE.toMillis();
            assertThat(sender.nextMillis(window)).isLessThanOrEqualTo(now);
            assertThat(sentBytes(part, window)).isEqualTo(OutputSender.PROBE_BYTES);
            assertThat(sentBytes(part, window)).isZero();
            assertThat(sender.nextMillis(window)).isGreaterThan(now);
        }

        // then
        acknowledge(OutputChannel.STDOUT, OutputSender.PROBE_BYTES);
        assertThat(sentBytes(part, window)).isEqualTo(part);
        assertThat(sentBytes(part, window)).isEqualTo(part);
    }

    private int sentBytes(int partBytes, int windowBytes) {
        Optional<OutputSender.Part> next = sender.next(partBytes, windowBytes, now);
        next.ifPresent(part -> sender.sent(part, now));
        return next.map(part -> part.data().length).orElse(0);
    }

    @Test
    void newConnectionBeginsAfterWhatIsAcknowledged() {
        write(OutputChannel.STDOUT, "0123456789");
        next();
        next();
        acknowledge(OutputChannel.STDOUT, 4);

        sender.sendAgain();

        assertThat(next()).contains("44567");
    }

    @Test
    void serverThatHasMoreThanItSaidIsBelieved() {
        write(OutputChannel.STDOUT, "0123456789");
        next();
        sender.sendAgain();

        acknowledge(OutputChannel.STDOUT, 4);

        assertThat(next()).contains("44567");
    }

    @Test
    void outputIsDoneWhenAllOfItIsAcknowledgedAndNoMoreComes() {
        write(OutputChannel.STDOUT, "abcd");
        write(OutputChannel.STDERR, "x");
        next();
        now += OutputSender.PACE_MILLIS;
        next();
        acknowledge(OutputChannel.STDOUT, 4);
        acknowledge(OutputChannel.STDERR, 1);
        assertThat(sender.isDone()).isFalse();

        Spools.seal(spool);

        assertThat(sender.isDone()).isTrue();
    }

    @Test
    void outputThatTheServerDoesNotWantIsNotSentAndNotWaitedFor() {
        write(OutputChannel.STDOUT, "0123456789");
        next();

        sender.acknowledged(OutputChannel.STDOUT, 0, false, now);

        assertThat(next()).isEmpty();
        Spools.seal(spool);
        assertThat(sender.isDone()).isTrue();
    }

    @Test
    void restIsSentAtOnceWhenTheCommandHasEnded() {
        write(OutputChannel.STDOUT, "a");
        next();
        write(OutputChannel.STDOUT, "b");

        Spools.seal(spool);

        assertThat(next()).contains("1b");
    }

    @ParameterizedTest
    @CsvSource({"1024, 256", "2048, 256", "10240, 6144", "65536, 32768", "104857600, 32768"})
    void partsFitIntoAMessage(int maxBodySize, int expected) {
        assertThat(OutputSender.partBytes(maxBodySize)).isEqualTo(expected);
    }

    @Property
    void encodedPartLeavesRoomForTheEnvelope(@ForAll @IntRange(min = 1_024, max = 1_000_000) int maxBodySize) {
        int encoded = (OutputSender.partBytes(maxBodySize) + 2) / 3 * 4;

        assertThat(encoded).isLessThanOrEqualTo(maxBodySize - 680);
    }
}
