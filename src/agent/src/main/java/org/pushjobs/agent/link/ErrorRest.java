package org.pushjobs.agent.link;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the agent does about an error that nobody has foreseen: it says so, leaves everything alone for a moment, so that an
 * error that comes again and again does not keep the machine busy, and goes on. Times are milliseconds of one monotonic
 * clock. Not thread-safe.
 */
final class ErrorRest {
    static final Duration FIRST = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ErrorRest.class);

    private final Backoff pauses;
    private long untilMillis;
    private boolean resting;

    ErrorRest(RandomGenerator random) {
        this.pauses = new Backoff(FIRST, LONGEST, random);
    }

    void after(Throwable error, long nowMillis) {
        if (nowMillis - untilMillis > LONGEST.toMillis()) {
            pauses.reset();
        }
        long pause = pauses.nextMillis();
        untilMillis = nowMillis + pause;
        resting = true;
        LOG.error("an unforeseen error, the agent goes on [in: {} ms]", pause, error);
    }

    /** How much of the rest is left, 0 when there is none. */
    long leftMillis(long nowMillis) {
        return resting ? Math.max(0, untilMillis - nowMillis) : 0;
    }

    /** Whether a rest is over since this was last asked. */
    boolean isOver(long nowMillis) {
        boolean over = resting && nowMillis >= untilMillis;
        resting &= !over;
        return over;
    }
}
