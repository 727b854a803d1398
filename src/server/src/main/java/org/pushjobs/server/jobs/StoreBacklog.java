package org.pushjobs.server.jobs;

import java.time.Duration;
import org.pushjobs.server.time.Schedule;

/** What the {@link StoreWriter} has not stored yet. Written on its event loop, read on any thread. */
final class StoreBacklog {
    private final Schedule schedule;
    private volatile Unstored unstored = new Unstored(0, 0);

    private record Unstored(int jobs, long sinceNanos) {}

    StoreBacklog(Schedule schedule) {
        this.schedule = schedule;
    }

    /**
     * So many jobs have something to store.
     *
     * @param sinceNanos when the oldest of it came, as {@link Schedule#nanos} tells time
     */
    void is(int jobs, long sinceNanos) {
        unstored = new Unstored(jobs, sinceNanos);
    }

    int jobs() {
        return unstored.jobs();
    }

    /** Age of the oldest change that is not stored. */
    Duration lag() {
        Unstored now = unstored;
        return now.jobs() == 0 ? Duration.ZERO : Duration.ofNanos(schedule.nanos() - now.sinceNanos());
    }
}
