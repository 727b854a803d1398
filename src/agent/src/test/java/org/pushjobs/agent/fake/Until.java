package org.pushjobs.agent.fake;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions with a deadline. */
public final class Until {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    private Until() {}

    /** @throws AssertionError when the condition does not come true in time */
    public static void isTrue(String what, BooleanSupplier condition) {
        isTrue(() -> what, condition);
    }

    /**
     * @param what asked for when the time is over
     * @throws AssertionError when the condition does not come true in time
     */
    public static void isTrue(Supplier<String> what, BooleanSupplier condition) {
        if (!within(DEADLINE, condition)) {
            throw new AssertionError("not within " + DEADLINE.toSeconds() + " s: " + what.get());
        }
    }

    /** Whether the condition comes true in time. */
    public static boolean within(Duration time, BooleanSupplier condition) {
        long deadline = System.nanoTime() + time.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        return true;
    }
}
