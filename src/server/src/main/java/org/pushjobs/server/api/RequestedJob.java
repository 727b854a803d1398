package org.pushjobs.server.api;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.jobs.JobRequest;
import org.pushjobs.server.jobs.model.IdempotencyKey;
import org.pushjobs.server.store.AuditRow;

/** The valid body of {@code POST jobs}; who asks is not known yet. See {@link JobRequest} for the components. */
record RequestedJob(JobSpec spec, List<String> nodes, int quorum, int runTimeoutSeconds) {
    RequestedJob {
        Objects.requireNonNull(spec, "spec");
        nodes = List.copyOf(nodes);
    }

    JobRequest by(Requestor requestor, Optional<IdempotencyKey> key) {
        return new JobRequest(
                requestor.organisation().guid(),
                requestor.principal().name(),
                spec,
                nodes,
                quorum,
                runTimeoutSeconds,
                key);
    }

    /** What the audit log is to know of it. */
    AuditRow.Job audited() {
        List<String> variables = List.copyOf(spec.env().orElse(Map.of()).keySet());
        return AuditRow.Job.requested(
                spec.command(),
                nodes,
                new AuditRow.Options(
                        spec.user(),
                        spec.dir(),
                        variables.size(),
                        variables,
                        spec.file().map(JobFile::decodedLength),
                        quorum,
                        runTimeoutSeconds,
                        spec.capture()));
    }
}
