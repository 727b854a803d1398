package org.pushjobs.server.jobs.model;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Which jobs of an organisation a list shows, newest first.
 *
 * @param limit how many at most, from 1
 * @param before only what comes after this position in the list
 * @param status only jobs of this status
 * @param node only jobs in which this node has a part
 * @param command only jobs of exactly this command
 * @param since only jobs that were created at this time or later
 * @param requestor only jobs that this user or client asked for
 */
public record JobQuery(
        int limit,
        Optional<Position> before,
        Optional<JobStatus> status,
        Optional<String> node,
        Optional<String> command,
        Optional<Instant> since,
        Optional<String> requestor) {
    public JobQuery {
        if (limit < 1) {
            throw new IllegalArgumentException("a list has room for at least one job, not " + limit);
        }
        Objects.requireNonNull(before, "before");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(command, "command");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(requestor, "requestor");
    }

    /** The same with another limit. */
    public JobQuery withRoomFor(int jobs) {
        return new JobQuery(jobs, before, status, node, command, since, requestor);
    }

    /**
     * A place in the list.
     *
     * @param createdAt of the job at this place
     * @param jobId its id; empty for the place before all jobs of that moment
     */
    public record Position(Instant createdAt, String jobId) {
        public Position {
            Objects.requireNonNull(createdAt, "createdAt");
            Objects.requireNonNull(jobId, "jobId");
        }
    }
}
