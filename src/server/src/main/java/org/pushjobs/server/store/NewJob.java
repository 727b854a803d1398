package org.pushjobs.server.store;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.pushjobs.protocol.message.JobSpec;

/**
 * A job to be stored for the first time, status {@link JobStatus#VOTING}, its nodes {@link NodeStatus#NEW}.
 *
 * @param id 32 lower-case hex digits
 * @param orgGuid the organisation it belongs to
 * @param requestor name of the user or client that asked for it
 * @param nodes names, each once, at least one
 * @param quorum how many nodes must be ready; may exceed the number of nodes
 * @param runTimeoutSeconds how long the nodes may run
 */
public record NewJob(
        String id,
        String orgGuid,
        String requestor,
        JobSpec spec,
        List<String> nodes,
        int quorum,
        int runTimeoutSeconds,
        Instant createdAt) {
    public NewJob {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(orgGuid, "orgGuid");
        Objects.requireNonNull(requestor, "requestor");
        Objects.requireNonNull(spec, "spec");
        nodes = List.copyOf(nodes);
        Objects.requireNonNull(createdAt, "createdAt");
    }
}
