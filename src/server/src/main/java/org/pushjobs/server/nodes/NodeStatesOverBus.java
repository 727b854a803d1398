package org.pushjobs.server.nodes;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.bus.LocalCodec;
import org.pushjobs.server.store.NodeKeyStore;
import org.pushjobs.server.store.ToldConfig;

/** {@link NodeStates} as answered by {@link NodeSessions} and, about the nodes that are away, by the database. */
public final class NodeStatesOverBus implements NodeStates {
    private final EventBus bus;
    private final NodeKeyStore keys;
    private final Supplier<Optional<ToldConfig>> current;

    /** @param current what agents are told now; empty while the ports are not open */
    public NodeStatesOverBus(EventBus bus, NodeKeyStore keys, Supplier<Optional<ToldConfig>> current) {
        this.bus = Objects.requireNonNull(bus, "bus");
        this.keys = Objects.requireNonNull(keys, "keys");
        this.current = Objects.requireNonNull(current, "current");
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
        return keys.lastConfig(node)
                .compose(fetchedAt -> this.<NodeFacts>ask(new NodeQuery.FactsOfNode(node))
                        .map(facts -> NodeDetail.of(facts, fetchedAt, current.get())));
    }

    @Override
    public Future<List<NodeDetail>> details(String orgGuid) {
        return keys.lastConfigs(orgGuid)
                .compose(fetches -> this.<List<NodeFacts>>ask(
                                new NodeQuery.FactsOfOrganisation(orgGuid, fetches.keySet()))
                        .map(found -> found.stream()
                                .map(facts -> NodeDetail.of(
                                        facts,
                                        Optional.ofNullable(
                                                fetches.get(facts.node().node())),
                                        current.get()))
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
