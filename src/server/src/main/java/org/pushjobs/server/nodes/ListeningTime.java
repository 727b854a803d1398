package org.pushjobs.server.nodes;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time by which nodes are judged: it goes on only while what they send is read without delay. It stands still while the
 * process or its machine does, and while an event loop has so much to read that it does not come round to the rest: what it
 * has not read yet may be the heartbeat that is missed. Milliseconds since it {@linkplain #begin begins}. Not thread-safe.
 */
final class ListeningTime {
    /** When an event loop that does not listen came round. */
    static final long NEVER = Long.MIN_VALUE / 2;

    /** An event loop that has not come round for half an interval of heartbeats is late, and at the latest after this time. */
    static final long LATE_MILLIS = 500;

    private static final long SHORTEST_LATE_MILLIS = 50;
    private static final long LOGGED_EVERY_MILLIS = TimeUnit.SECONDS.toMillis(10);
    private static final Logger LOG = LoggerFactory.getLogger(ListeningTime.class);

    private final LongSupplier monotonicMillis;
    private final LongSupplier cameRoundMillis;
    private long intervalMillis = 2 * LATE_MILLIS;
    private long lastMillis;
    private long listened;
    private long missed;
    private long missedAtLastLook;
    private long missedAtLastLine;
    private long lastLineMillis;

    /**
     * @param monotonicMillis a clock that only goes forward
     * @param cameRoundMillis when, by that clock, the event loop that is behind most last came round
     */
    ListeningTime(LongSupplier monotonicMillis, LongSupplier cameRoundMillis) {
        this.monotonicMillis = Objects.requireNonNull(monotonicMillis, "monotonicMillis");
        this.cameRoundMillis = Objects.requireNonNull(cameRoundMillis, "cameRoundMillis");
        this.lastMillis = monotonicMillis.getAsLong();
    }

    /** From now on it goes on. */
    void begin() {
        lastMillis = monotonicMillis.getAsLong();
        lastLineMillis = lastMillis - LOGGED_EVERY_MILLIS;
        missed = 0;
        missedAtLastLook = 0;
        missedAtLastLine = 0;
    }

    /** @param shortestIntervalMillis of heartbeats that a node is judged by */
    void judgeBy(long shortestIntervalMillis) {
        intervalMillis = shortestIntervalMillis;
    }

    /** Now. */
    long millis() {
        long late = Math.clamp(intervalMillis / 2, SHORTEST_LATE_MILLIS, LATE_MILLIS);
        long now = monotonicMillis.getAsLong();
        long onTime = cameRoundMillis.getAsLong() + late - lastMillis;
        long passed = now - lastMillis;
        long heard = Math.clamp(passed, 0, Math.clamp(onTime, 0, late));
        listened += heard;
        missed += passed - heard;
        lastMillis = now;
        return listened;
    }

    /** To be called more often than a loop can be late, so that a longer time without it is a pause of the process. */
    void look() {
        millis();
        boolean goesOn = missed > missedAtLastLook;
        missedAtLastLook = missed;
        boolean wasLoggedJustNow = lastMillis - lastLineMillis < LOGGED_EVERY_MILLIS;
        if (goesOn && wasLoggedJustNow) {
            return;
        }
        long gap = missed - missedAtLastLine;
        if (gap >= intervalMillis) {
            LOG.warn("the server did not listen for a while, its nodes are given as much more time [for: {} ms]", gap);
            missedAtLastLine = missed;
            lastLineMillis = lastMillis;
        } else if (!goesOn) {
            missedAtLastLine = missed;
        }
    }
}
