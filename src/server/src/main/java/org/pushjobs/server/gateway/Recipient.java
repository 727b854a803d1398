package org.pushjobs.server.gateway;

import java.util.Objects;
import org.pushjobs.protocol.NodeRef;

/**
 * Whom a command is for, and the connection that it is to take: it goes nowhere when that connection is another node's.
 */
public record Recipient(NodeRef node, Route route) {
    public Recipient {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(route, "route");
    }
}
