package org.pushjobs.server.gateway;

import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentMessage;

/** Gets what agents send, checked; called on the context that opened the command port. */
public interface AgentListener {
    /** @param message authentic, recent and from this node */
    void received(NodeRef node, Route route, AgentMessage message);

    /** @param message authentic and from this node, but of another time: it shows that its agent lives, and nothing else */
    void alive(NodeRef node, Route route, AgentMessage message);
}
