package org.pushjobs.server.testing;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waiting in tests: for a future or a condition, never longer than a deadline. */
public final class Await {
    /** Long enough for what is not itself about time, with several other things running on the machine. */
    public static final Duration DEADLINE = Duration.ofSeconds(60);

    private static final Duration PAUSE = Duration.ofMillis(10);

    private Await() {}

    /** The future's result; throws its failure. */
    public static <T> T result(Future<T> future) {
        try {
            return future.await(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no result within " + DEADLINE, e);
        }
    }

    /** Why the future failed. */
    public static Throwable failure(Future<?> future) {
        return result(future.<Throwable>transform(result -> result.succeeded()
                ? Future.failedFuture(new AssertionError("a failure was expected"))
                : Future.succeededFuture(result.cause())));
    }

    public static void until(String what, Callable<Boolean> condition) {
        until(what, DEADLINE, condition);
    }

    public static void until(String what, Duration atMost, Callable<Boolean> condition) {
        value(what, atMost, condition, reached -> reached);
    }

    /** The first value that is as wanted; an exception of the supplier counts as not yet. */
    public static <T> T value(String what, Duration atMost, Callable<T> supplier, Predicate<T> wanted) {
        long deadline = System.nanoTime() + atMost.toNanos();
        String last = "nothing yet";
        while (System.nanoTime() < deadline) {
            try {
                T value = supplier.call();
                if (wanted.test(value)) {
                    return value;
                }
                last = String.valueOf(value);
            } catch (Exception e) {
                last = e.toString();
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        throw new AssertionError("waited " + atMost.toMillis() + " ms for " + what + ", last: " + last);
    }
}
