package org.pushjobs.simulator.bench.bed;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** Waiting for something to become true, with a deadline. */
public final class Waiting {
    private static final long PAUSE_MILLIS = 20;

    private Waiting() {}

    /**
     * The first value that is as wanted.
     *
     * @param failing where an exception counts as not yet
     * @throws BenchException with the last value, when the time is over
     */
    public static <T> T value(String what, Duration atMost, Callable<T> failing, Predicate<T> wanted)
            throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        String last = "nothing yet";
        while (true) {
            try {
                T value = failing.call();
                if (wanted.test(value)) {
                    return value;
                }
                last = String.valueOf(value);
            } catch (InterruptedException | BenchException e) {
                throw e;
            } catch (Exception e) {
                last = e.toString();
            }
            if (System.nanoTime() > deadline) {
                throw new BenchException("waited " + atMost.toSeconds() + " s for " + what + ", the last was: " + last);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }
}
