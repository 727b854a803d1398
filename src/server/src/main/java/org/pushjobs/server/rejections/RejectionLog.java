package org.pushjobs.server.rejections;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.codec.RejectionReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs dropped messages, once for each cause and peer in an interval and with the number left out since (wire-protocol.md,
 * "Validation order"). Cause and peer are remembered for a bounded number of pairs; while all of these are younger than the
 * interval, as in a flood under invented names, further pairs share one line per interval. So there are never more lines in
 * an interval than pairs plus one. Usable from any thread.
 */
public final class RejectionLog {
    private static final Logger LOG = LoggerFactory.getLogger(RejectionLog.class);
    private static final int DEFAULT_MAX_PAIRS = 1000;
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(60);
    private static final int MAX_PEER_CHARACTERS = 200;
    private static final int MAX_DETAIL_CHARACTERS = 500;

    private record Pair(RejectionReason reason, String peer) {}

    /** A line that was written. */
    private static final class Line {
        private final Instant at;
        private long suppressed;

        Line(Instant at) {
            this.at = at;
        }
    }

    private final Clock clock;
    private final Duration interval;
    private final int maxPairs;

    /** The latest line of each pair, oldest line first. */
    private final LinkedHashMap<Pair, Line> lines = new LinkedHashMap<>();

    /** The latest line about pairs that have none of their own. */
    private Optional<Line> shared = Optional.empty();

    /** Remembers {@value #DEFAULT_MAX_PAIRS} pairs for a minute. */
    public RejectionLog(Clock clock) {
        this(clock, DEFAULT_INTERVAL, DEFAULT_MAX_PAIRS);
    }

    RejectionLog(Clock clock, Duration interval, int maxPairs) {
        this.clock = Objects.requireNonNull(clock, "clock");
        this.interval = Objects.requireNonNull(interval, "interval");
        this.maxPairs = maxPairs;
    }

    /**
     * @param peer who sent the message as far as it is known, such as {@code acme/web-1} or an address; may come from the
     *     message itself and is cut and cleaned for the log
     * @param detail what was wrong; no secrets, no captured output
     */
    public synchronized void rejected(RejectionReason reason, String peer, String detail) {
        Instant now = clock.instant();
        Pair pair = new Pair(reason, printable(peer, MAX_PEER_CHARACTERS));
        Line last = lines.get(pair);
        if (last != null && isFresh(last, now)) {
            last.suppressed++;
            return;
        }
        if (last == null && lines.size() >= maxPairs) {
            if (isFresh(lines.firstEntry().getValue(), now)) {
                shareLine(pair, now);
                return;
            }
            lines.pollFirstEntry();
        }
        lines.putLast(pair, new Line(now));
        LOG.warn(
                "message rejected [reason: {}, peer: {}, detail: {}{}]",
                reason.label(),
                pair.peer(),
                printable(detail, MAX_DETAIL_CHARACTERS),
                last == null ? "" : suppressedSince(last, now));
    }

    private void shareLine(Pair pair, Instant now) {
        if (shared.isPresent() && isFresh(shared.get(), now)) {
            shared.get().suppressed++;
            return;
        }
        LOG.warn(
                "messages rejected from too many peers to name each [for example: {}, reason: {}, peers named: {}{}]",
                pair.peer(),
                pair.reason().label(),
                maxPairs,
                shared.map(last -> suppressedSince(last, now)).orElse(""));
        shared = Optional.of(new Line(now));
    }

    /** A clock that was set back makes no line fresh. */
    private boolean isFresh(Line line, Instant now) {
        return !now.isBefore(line.at) && now.isBefore(line.at.plus(interval));
    }

    private static String suppressedSince(Line last, Instant now) {
        if (last.suppressed == 0) {
            return "";
        }
        return ", suppressed: " + last.suppressed + " in the last "
                + Duration.between(last.at, now).abs().toSeconds() + " s";
    }

    private static String printable(String text, int maxCharacters) {
        String cut = text.length() <= maxCharacters ? text : text.substring(0, maxCharacters) + "…";
        return cut.replaceAll("\\p{C}", "?");
    }
}
