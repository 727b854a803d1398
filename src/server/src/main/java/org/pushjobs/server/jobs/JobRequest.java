package org.pushjobs.server.jobs;

import java.util.List;
import java.util.Objects;
import org.pushjobs.protocol.message.JobSpec;

/**
 * A job that someone entitled to it asks for.
 *
 * @param orgGuid the organisation
 * @param requestor name of the user or client
 * @param nodes names, each once, at least one
 * @param quorum how many nodes must be ready; may exceed the number of nodes
 * @param runTimeoutSeconds how long the nodes may run
 */
public record JobRequest(
        String orgGuid, String requestor, JobSpec spec, List<String> nodes, int quorum, int runTimeoutSeconds) {
    public JobRequest {
        Objects.requireNonNull(orgGuid, "orgGuid");
        Objects.requireNonNull(requestor, "requestor");
        Objects.requireNonNull(spec, "spec");
        nodes = List.copyOf(nodes);
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("a job needs at least one node");
        }
    }
}
