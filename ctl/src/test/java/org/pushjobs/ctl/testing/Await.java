package org.pushjobs.ctl.testing;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for a condition instead of a time. */
public final class Await {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);

    private Await() {}

    /** @param what for the message when it does not come about */
    public static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited in vain for " + what);
            }
            Thread.sleep(POLL);
        }
    }
}
