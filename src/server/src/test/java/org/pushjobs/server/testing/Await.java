package org.pushjobs.server.testing;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting in tests: for a future or a condition, never longer than a deadline. */
public final class Await {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

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

    public static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + DEADLINE + ": " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }
}
