package org.pushjobs.server.gateway;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/**
 * When an event loop last came round to its timers: one that has much to read comes to them late, and what arrives meanwhile
 * waits as long. {@link #cameRoundMillis} is for any thread, all else for that of the loop.
 */
final class RoundWatch {
    private static final long PERIOD_MILLIS = 20;

    private final Vertx vertx;
    private final long timer;
    private volatile long cameRoundMillis = now();

    /** To be called on the event loop. */
    RoundWatch(Vertx vertx) {
        this.vertx = vertx;
        this.timer = vertx.setPeriodic(PERIOD_MILLIS, _ -> cameRoundMillis = now());
    }

    /** Milliseconds of {@link System#nanoTime}, as of {@value #PERIOD_MILLIS} ms ago at most while the loop is on time. */
    long cameRoundMillis() {
        return cameRoundMillis;
    }

    void stop() {
        vertx.cancelTimer(timer);
    }

    static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
