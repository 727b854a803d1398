package org.pushjobs.server.gateway;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.store.ToldConfig;

/** The open ports, as the sessions of the nodes use them; on one event loop, which is also that of the {@link AgentListener}. */
public interface AgentPort {
    /** Sends a command to a node; lost when its connection is gone or has turned out to be another node's. */
    void send(Recipient recipient, ServerMessage message);

    /** Sends the same command to many nodes; lost where the connection is gone or has turned out to be another node's. */
    void send(Collection<Recipient> recipients, ServerMessage message);

    /** What the node's agent was told when it connected; empty when that is not known, or the connection is gone. */
    Optional<ToldConfig> told(Recipient recipient);

    /**
     * Whether what the node has sent waits to be read, or did so within so many milliseconds, so that nothing can be concluded
     * from its silence.
     */
    boolean isHeldUp(Recipient recipient, long withinMillis);

    /**
     * The nodes that have a connection, or may have one over which nobody has spoken yet. Costs as much as there are connections.
     */
    Set<NodeRef> connectedNodes();

    /**
     * When the event loop that is behind most last came round, in milliseconds of the monotonic clock: what arrived since may
     * wait to be read.
     */
    long cameRoundMillis();

    /** The shortest heartbeat interval that an agent may live by, in milliseconds; at most the given one. */
    int shortestIntervalMillis(int atMost);

    /**
     * Forgets nodes that have not asked for their configuration for long; to be called at least once a minute.
     *
     * @param atWork nodes that ask only when their job has ended; called on the caller's thread
     */
    void forgetUnused(Predicate<NodeRef> atWork);
}
