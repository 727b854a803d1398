package org.pushjobs.server.jobs;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** One timer for each job; a new one takes the place of the old one. Belongs to the coordinator's event loop. */
final class JobTimers {
    private final Vertx vertx;
    private final Map<String, Long> timers = new HashMap<>();

    JobTimers(Vertx vertx) {
        this.vertx = vertx;
    }

    void start(String jobId, Duration delay, Runnable action) {
        cancel(jobId);
        timers.put(jobId, vertx.setTimer(Math.max(1, delay.toMillis()), _ -> {
            timers.remove(jobId);
            action.run();
        }));
    }

    void cancel(String jobId) {
        Long timer = timers.remove(jobId);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }
}
