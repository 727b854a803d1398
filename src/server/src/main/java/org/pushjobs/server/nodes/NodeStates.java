package org.pushjobs.server.nodes;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.pushjobs.protocol.NodeRef;

/**
 * What is known of nodes: where they are and whether they are available, as the coordinator has it, and all else, as the gateways
 * have it. Usable from any thread. Fails with a {@link org.pushjobs.server.ServerException} of status 503 while no coordinator is
 * active.
 */
public interface NodeStates {
    /** The nodes of an organisation that have a session, in no particular order. */
    Future<List<NodeState>> list(String orgGuid);

    /** Empty when the node has no session. */
    Future<Optional<NodeState>> find(NodeRef node);

    /** All that is known of a node, also when that is nothing. */
    Future<Gathered<NodeDetail>> detail(NodeRef node);

    /**
     * All that is known of every node of an organisation that has a session, had one since its gateway started, or ever
     * fetched its configuration; in no particular order.
     */
    Future<Gathered<List<NodeDetail>>> details(String orgGuid);

    /** How many sessions there are in all organisations. */
    Future<Integer> count();
}
