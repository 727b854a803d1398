package org.pushjobs.server.nodes;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.pushjobs.protocol.NodeRef;

/** Asks the node sessions what they know; usable from any verticle. */
public interface NodeStates {
    /** The nodes of an organisation that have a session, in no particular order. */
    Future<List<NodeState>> list(String orgGuid);

    /** Empty when the node has no session. */
    Future<Optional<NodeState>> find(NodeRef node);

    /** All that is known of a node, also when that is nothing. */
    Future<NodeDetail> detail(NodeRef node);

    /**
     * All that is known of every node of an organisation that has a session, had one since this server started, or ever
     * fetched its configuration; in no particular order.
     */
    Future<List<NodeDetail>> details(String orgGuid);

    /** How many sessions there are in all organisations. */
    Future<Integer> count();
}
