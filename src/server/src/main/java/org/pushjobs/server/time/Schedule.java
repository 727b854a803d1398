package org.pushjobs.server.time;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Turns and timers of the event loop that its user belongs to. Time is monotonic. */
public interface Schedule {
    /** In a later turn of the loop. */
    void soon(Runnable action);

    /** @return takes the action back, if it has not been done */
    Runnable after(long millis, Runnable action);

    long nanos();

    /** As {@link #nanos}, in milliseconds. */
    default long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos());
    }

    /**
     * Does something again and again, for the first time after the given time.
     *
     * @return ends it
     */
    default Runnable every(long millis, Runnable action) {
        Periodic periodic = new Periodic(this, millis, action);
        periodic.next();
        return periodic::end;
    }

    /** The same future, but failed with a {@link TimeoutException} when it takes longer. */
    default <T> Future<T> within(long millis, Future<T> future) {
        Promise<T> inTime = Promise.promise();
        Runnable cancel = after(
                Math.max(1, millis), () -> inTime.tryFail(new TimeoutException("no answer within " + millis + " ms")));
        future.onComplete(result -> {
            cancel.run();
            if (result.succeeded()) {
                inTime.tryComplete(result.result());
            } else {
                inTime.tryFail(result.cause());
            }
        });
        return inTime.future();
    }

    /** How long until then, in milliseconds; negative when it is over. */
    default long millisUntil(long deadlineNanos) {
        return TimeUnit.NANOSECONDS.toMillis(deadlineNanos - nanos());
    }

    /** Of the context that calls it. */
    static Schedule of(Vertx vertx) {
        return new Schedule() {
            @Override
            public void soon(Runnable action) {
                vertx.runOnContext(_ -> action.run());
            }

            @Override
            public Runnable after(long millis, Runnable action) {
                long timer = vertx.setTimer(Math.max(1, millis), _ -> action.run());
                return () -> vertx.cancelTimer(timer);
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        };
    }
}
