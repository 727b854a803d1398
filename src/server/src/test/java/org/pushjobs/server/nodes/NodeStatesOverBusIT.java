package org.pushjobs.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.bus.WireCodecs;
import org.pushjobs.server.facts.TermBeat;
import org.pushjobs.server.facts.TermLocation;
import org.pushjobs.server.jobs.JobCodecs;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.NodeKeyStore;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;

/** Questions about nodes to a term and several gateways, which are there only as far as they answer. */
@ExtendWith(PostgresExtension.class)
class NodeStatesOverBusIT {
    private static final long EPOCH = 7;
    private static final Instant AT = Instant.parse("2026-11-28T10:00:00Z");
    private static final NodeRef WEB_1 = new NodeRef("org", "web-1");
    private static final NodeRef WEB_2 = new NodeRef("org", "web-2");

    private final Vertx vertx = Vertx.vertx();
    private final TermLocation location = new TermLocation(System::nanoTime);
    private Database database;
    private NodeStates states;

    @BeforeEach
    void open(DatabaseConfig.External config) {
        JobCodecs.register(vertx);
        database = Database.open(vertx, config);
        Await.result(database.ready());
        states = new NodeStatesOverBus(vertx, location, new NodeKeyStore(database.pool()), (_, _) -> Optional.empty());
    }

    @AfterEach
    void close() {
        Await.result(database.close());
        Await.result(vertx.close());
    }

    /** @param having the gateways that may know of each node */
    private void term(List<String> having, String... gateways) {
        location.heard(new TermBeat(EPOCH));
        NodeCodecs.QUERY.consumer(vertx, NodeStatesOverBus.questionsOf(EPOCH), (message, question) -> {
            switch (question) {
                case NodeQuery.OfOrganisation _ ->
                    NodeCodecs.STATES.reply(message, List.of(new NodeState(WEB_1, true, AT)));
                case NodeQuery.OfNode(NodeRef node) ->
                    NodeCodecs.STATES.reply(
                            message, node.equals(WEB_1) ? List.of(new NodeState(node, true, AT)) : List.of());
                case NodeQuery.Count _ -> WireCodecs.NUMBER.reply(message, 1);
                case NodeQuery.GatewaysOf _ -> WireCodecs.TEXTS.reply(message, having);
                case NodeQuery.Gateways _ -> WireCodecs.TEXTS.reply(message, List.of(gateways));
            }
        });
    }

    private void gateway(String id, NodeFacts... facts) {
        NodeCodecs.QUERY_OF_GATEWAY.consumer(
                vertx,
                GatewayVerticle.questionsOf(id),
                (message, _) -> NodeCodecs.FACTS.reply(message, List.of(facts)));
    }

    private void silentGateway(String id) {
        vertx.eventBus().localConsumer(GatewayVerticle.questionsOf(id), _ -> {});
    }

    private static NodeFacts attached(NodeRef node) {
        return new NodeFacts(
                node,
                Optional.of(new NodeFacts.Session(true, false, Optional.empty())),
                Optional.of(new AgentContact(AT, AT, "192.0.2.1", "host", "2.1")),
                Optional.of(AT),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static List<NodeRef> online(Gathered<List<NodeDetail>> gathered) {
        return gathered.found().stream()
                .filter(NodeDetail::online)
                .map(NodeDetail::node)
                .toList();
    }

    @Test
    void whereNodesAreIsSaidByTheTermAlone() {
        term(List.of(), "a");

        assertThat(Await.result(states.list("org"))).containsExactly(new NodeState(WEB_1, true, AT));
        assertThat(Await.result(states.find(WEB_1))).contains(new NodeState(WEB_1, true, AT));
        assertThat(Await.result(states.find(WEB_2))).isEmpty();
        assertThat(Await.result(states.count())).isEqualTo(1);
    }

    @Test
    void withoutATermNothingIsKnown() {
        assertThat(Await.failure(states.list("org")))
                .isInstanceOfSatisfying(
                        ServerException.class,
                        failure -> assertThat(failure.status()).isEqualTo(503))
                .hasMessageContaining("no coordinator is active");
        assertThat(Await.failure(states.details("org"))).hasMessageContaining("no coordinator is active");
    }

    @Test
    void detailsAreWhatAllGatewaysKnow() {
        term(List.of(), "a", "b");
        gateway("a", attached(WEB_1), NodeFacts.unknown(WEB_2));
        gateway("b", NodeFacts.unknown(WEB_1), attached(WEB_2));

        Gathered<List<NodeDetail>> details = Await.result(states.details("org"));

        assertThat(details.missing()).isEmpty();
        assertThat(online(details)).containsExactlyInAnyOrder(WEB_1, WEB_2);
    }

    @Test
    void gatewayThatIsSilentOrGoneIsMissingAndTheOthersCount() {
        term(List.of(), "a", "silent", "gone");
        gateway("a", attached(WEB_1));
        silentGateway("silent");

        Gathered<List<NodeDetail>> details = Await.result(states.details("org"));

        assertThat(details.missing()).contains("2 of 3 gateways did not answer");
        assertThat(online(details)).containsExactly(WEB_1);
    }

    @Test
    void ofANodeTheGatewayThatHasItIsAskedAlone() {
        term(List.of("a"), "a", "silent");
        gateway("a", attached(WEB_1));

        Gathered<NodeDetail> detail = Await.result(states.detail(WEB_1));

        assertThat(detail.missing()).isEmpty();
        assertThat(detail.found().online()).isTrue();
    }

    @Test
    void nodeOfWhichNobodyAnswersIsUnknownAndTheAnswerSaysWhy() {
        term(List.of("gone"), "gone");

        Gathered<NodeDetail> detail = Await.result(states.detail(WEB_1));

        assertThat(detail.missing()).contains("1 of 1 gateways did not answer");
        assertThat(detail.found().online()).isFalse();
    }

    @Test
    void beforeAnyGatewayHasSpokenTheAnswerIsIncomplete() {
        term(List.of());

        assertThat(Await.result(states.details("org")).missing()).contains("no gateway has said yet what it knows");
    }
}
