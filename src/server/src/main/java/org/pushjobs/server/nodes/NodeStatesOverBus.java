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
import org.pushjobs.server.store.NodeKeyStore;

/** {@link NodeStates} as answered by {@link NodeSessions} and, about the nodes that are away, by the database. */
public final class NodeStatesOverBus implements NodeStates {
    private final EventBus bus;
    private final NodeKeyStore keys;

    public NodeStatesOverBus(EventBus bus, NodeKeyStore keys) {
        this.bus = Objects.requireNonNull(bus, "bus");
        this.keys = Objects.requireNonNull(keys, "keys");
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
    public Future<NodeDetail> detail(NodeRef node) {
        return keys.lastFetch(node)
                .compose(fetchedAt -> this.<NodeFacts>ask(new NodeQuery.FactsOfNode(node))
                        .map(facts -> NodeDetail.of(facts, fetchedAt)));
    }

    @Override
    public Future<List<NodeDetail>> details(String orgGuid) {
        return keys.lastFetches(orgGuid)
                .compose(fetches -> this.<List<NodeFacts>>ask(
                                new NodeQuery.FactsOfOrganisation(orgGuid, fetches.keySet()))
                        .map(found -> found.stream()
                                .map(facts -> NodeDetail.of(
                                        facts,
                                        Optional.ofNullable(
                                                fetches.get(facts.node().node()))))
                                .toList()));
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
