package org.pushjobs.server.jobs;

import java.time.Duration;

/**
 * How far storing lags behind what happens. Written by the coordinator's event loop, readable from any thread.
 */
final class StoreBacklog {
    private volatile int waiting;
    private volatile int saving;
    private volatile long waitingSinceNanos;
    private volatile long savingSinceNanos;

    /** So many jobs have something to store. */
    void waiting(int jobs) {
        if (waiting == 0 && jobs > 0) {
            waitingSinceNanos = System.nanoTime();
        }
        waiting = jobs;
    }

    /** All that waited is being stored. */
    void saving() {
        savingSinceNanos = waitingSinceNanos;
        saving = waiting;
        waiting = 0;
    }

    /** What was being stored is. */
    void saved() {
        saving = 0;
    }

    int jobs() {
        return waiting + saving;
    }

    /** Age of the oldest change that is not stored. */
    Duration lag() {
        if (jobs() == 0) {
            return Duration.ZERO;
        }
        long since = saving > 0 ? savingSinceNanos : waitingSinceNanos;
        return Duration.ofNanos(System.nanoTime() - since);
    }
}
