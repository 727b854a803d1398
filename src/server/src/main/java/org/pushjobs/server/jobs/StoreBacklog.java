package org.pushjobs.server.jobs;

/** What the {@link StoreWriter} has not stored yet, for the metrics. Written on its event loop, read on any thread. */
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

    /** Age of the oldest change that is not stored, in seconds. */
    double lagSeconds() {
        Unstored now = unstored;
        return now.jobs() == 0 ? 0 : (System.nanoTime() - now.sinceNanos()) / 1e9;
    }
}
