package org.pushjobs.server.jobs.lease;

import java.util.Objects;

/** Whether this process runs the jobs, or could. */
public sealed interface LeaseState {
    /**
     * It does.
     *
     * @param renewedNanos when the last renewal was sent that was answered, by the keeper's schedule
     * @param untilNanos when the term is over unless it is renewed again
     */
    record Held(long epoch, long renewedNanos, long untilNanos) implements LeaseState {}

    /**
     * Another one does, and this one could take over.
     *
     * @param holder for people
     */
    record Elsewhere(String holder, long epoch) implements LeaseState {
        public Elsewhere {
            Objects.requireNonNull(holder, "holder");
        }
    }

    /**
     * Nobody is known to, and this one cannot now.
     *
     * @param why for people
     */
    record Unable(String why) implements LeaseState {
        public Unable {
            Objects.requireNonNull(why, "why");
        }
    }
}
