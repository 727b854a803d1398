package org.pushjobs.server.nodes;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.bus.LocalCodec;

/** {@link NodeStates} as answered by {@link NodeSessions}. */
public final class NodeStatesOverBus implements NodeStates {
    private final EventBus bus;

    public NodeStatesOverBus(EventBus bus) {
        this.bus = Objects.requireNonNull(bus, "bus");
    }

    @Override
    public Future<List<NodeState>> list(String orgGuid) {
        return ask(new NodeQuery.OfOrganisation(orgGuid));
    }

    @Override
    public Future<Optional<NodeState>> find(NodeRef node) {
        return this.<List<NodeState>>ask(new NodeQuery.OfNode(node))
                .map(found -> found.stream().findFirst());
    }

    @Override
    public Future<Integer> count() {
        return ask(new NodeQuery.Count());
    }

    private <T> Future<T> ask(NodeQuery query) {
        return bus.<T>request(NodeSessions.QUERIES, query, LocalCodec.options())
                .map(Message::body)
                .recover(failure -> Future.failedFuture(
                        ServerException.unavailable("the node sessions are not ready: " + failure.getMessage())));
    }
}
