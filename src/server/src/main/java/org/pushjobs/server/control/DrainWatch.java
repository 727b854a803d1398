package org.pushjobs.server.control;

import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Waits until all agents of a server that is being drained have gone, and says now and then how many have not. Blocking. */
final class DrainWatch {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Between two lines. */
    private static final Duration NEWS = Duration.ofSeconds(5);

    private final Supplier<OptionalInt> left;
    private final Consumer<String> out;
    private final Duration atMost;

    /** Why it ended. */
    enum End {
        ALL_GONE,
        TIME_OVER,
        NOT_DRAINED
    }

    /**
     * @param left how many agents have yet to go; empty when the server is not being drained
     * @param out gets lines for people
     * @param atMost 1 s to a day
     */
    DrainWatch(Supplier<OptionalInt> left, Consumer<String> out, Duration atMost) {
        this.left = Objects.requireNonNull(left, "left");
        this.out = Objects.requireNonNull(out, "out");
        this.atMost = Objects.requireNonNull(atMost, "atMost");
        if (atMost.compareTo(SHORTEST) < 0 || atMost.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("seconds to wait are from " + SHORTEST.toSeconds() + " to "
                    + LONGEST.toSeconds() + ", not " + atMost.toSeconds());
        }
    }

    End await() throws InterruptedException {
        long start = System.nanoTime();
        long saidNanos = start;
        while (true) {
            OptionalInt now = left.get();
            if (now.isEmpty()) {
                out.accept("this server is not being drained any more");
                return End.NOT_DRAINED;
            }
            if (now.getAsInt() == 0) {
                out.accept("no agent is left that has to go");
                return End.ALL_GONE;
            }
            if (isPast(start, atMost)) {
                out.accept("after " + atMost.toSeconds() + " s agents that have yet to go: " + now.getAsInt()
                        + "; they are served and the drain goes on");
                return End.TIME_OVER;
            }
            if (isPast(saidNanos, NEWS)) {
                out.accept("agents that have yet to go: " + now.getAsInt());
                saidNanos = System.nanoTime();
            }
            Thread.sleep(PAUSE);
        }
    }

    private static boolean isPast(long sinceNanos, Duration time) {
        return System.nanoTime() - sinceNanos >= time.toNanos();
    }
}
