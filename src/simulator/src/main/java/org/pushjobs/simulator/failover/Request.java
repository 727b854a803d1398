package org.pushjobs.simulator.failover;

import java.util.Objects;
import java.util.Optional;

/**
 * A request that was made through the frontend, and what the one who made it knows of it.
 *
 * @param number tells requests for jobs apart; it is in the job's command
 * @param sentMillis since 1970
 * @param doneMillis when the answer was there, or was not waited for any more
 * @param jobId of the job that was made, or read
 */
record Request(int number, long sentMillis, long doneMillis, Outcome outcome, Optional<String> jobId) {
    enum Outcome {
        /** As wanted. */
        DONE,
        /** The server said that nothing was done. */
        REFUSED,
        /** No answer, or the frontend's that it has none: anything may have been done. */
        UNKNOWN
    }

    Request {
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(jobId, "jobId");
    }
}
