package org.pushjobs.server.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.message.Output;

/**
 * What changed in one job since it was last stored. Only the newest status of a node is kept: what a node was in between
 * is in the events.
 *
 * @param jobId the job
 * @param orgGuid its organisation
 * @param status the job's new status, empty when it stays
 * @param nodes the new status of each node that changed
 * @param outputs captured output by node
 * @param events in order, their sequence numbers rising
 * @param at when
 */
public record JobChanges(
        String jobId,
        String orgGuid,
        Optional<JobStatus> status,
        Map<String, NodeChange> nodes,
        Map<String, Output> outputs,
        List<EventRow> events,
        Instant at) {
    public JobChanges {
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(orgGuid, "orgGuid");
        Objects.requireNonNull(status, "status");
        nodes = Map.copyOf(nodes);
        outputs = Map.copyOf(outputs);
        events = List.copyOf(events);
        Objects.requireNonNull(at, "at");
    }

    /**
     * A node's new status.
     *
     * @param reason why, for people; empty where the status says it all
     */
    public record NodeChange(NodeStatus status, Optional<String> reason) {
        public NodeChange {
            Objects.requireNonNull(status, "status");
            Objects.requireNonNull(reason, "reason");
        }
    }
}
