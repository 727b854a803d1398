package org.pushjobs.agent.link;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.agent.execution.OutputSpool;
import org.pushjobs.protocol.message.OutputChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a command's output to a server of protocol 2.1, while the command runs and afterwards: in parts, of which only
 * so many bytes are on their way that the server has not acknowledged. A server that is slow, or away, slows this down and
 * nothing else; the output waits in its spool. What the server does not acknowledge in time is sent again, a little of it
 * every few seconds: that costs next to nothing, and the rest follows as soon as the server can store it. Times are
 * milliseconds of one monotonic clock. Belongs to the agent's thread.
 */
final class OutputSender {
    static final int LARGEST_PART_BYTES = 32_768;

    /** Many small parts cost more than their bytes. */
    static final long PACE_MILLIS = 100;

    static final Duration FIRST_PATIENCE = Duration.ofSeconds(3);
    static final Duration LONGEST_PATIENCE = Duration.ofSeconds(6);

    /** What is sent to find out whether the server stores output again. */
    static final int PROBE_BYTES = 256;

    private static final Logger LOG = LoggerFactory.getLogger(OutputSender.class);
    private static final int ENVELOPE_BYTES = 2_048;
    private static final int SMALLEST_PART_BYTES = 256;

    /** A part of the output that is to be sent. */
    record Part(OutputChannel channel, long offset, byte[] data) {}

    private static final class Progress {
        private long acknowledged;
        private long sent;
        private boolean unwanted;
    }

    private final String jobId;
    private final OutputSpool spool;
    private final Map<OutputChannel, Progress> channels = new EnumMap<>(OutputChannel.class);
    private boolean probing;
    private long patienceMillis = FIRST_PATIENCE.toMillis();
    private long lastSentMillis = Long.MIN_VALUE / 2;
    private long waitingSinceMillis;

    OutputSender(String jobId, OutputSpool spool) {
        this.jobId = jobId;
        this.spool = spool;
        for (OutputChannel channel : OutputChannel.values()) {
            channels.put(channel, new Progress());
        }
    }

    /** How much of output fits into a message body of that size. */
    static int partBytes(int maxBodySizeBytes) {
        return Math.clamp((maxBodySizeBytes - ENVELOPE_BYTES) / 4 * 3, SMALLEST_PART_BYTES, LARGEST_PART_BYTES);
    }

    String jobId() {
        return jobId;
    }

    /** Whether the server has all there will ever be, or all that it wants. */
    boolean isDone() {
        return spool.isSealed()
                && channels.entrySet().stream()
                        .allMatch(entry -> entry.getValue().unwanted
                                || entry.getValue().acknowledged == spool.size(entry.getKey()));
    }

    /**
     * What is to be sent now.
     *
     * @param partBytes the most that one part may have
     * @param windowBytes the most that may be unacknowledged
     */
    Optional<Part> next(int partBytes, int windowBytes, long nowMillis) {
        if (unacknowledgedBytes() > 0 && nowMillis - waitingSinceMillis >= patienceMillis) {
            LOG.debug("output is not acknowledged, it is sent again [job: {}]", jobId);
            patienceMillis = Math.min(2 * patienceMillis, LONGEST_PATIENCE.toMillis());
            forgetSent();
            probing = true;
        }
        int window = probing ? Math.min(PROBE_BYTES, windowBytes) : windowBytes;
        long room = window - unacknowledgedBytes();
        for (OutputChannel channel : OutputChannel.values()) {
            long ready = readyBytes(channel);
            if (ready > 0 && room > 0 && (probing || ready >= partBytes || isPaced(nowMillis))) {
                return read(channel, (int) Math.min(Math.min(ready, room), partBytes));
            }
        }
        return Optional.empty();
    }

    private Optional<Part> read(OutputChannel channel, int bytes) {
        Progress progress = channels.get(channel);
        try {
            return Optional.of(new Part(channel, progress.sent, spool.read(channel, progress.sent, bytes)));
        } catch (IOException e) {
            LOG.error("output cannot be read, the rest is not sent [job: {}, cause: {}]", jobId, e.toString());
            progress.unwanted = true;
            return Optional.empty();
        }
    }

    /** What waits is sent at once when the command has ended. */
    private boolean isPaced(long nowMillis) {
        return spool.isSealed() || nowMillis - lastSentMillis >= PACE_MILLIS;
    }

    /** The part that {@link #next} gave was sent. */
    void sent(Part part, long nowMillis) {
        if (unacknowledgedBytes() == 0) {
            waitingSinceMillis = nowMillis;
        }
        lastSentMillis = nowMillis;
        channels.get(part.channel()).sent = part.offset() + part.data().length;
    }

    /**
     * The server says what it has.
     *
     * @param more whether it wants the rest
     */
    void acknowledged(OutputChannel channel, long offset, boolean more, long nowMillis) {
        Progress progress = channels.get(channel);
        progress.unwanted |= !more;
        long known = Math.min(offset, spool.size(channel));
        if (known > progress.acknowledged) {
            progress.acknowledged = known;
            progress.sent = Math.max(progress.sent, known);
            patienceMillis = FIRST_PATIENCE.toMillis();
            probing = false;
            waitingSinceMillis = nowMillis;
        }
    }

    /** What is not acknowledged may be lost. */
    void sendAgain() {
        probing = false;
        forgetSent();
    }

    private void forgetSent() {
        channels.values().forEach(progress -> progress.sent = progress.acknowledged);
    }

    private long readyBytes(OutputChannel channel) {
        Progress progress = channels.get(channel);
        return progress.unwanted ? 0 : spool.size(channel) - progress.sent;
    }

    private long unacknowledgedBytes() {
        return channels.values().stream()
                .filter(progress -> !progress.unwanted)
                .mapToLong(progress -> progress.sent - progress.acknowledged)
                .sum();
    }

    /** When {@link #next} is worth asking, if nothing happens until then. */
    long nextMillis(int windowBytes) {
        long unacknowledged = unacknowledgedBytes();
        long resend = unacknowledged > 0 ? waitingSinceMillis + patienceMillis : Long.MAX_VALUE;
        return isSomethingReady() && !probing && unacknowledged < windowBytes
                ? Math.min(resend, lastSentMillis + PACE_MILLIS)
                : resend;
    }

    private boolean isSomethingReady() {
        return readyBytes(OutputChannel.STDOUT) + readyBytes(OutputChannel.STDERR) > 0;
    }

    /** Nothing of it is wanted any more. */
    void discard() {
        spool.close();
    }
}
