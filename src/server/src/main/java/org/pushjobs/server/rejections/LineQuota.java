package org.pushjobs.server.rejections;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Optional;

/**
 * Which of many like events get a line in the log: of each cause and peer one in an interval, which also says how many had
 * none since the one before. Cause and peer are remembered for a bounded number of pairs; while all of these are younger than
 * the interval, as in a flood under invented names, further pairs share one line per interval. So there are never more lines in
 * an interval than pairs plus one. Usable from any thread.
 *
 * @param <C> cause, of few values or cut to a bounded length
 */
public final class LineQuota<C> {
    private static final int DEFAULT_MAX_PAIRS = 1000;
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(60);
    private static final int MAX_PEER_CHARACTERS = 200;

    private final Clock clock;
    private final Duration interval;
    private final int maxPairs;

    /** The latest line of each pair, oldest line first. */
    private final LinkedHashMap<Pair<C>, Line> lines = new LinkedHashMap<>();

    /** The latest line about pairs that have none of their own. */
    private Optional<Line> shared = Optional.empty();

    private record Pair<C>(C cause, String peer) {}

    /** A line that was written. */
    private static final class Line {
        private final Instant at;
        private long suppressed;

        Line(Instant at) {
            this.at = at;
        }
    }

    /** What becomes of an event. */
    public sealed interface Verdict {
        /**
         * It gets a line of its own.
         *
         * @param peer fit for the log
         * @param suppressed how many like it got none since the last line; empty when there were none
         */
        record Own(String peer, Optional<String> suppressed) implements Verdict {}

        /**
         * It gets a line that stands for all pairs that are not remembered.
         *
         * @param peer fit for the log
         * @param pairs how many are
         * @param suppressed as above
         */
        record Shared(String peer, int pairs, Optional<String> suppressed) implements Verdict {}

        /** It gets none. */
        record Suppressed() implements Verdict {}
    }

    /** Remembers {@value #DEFAULT_MAX_PAIRS} pairs for a minute. */
    public LineQuota(Clock clock) {
        this(clock, DEFAULT_INTERVAL, DEFAULT_MAX_PAIRS);
    }

    LineQuota(Clock clock, Duration interval, int maxPairs) {
        this.clock = Objects.requireNonNull(clock, "clock");
        this.interval = Objects.requireNonNull(interval, "interval");
        this.maxPairs = maxPairs;
    }

    /** @param peer who it is about, as far as it is known; may be made up by him */
    public synchronized Verdict about(C cause, String peer) {
        Instant now = clock.instant();
        Pair<C> pair = new Pair<>(cause, printable(peer, MAX_PEER_CHARACTERS));
        Line last = lines.get(pair);
        if (last != null && isFresh(last, now)) {
            last.suppressed++;
            return new Verdict.Suppressed();
        }
        if (last == null && lines.size() >= maxPairs) {
            if (isFresh(lines.firstEntry().getValue(), now)) {
                return ofManyPeers(pair, now);
            }
            lines.pollFirstEntry();
        }
        lines.putLast(pair, new Line(now));
        return new Verdict.Own(pair.peer(), Optional.ofNullable(last).flatMap(line -> suppressedSince(line, now)));
    }

    private Verdict ofManyPeers(Pair<C> pair, Instant now) {
        Optional<Line> last = shared;
        if (last.isPresent() && isFresh(last.get(), now)) {
            last.get().suppressed++;
            return new Verdict.Suppressed();
        }
        shared = Optional.of(new Line(now));
        return new Verdict.Shared(pair.peer(), maxPairs, last.flatMap(line -> suppressedSince(line, now)));
    }

    /** A clock that was set back makes no line fresh. */
    private boolean isFresh(Line line, Instant now) {
        return !now.isBefore(line.at) && now.isBefore(line.at.plus(interval));
    }

    private static Optional<String> suppressedSince(Line last, Instant now) {
        return last.suppressed == 0
                ? Optional.empty()
                : Optional.of(last.suppressed + " in the last "
                        + Duration.between(last.at, now).abs().toSeconds() + " s");
    }

    /** The text on one line, cut. */
    public static String printable(String text, int maxCharacters) {
        String cut = text.length() <= maxCharacters ? text : text.substring(0, maxCharacters) + "…";
        return cut.replaceAll("\\p{C}", "?");
    }
}
