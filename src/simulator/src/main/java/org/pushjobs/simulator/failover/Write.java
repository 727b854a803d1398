package org.pushjobs.simulator.failover;

import java.util.Objects;

/**
 * A change of a row about a job, as a trigger in the database has noted it in the same transaction.
 *
 * @param number rises in the order of the changes
 * @param atMillis since 1970, before the change was committed
 * @param epoch that counted then
 * @param client address of the backend that made it
 * @param kind of the row
 * @param node empty where the row is about none
 * @param before the status, or {@link #NONE} for a new row
 * @param after the status; of an event its number
 */
record Write(
        long number,
        long atMillis,
        long epoch,
        String client,
        Kind kind,
        String jobId,
        String node,
        int before,
        int after) {
    static final int NONE = -1;

    enum Kind {
        JOB,
        NODE,
        EVENT
    }

    Write {
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(node, "node");
    }
}
