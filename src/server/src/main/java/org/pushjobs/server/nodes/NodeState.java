package org.pushjobs.server.nodes;

import java.time.Instant;
import java.util.Objects;
import org.pushjobs.protocol.NodeRef;

/**
 * What the server knows of a node that has a session.
 *
 * @param available whether it can take part in a job; a node in rehab cannot
 * @param updatedAt when that last changed
 */
public record NodeState(NodeRef node, boolean available, Instant updatedAt) {
    public NodeState {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(updatedAt, "updatedAt");
    }
}
