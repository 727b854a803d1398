package org.pushjobs.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.codec.RejectionReason;
import org.pushjobs.server.bus.WireCodecs;
import org.pushjobs.server.cluster.TestCluster;
import org.pushjobs.server.facts.TermBeat;
import org.pushjobs.server.facts.TermLocation;
import org.pushjobs.server.gateway.ContactLog;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.NodeKeyStore;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;

@ExtendWith(PostgresExtension.class)
class NodesOfOtherProcessesIT {
    private static final long EPOCH = 7;
    private static final Instant AT = Instant.parse("2026-11-28T10:00:00.123456789Z");
    private static final NodeRef NODE = new NodeRef("org", "web-1");

    private final TestCluster cluster = TestCluster.joined(2);
    private Database database;
    private NodeStates states;

    @BeforeEach
    void open(DatabaseConfig.External config) {
        database = Database.open(cluster.vertx(0), config);
        Await.result(database.ready());
        TermLocation location = new TermLocation(System::nanoTime);
        location.heard(new TermBeat(EPOCH));
        states = new NodeStatesOverBus(
                cluster.vertx(0), location, new NodeKeyStore(database.pool()), (_, _) -> Optional.empty());
        Await.result(NodeCodecs.QUERY
                .consumer(
                        cluster.vertx(1),
                        NodeStatesOverBus.questionsOf(EPOCH),
                        (message, _) -> WireCodecs.TEXTS.reply(message, List.of("gateway", "dead")))
                .completion());
    }

    @AfterEach
    void close() {
        Await.result(database.close());
        cluster.close();
    }

    @Test
    void detailsComeFromTheGatewaysOfOtherProcesses() {
        ContactLog.Rejection rejection = new ContactLog.Rejection(
                AT, RejectionReason.CLOCK_SKEW, "too late", Optional.of(Duration.ofMillis(-1_500)));
        NodeFacts facts = new NodeFacts(
                NODE,
                Optional.of(new NodeFacts.Session(true, false, Optional.of("job"))),
                Optional.of(new AgentContact(AT, AT, "192.0.2.1", "host", "2.1")),
                Optional.of(AT),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(rejection),
                Optional.empty());
        Await.result(NodeCodecs.QUERY_OF_GATEWAY
                .consumer(
                        cluster.vertx(1),
                        GatewayVerticle.questionsOf("gateway"),
                        (message, _) -> NodeCodecs.FACTS.reply(message, List.of(facts)))
                .completion());

        Gathered<List<NodeDetail>> details = Await.result(states.details("org"));

        assertThat(details.found()).singleElement().satisfies(detail -> {
            assertThat(detail.node()).isEqualTo(NODE);
            assertThat(detail.contact()).isEqualTo(facts.contact());
            assertThat(detail.updatedAt()).contains(AT);
            assertThat(detail.lastRejection()).contains(rejection);
            assertThat(detail.jobId()).contains("job");
        });
        assertThat(details.missing()).contains("1 of 2 gateways did not answer");
    }
}
