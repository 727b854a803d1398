package org.pushjobs.server.gateway;

import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentMessage;

/** Gets what agents send, checked. */
@FunctionalInterface
public interface AgentListener {
    /** @param message authentic, recent and from this node; called on the context that opened the command port */
    void received(NodeRef node, Route route, AgentMessage message);
}
