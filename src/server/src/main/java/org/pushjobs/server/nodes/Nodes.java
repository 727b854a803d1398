package org.pushjobs.server.nodes;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.facts.Standing;
import org.pushjobs.server.metrics.NodeMetrics;

/**
 * The nodes that have a session here, and how they stand. Belongs to the event loop of {@link NodeSessions}, but for
 * {@link #here}.
 */
final class Nodes {
    private final Map<NodeRef, Node> nodes = new HashMap<>();
    private final Set<Node> available = new HashSet<>();
    /** Whose connection ended and was not replaced. */
    private final Set<Node> disconnected = new HashSet<>();

    private final LostConnections<Node> lost;
    private final NodeMetrics metrics;
    private volatile int here;

    Nodes(LostConnections<Node> lost, NodeMetrics metrics) {
        this.lost = Objects.requireNonNull(lost, "lost");
        this.metrics = Objects.requireNonNull(metrics, "metrics");
    }

    Optional<Node> find(NodeRef ref) {
        return Optional.ofNullable(nodes.get(ref));
    }

    boolean has(NodeRef ref) {
        return nodes.containsKey(ref);
    }

    Collection<Node> all() {
        return Collections.unmodifiableCollection(nodes.values());
    }

    void add(Node node) {
        nodes.put(node.ref(), node);
        count(node);
    }

    void remove(Node node) {
        nodes.remove(node.ref());
        available.remove(node);
        disconnected.remove(node);
        count();
    }

    Standing standing(Node node) {
        if (lost.isUnreachable(node)) {
            return Standing.UNREACHABLE;
        }
        if (node.session().state() == NodeSession.State.REHAB) {
            return Standing.REHAB;
        }
        if (node.isOfWrongTime()) {
            return Standing.WRONG_TIME;
        }
        return lost.isUnavailable(node) ? Standing.DISCONNECTED : Standing.AVAILABLE;
    }

    boolean isAvailable(Node node) {
        return standing(node) == Standing.AVAILABLE;
    }

    /** It may stand otherwise than before. */
    void count(Node node) {
        if (isAvailable(node)) {
            available.add(node);
        } else {
            available.remove(node);
        }
        if (lost.isUnavailable(node)) {
            disconnected.add(node);
        } else {
            disconnected.remove(node);
        }
        count();
    }

    private void count() {
        here = nodes.size() - disconnected.size();
        metrics.sessions(available.size(), nodes.size() - available.size());
    }

    /**
     * How many have a session and a connection, or had one within the last {@value LostConnections#UNAVAILABLE_AFTER_MILLIS} ms:
     * others may have gone to another gateway, and are counted there. To be had from any thread.
     */
    int here() {
        return here;
    }
}
