package org.pushjobs.server.nodes;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.bus.WireCodec;
import org.pushjobs.server.bus.WireCodecs;
import org.pushjobs.server.facts.TermLocation;
import org.pushjobs.server.store.LastConfig;
import org.pushjobs.server.store.NodeKeyStore;

/** {@link NodeStates} as answered by the term, the gateways and, about the nodes that are away, the database. */
public final class NodeStatesOverBus implements NodeStates {
    /** What a gateway does not answer by then is missing in the answer. */
    private static final long GATEWAY_MILLIS = 2_000;

    /** A term answers out of its memory. */
    private static final long TERM_MILLIS = 5_000;

    private final Vertx vertx;
    private final TermLocation location;
    private final NodeKeyStore keys;
    private final CurrentConfig current;

    public NodeStatesOverBus(Vertx vertx, TermLocation location, NodeKeyStore keys, CurrentConfig current) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.location = Objects.requireNonNull(location, "location");
        this.keys = Objects.requireNonNull(keys, "keys");
        this.current = Objects.requireNonNull(current, "current");
    }

    /** Where a term answers each {@link NodeQuery}. */
    public static String questionsOf(long epoch) {
        return "pushjobs.term." + epoch + ".nodes";
    }

    @Override
    public Future<List<NodeState>> list(String orgGuid) {
        return ask(new NodeQuery.OfOrganisation(orgGuid), NodeCodecs.STATES);
    }

    @Override
    public Future<Optional<NodeState>> find(NodeRef node) {
        return ask(new NodeQuery.OfNode(node), NodeCodecs.STATES)
                .map(found -> found.stream().findFirst());
    }

    @Override
    public Future<Integer> count() {
        return ask(new NodeQuery.Count(), WireCodecs.NUMBER);
    }

    @Override
    public Future<Gathered<NodeDetail>> detail(NodeRef node) {
        return keys.lastConfig(node)
                .compose(fetch -> ask(new NodeQuery.GatewaysOf(node), WireCodecs.TEXTS)
                        .compose(gateways -> gather(gateways, new NodeQuery.FactsOfNode(node)))
                        .map(gathered -> new Gathered<>(
                                detail(gathered.found().getOrDefault(node, NodeFacts.unknown(node)), fetch),
                                gathered.missing())));
    }

    @Override
    public Future<Gathered<List<NodeDetail>>> details(String orgGuid) {
        return keys.lastConfigs(orgGuid)
                .compose(fetches -> ask(new NodeQuery.Gateways(), WireCodecs.TEXTS)
                        .compose(gateways ->
                                gather(gateways, new NodeQuery.FactsOfOrganisation(orgGuid, fetches.keySet())))
                        .map(gathered ->
                                new Gathered<>(details(orgGuid, gathered.found(), fetches), gathered.missing())));
    }

    private List<NodeDetail> details(String orgGuid, Map<NodeRef, NodeFacts> known, Map<String, LastConfig> fetches) {
        fetches.keySet().stream()
                .map(name -> new NodeRef(orgGuid, name))
                .forEach(node -> known.putIfAbsent(node, NodeFacts.unknown(node)));
        return known.values().stream()
                .map(facts -> detail(
                        facts, Optional.ofNullable(fetches.get(facts.node().node()))))
                .toList();
    }

    private NodeDetail detail(NodeFacts facts, Optional<LastConfig> fetch) {
        return NodeDetail.of(facts, fetch, current.of(facts.node(), fetch.flatMap(LastConfig::told)));
    }

    /** What the gateways know together of each node. */
    private Future<Gathered<Map<NodeRef, NodeFacts>>> gather(List<String> gateways, NodeQuery.OfGateway question) {
        List<Future<Optional<List<NodeFacts>>>> answers =
                gateways.stream().map(gateway -> ask(gateway, question)).toList();
        return Future.all(answers).map(_ -> {
            Map<NodeRef, NodeFacts> known = new LinkedHashMap<>();
            answers.stream()
                    .map(Future::result)
                    .flatMap(Optional::stream)
                    .flatMap(Collection::stream)
                    .forEach(facts -> known.merge(facts.node(), facts, NodeFacts::together));
            long silent =
                    answers.stream().filter(answer -> answer.result().isEmpty()).count();
            return new Gathered<>(known, missing(silent, gateways.size()));
        });
    }

    private static Optional<String> missing(long silent, int all) {
        if (all == 0) {
            return Optional.of("no gateway has said yet what it knows");
        }
        return silent == 0 ? Optional.empty() : Optional.of(silent + " of " + all + " gateways did not answer");
    }

    /** Empty when it does not answer in time. */
    private Future<Optional<List<NodeFacts>>> ask(String gateway, NodeQuery.OfGateway question) {
        return NodeCodecs.QUERY_OF_GATEWAY
                .request(vertx, GatewayVerticle.questionsOf(gateway), question, NodeCodecs.FACTS, GATEWAY_MILLIS)
                .map(Optional::of)
                .otherwise(Optional.empty());
    }

    private <T> Future<T> ask(NodeQuery query, WireCodec<T> answers) {
        return location.current()
                .map(epoch -> NodeCodecs.QUERY
                        .request(vertx, questionsOf(epoch), query, answers, TERM_MILLIS)
                        .recover(failure -> NodeStatesOverBus.<T>unanswered(failure.getMessage())))
                .orElseGet(() -> unanswered("no coordinator is active"));
    }

    private static <T> Future<T> unanswered(String why) {
        return Future.failedFuture(
                ServerException.unavailable("it is not known which nodes there are: " + why + "; try again later"));
    }
}
