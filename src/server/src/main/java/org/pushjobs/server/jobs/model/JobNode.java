package org.pushjobs.server.jobs.model;

import java.util.Objects;
import java.util.Optional;

/**
 * A node's part in a job.
 *
 * @param name the node's
 * @param reason why it has its status, for people; empty where the status says it all
 * @param reasonCode why it refused the job, for programs
 * @param end how its command ended
 * @param tailBytes how much is stored of the end of what its failed command wrote, where that was not captured
 */
public record JobNode(
        String name,
        NodeStatus status,
        Optional<String> reason,
        Optional<String> reasonCode,
        NodeTimes times,
        Optional<CommandEnd> end,
        OutputState output,
        int tailBytes) {
    public JobNode {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(times, "times");
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(reasonCode, "reasonCode");
        Objects.requireNonNull(end, "end");
    }

    /** A node whose agent speaks protocol 2.0. */
    public JobNode(String name, NodeStatus status, Optional<String> reason, NodeTimes times, OutputState output) {
        this(name, status, reason, Optional.empty(), times, Optional.empty(), output, 0);
    }
}
