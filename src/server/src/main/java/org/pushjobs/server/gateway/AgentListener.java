package org.pushjobs.server.gateway;

import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentMessage;

/** Gets what agents send, checked, and hears of their connections. Called on the context that opened the command port. */
public interface AgentListener {
    /** @param message authentic, recent and from this node */
    void received(NodeRef node, Route route, AgentMessage message);

    /** @param message authentic and from this node, but of another time: it shows that its agent lives, and nothing else */
    void alive(NodeRef node, Route route, AgentMessage message);

    /** A connection with a key of this node alone was made and greeted; may come after what arrived over it. */
    void connected(NodeRef node, Route route);

    /**
     * A connection of this node ended, or another node has proved that it is at the other end of it. Comes after
     * {@link #connected}, and maybe after what arrived over the node's next connection.
     */
    void disconnected(NodeRef node, Route route);
}
