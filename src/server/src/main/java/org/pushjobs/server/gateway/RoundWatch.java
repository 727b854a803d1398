package org.pushjobs.server.gateway;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When an event loop last came round to its timers: one that has much to read comes to them late, and what arrives meanwhile
 * waits as long. {@link #cameRoundMillis} is for any thread, all else for that of the loop.
 */
public final class RoundWatch {
    private static final int PERIODS_IN_AN_INTERVAL = 10;
    private static final long SHORTEST_PERIOD_MILLIS = 20;
    private static final long LONGEST_PERIOD_MILLIS = 100;

    private final Vertx vertx;
    private final long timer;
    private volatile long cameRoundMillis = now();

    /** To be called on the event loop. */
    RoundWatch(Vertx vertx, Duration heartbeatInterval) {
        this.vertx = vertx;
        this.timer = vertx.setPeriodic(periodMillis(heartbeatInterval), _ -> cameRoundMillis = now());
    }

    /** How often an event loop notes that it has come round, where nodes are judged by such an interval of heartbeats. */
    public static long periodMillis(Duration heartbeatInterval) {
        return Math.clamp(
                heartbeatInterval.toMillis() / PERIODS_IN_AN_INTERVAL, SHORTEST_PERIOD_MILLIS, LONGEST_PERIOD_MILLIS);
    }

    /** Milliseconds of {@link System#nanoTime}, as of one period ago while the loop is on time. */
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
