package org.pushjobs.server.jobs;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.pushjobs.server.time.Schedule;

/** One timer for each job; a new one takes the place of the old one. Belongs to the term's event loop. */
final class JobTimers {
    private final Schedule schedule;
    private final Map<String, Runnable> cancellations = new HashMap<>();

    JobTimers(Schedule schedule) {
        this.schedule = schedule;
    }

    void start(String jobId, Duration delay, Runnable action) {
        cancel(jobId);
        cancellations.put(jobId, schedule.after(delay.toMillis(), () -> {
            cancellations.remove(jobId);
            action.run();
        }));
    }

    void cancel(String jobId) {
        Runnable cancellation = cancellations.remove(jobId);
        if (cancellation != null) {
            cancellation.run();
        }
    }
}
