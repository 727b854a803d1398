package org.pushjobs.simulator.failover;

import java.util.Objects;
import java.util.Optional;

/**
 * A request that was made through the frontend, and what the one who made it knows of it.
 *
 * @param number tells requests for jobs apart; it is in the job's command
 * @param sentMillis since 1970
 * @param doneMillis when the answer was there, or was not waited for any more
 * @param status of the answer, or {@link #NO_ANSWER}
 * @param jobId of the job that was made, or read
 */
record Request(int number, long sentMillis, long doneMillis, Outcome outcome, int status, Optional<String> jobId) {
    static final int NO_ANSWER = 0;

    enum Outcome {
        /** As wanted. */
        DONE,
        /** The server said that nothing was done, and when to ask again. */
        REFUSED,
        /** No answer, the frontend's that it has none, or the server's that it does not know: anything may have been done. */
        UNKNOWN,
        /** An answer that nobody should get, whatever fails. */
        UNEXPECTED
    }

    Request {
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(jobId, "jobId");
    }
}
