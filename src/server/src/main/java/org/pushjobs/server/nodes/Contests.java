package org.pushjobs.server.nodes;

import java.time.Clock;
import java.util.Objects;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.facts.Departure;
import org.pushjobs.server.gateway.AgentPort;
import org.pushjobs.server.gateway.Recipient;
import org.pushjobs.server.gateway.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Agents that use one node's name at once: none of them has a session until only one is left (see {@link Rivalry}). Belongs to
 * the event loop of {@link NodeSessions}.
 */
final class Contests {
    private static final Logger LOG = LoggerFactory.getLogger(Contests.class);

    private final NodeMemory memory;
    private final AgentPort port;
    private final Clock clock;

    Contests(NodeMemory memory, AgentPort port, Clock clock) {
        this.memory = Objects.requireNonNull(memory, "memory");
        this.port = Objects.requireNonNull(port, "port");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * Another agent has sent something under the name of a node that has a session.
     *
     * @return what that says of the node
     */
    Departure replaced(Node node, Route route, AgentMessage message, long nowMillis) {
        Rivalry.Rival old =
                rival(node.incarnationId(), node.client(), node.session().route());
        Rivalry.Rival successor = rival(route, message);
        if (!memory.replaced(node.ref(), old, node.lastSeenMillis(), successor, nowMillis, clock.instant())) {
            return Departure.RESTARTED;
        }
        LOG.warn(
                "two agents use one name, the node is unavailable until only one does"
                        + " [org: {}, node: {}, agents: {} and {}]",
                message.envelope().org(),
                node.ref().node(),
                old.description(),
                successor.description());
        return Departure.CONTESTED;
    }

    /** Whether a node must not have a session. */
    boolean isContested(NodeRef ref) {
        return memory.isContested(ref);
    }

    /**
     * Whether one that has sent something must not. Each agent of a contested node still gets its first answer, or it would fetch
     * its configuration over and over.
     */
    boolean isContested(NodeRef ref, Route route, AgentMessage message, long nowMillis) {
        if (!memory.isContested(ref)) {
            return false;
        }
        Rivalry.Rival rival = rival(route, message);
        memory.heard(ref, rival, nowMillis);
        if (!memory.isContested(ref)) {
            LOG.info(
                    "only one agent uses the name again [org: {}, node: {}, agent: {}]",
                    message.envelope().org(),
                    ref.node(),
                    rival.description());
            return false;
        }
        if (memory.isNewRoute(ref, rival, route)) {
            port.send(new Recipient(ref, route), new ServerMessage.Ack());
        }
        return true;
    }

    private static Rivalry.Rival rival(Route route, AgentMessage message) {
        AgentEnvelope envelope = message.envelope();
        return rival(envelope.incarnationId(), AgentContact.client(envelope), route);
    }

    private static Rivalry.Rival rival(String incarnationId, String client, Route route) {
        return new Rivalry.Rival(incarnationId, client + " (" + route.address() + ")");
    }
}
