package org.pushjobs.server.jobs;

import java.time.Duration;

/** What the {@link StoreWriter} has not stored yet. Written on its event loop, read on any thread. */
final class StoreBacklog {
    private volatile Unstored unstored = new Unstored(0, 0);

    private record Unstored(int jobs, long sinceNanos) {}

    /**
     * So many jobs have something to store.
     *
     * @param sinceNanos {@link System#nanoTime} of the oldest of it
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
        return now.jobs() == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - now.sinceNanos());
    }
}
