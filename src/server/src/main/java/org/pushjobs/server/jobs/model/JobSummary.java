package org.pushjobs.server.jobs.model;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.message.JobSpec;

/**
 * A job without its nodes and without the text of its file, as a list shows it.
 *
 * @param requestor who asked for it; for a job of the original server its {@code last_updated_by}
 * @param spec its {@code file} is always empty, see {@code fileSpecified}
 * @param runTimeoutSeconds empty for very old jobs
 */
public record JobSummary(
        String id,
        String requestor,
        JobSpec spec,
        boolean fileSpecified,
        JobStatus status,
        Optional<Integer> runTimeoutSeconds,
        Instant createdAt,
        Instant updatedAt) {
    public JobSummary {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(requestor, "requestor");
        Objects.requireNonNull(spec, "spec");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(runTimeoutSeconds, "runTimeoutSeconds");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(updatedAt, "updatedAt");
    }
}
