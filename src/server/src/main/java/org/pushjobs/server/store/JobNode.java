package org.pushjobs.server.store;

import java.util.Objects;
import java.util.Optional;

/**
 * A node's part in a job.
 *
 * @param name the node's
 * @param reason why it has its status, for people; empty where the status says it all
 */
public record JobNode(String name, NodeStatus status, Optional<String> reason, NodeTimes times, OutputState output) {
    public JobNode {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(times, "times");
        Objects.requireNonNull(output, "output");
    }
}
