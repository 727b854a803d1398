package org.pushjobs.server.nodes;

import java.util.Objects;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time by which nodes are judged: it goes on only while what they send is read without delay. It stands still while the
 * process or its machine does, and while an event loop has so much to read that it does not come round to the rest: what it
 * has not read yet may be the heartbeat that is missed. Milliseconds since its begin. Not thread-safe.
 */
final class ListeningTime {
    /** How often {@link #look} is to be called, and how often each event loop is to note that it has come round. */
    static final long LOOK_MILLIS = 100;

    /** An event loop that has not come round for longer is late. */
    static final long LATE_MILLIS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(ListeningTime.class);

    private final LongSupplier monotonicMillis;
    private final LongSupplier cameRoundMillis;
    private final long loggedFromMillis;
    private long lastMillis;
    private long listened;
    private long missed;
    private long missedAtLastLook;
    private long missedBeforeGap;

    /**
     * @param monotonicMillis a clock that only goes forward
     * @param cameRoundMillis when, by that clock, the event loop that is behind most last came round
     * @param loggedFromMillis a gap this long is a warning
     */
    ListeningTime(LongSupplier monotonicMillis, LongSupplier cameRoundMillis, long loggedFromMillis) {
        this.monotonicMillis = Objects.requireNonNull(monotonicMillis, "monotonicMillis");
        this.cameRoundMillis = Objects.requireNonNull(cameRoundMillis, "cameRoundMillis");
        this.loggedFromMillis = loggedFromMillis;
        this.lastMillis = monotonicMillis.getAsLong();
    }

    /** Now. */
    long millis() {
        long now = monotonicMillis.getAsLong();
        long onTime = cameRoundMillis.getAsLong() + LATE_MILLIS - lastMillis;
        long passed = now - lastMillis;
        long heard = Math.clamp(passed, 0, Math.clamp(onTime, 0, LATE_MILLIS));
        listened += heard;
        missed += passed - heard;
        lastMillis = now;
        return listened;
    }

    /** To be called every {@value #LOOK_MILLIS} ms, so that a longer time without it is a pause of the process. */
    void look() {
        millis();
        boolean goesOn = missed > missedAtLastLook;
        missedAtLastLook = missed;
        if (goesOn) {
            return;
        }
        long gap = missed - missedBeforeGap;
        missedBeforeGap = missed;
        if (gap >= loggedFromMillis) {
            LOG.warn("the server did not listen for a while, its nodes are given as much more time [for: {} ms]", gap);
        }
    }
}
