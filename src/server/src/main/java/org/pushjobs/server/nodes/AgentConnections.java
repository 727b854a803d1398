package org.pushjobs.server.nodes;

import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.gateway.Recipient;
import org.pushjobs.server.gateway.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Over which connection a node that has a session is reached, and what follows when it has none. Belongs to the event loop of
 * {@link NodeSessions}.
 */
final class AgentConnections {
    private static final Logger LOG = LoggerFactory.getLogger(AgentConnections.class);

    private final Nodes nodes;
    private final LostConnections<Node> lost;
    private final Silence silence;
    private final ListeningTime listening;
    private final Consequences consequences;
    private final Statements statements;

    AgentConnections(
            Nodes nodes,
            LostConnections<Node> lost,
            Silence silence,
            ListeningTime listening,
            Consequences consequences,
            Statements statements) {
        this.nodes = Objects.requireNonNull(nodes, "nodes");
        this.lost = Objects.requireNonNull(lost, "lost");
        this.silence = Objects.requireNonNull(silence, "silence");
        this.listening = Objects.requireNonNull(listening, "listening");
        this.consequences = Objects.requireNonNull(consequences, "consequences");
        this.statements = Objects.requireNonNull(statements, "statements");
    }

    /** An agent that has a new connection is reached over it, also before it speaks, if the other one has ended. */
    void connected(NodeRef ref, Route route) {
        nodes.find(ref)
                .filter(node -> route.isNewerThan(node.session().route()))
                .ifPresent(node -> {
                    if (lost.isLost(node)) {
                        moveTo(node, route);
                    } else {
                        node.nextRoute(Optional.of(route));
                    }
                });
    }

    void disconnected(NodeRef ref, Route route) {
        nodes.find(ref).ifPresent(node -> disconnected(node, route));
    }

    private void disconnected(Node node, Route route) {
        if (node.nextRoute().filter(route::equals).isPresent()) {
            node.nextRoute(Optional.empty());
        }
        if (node.session().route().equals(route)) {
            lost.lost(node, listening.millis());
            node.nextRoute().ifPresent(next -> moveTo(node, next));
        }
    }

    /** The node has sent something, before that is looked at. */
    void isHeard(Node node, Route route) {
        if (route.isNewerThan(node.session().route())) {
            silence.judge(node, new Recipient(node.ref(), route));
            if (lost.isLost(node)) {
                // before anything is stated of it
                replaced(node);
            }
        } else if (lost.isLost(node)) {
            // it has this connection, too, and the one that was thought to be its newest has ended
            moveTo(node, route);
        }
    }

    /** The node has sent something, and its session has taken it. */
    void wasHeard(Node node) {
        boolean overTaken = node.nextRoute().isPresent()
                && !node.nextRoute().get().isNewerThan(node.session().route());
        if (overTaken || lost.isLost(node)) {
            replaced(node);
        }
    }

    private void moveTo(Node node, Route route) {
        consequences.carryOut(node, node.session().moveTo(route));
        silence.judge(node, node.recipient());
        replaced(node);
    }

    private void replaced(Node node) {
        boolean wasUnavailable = lost.isUnavailable(node);
        node.nextRoute(Optional.empty());
        lost.over(node);
        if (wasUnavailable) {
            statements.availabilityChanged(node);
        }
    }

    /** To be called several times a second. */
    void check() {
        long now = listening.millis();
        for (Node node : lost.newlyUnavailable(now)) {
            LOG.info(
                    "the connection of a node ended and was not replaced, the node is unavailable for new jobs"
                            + " [org: {}, node: {}, address: {}]",
                    node.orgName(),
                    node.ref().node(),
                    node.session().route().address());
            statements.availabilityChanged(node);
        }
        lost.newlyUnreachable(now).forEach(statements::changed);
    }
}
