package org.pushjobs.server.jobs.model;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A job as the database has it.
 *
 * @param requestor who asked for it; for a job of the original server its {@code last_updated_by}
 * @param nodes status of each node of the terms, by name
 * @param lastEventSeq the sequence number of its newest event, 0 when it has none
 * @param revision of what was written last, 0 when nothing was
 * @param abort who asked for its abort first, and when
 */
public record StoredJob(
        String id,
        String orgGuid,
        String requestor,
        JobTerms terms,
        JobStatus status,
        Instant createdAt,
        Instant updatedAt,
        Map<String, NodeStatus> nodes,
        int lastEventSeq,
        long revision,
        Optional<JobAbort> abort) {
    /**
     * More than a server writes of one job. The next life of a server goes on that much higher, so that what an earlier one
     * has under way changes nothing any more.
     */
    public static final long REVISIONS_OF_A_LIFE = 1L << 32;

    public StoredJob {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(orgGuid, "orgGuid");
        Objects.requireNonNull(requestor, "requestor");
        Objects.requireNonNull(terms, "terms");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(updatedAt, "updatedAt");
        nodes = Map.copyOf(nodes);
        Objects.requireNonNull(abort, "abort");
    }

    /** A job of which nothing was written since it was created. */
    public StoredJob(
            String id,
            String orgGuid,
            String requestor,
            JobTerms terms,
            JobStatus status,
            Instant createdAt,
            Instant updatedAt,
            Map<String, NodeStatus> nodes,
            int lastEventSeq,
            Optional<JobAbort> abort) {
        this(id, orgGuid, requestor, terms, status, createdAt, updatedAt, nodes, lastEventSeq, 0, abort);
    }
}
