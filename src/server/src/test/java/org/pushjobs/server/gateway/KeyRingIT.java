package org.pushjobs.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.server.store.Claimant;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.NodeKey;
import org.pushjobs.server.store.NodeKeyStore;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;

@ExtendWith(PostgresExtension.class)
class KeyRingIT {
    private static final NodeRef WEB = new NodeRef("0".repeat(32), "web");
    private static final NodeRef DB = new NodeRef("0".repeat(32), "db");
    private static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");

    private final Vertx vertx = Vertx.vertx();
    private Database database;
    private NodeKeyStore store;
    private KeyRing ring;

    @BeforeEach
    void open(DatabaseConfig.External config) {
        database = Database.open(vertx, config);
        Await.result(database.ready());
        store = new NodeKeyStore(database.pool());
        ring = load();
    }

    private KeyRing load() {
        return Await.result(KeyRing.load(new KeyRing.Setup(
                store,
                new SessionKeys(new byte[32]),
                1,
                Duration.ofHours(1),
                new ServiceTime(() -> 0, () -> true),
                (org, client) -> Future.succeededFuture(
                        org.equals("acme") && client.equals("web") ? Optional.of(WEB.orgGuid()) : Optional.empty()),
                Clock.systemUTC())));
    }

    @AfterEach
    void close() {
        Await.result(database.close());
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void admittedKeyIsKnownNowAndAfterARestartWithTheSameSessionKey() {
        admit(WEB, 1);

        AdmittedNode now = ring.find(key(1)).orElseThrow();
        AdmittedNode afterRestart = load().find(key(1)).orElseThrow();

        assertThat(now.node()).isEqualTo(WEB);
        assertThat(afterRestart).isEqualTo(now);
    }

    @Test
    void keyThatAnotherServerAdmittedIsFoundInTheDatabase() {
        KeyRing other = load();

        admit(WEB, 1);

        assertThat(other.find(key(1))).isEmpty();
        assertThat(Await.result(other.lookUp(key(1))).map(AdmittedNode::node)).contains(WEB);
        assertThat(other.find(key(1))).isPresent();
    }

    @Test
    void keyThatAnotherNodeClaimsIsTakenFromNobody() {
        admit(WEB, 1, NOW);
        admit(DB, 1, NOW.plusSeconds(1));

        for (KeyRing each : new KeyRing[] {ring, load()}) {
            assertThat(each.find(key(1)).map(AdmittedNode::node)).contains(DB);
            assertThat(each.claimant(key(1), "acme", "web").map(AdmittedNode::node))
                    .contains(WEB);
            each.spoke(key(1), WEB);
            assertThat(each.find(key(1)).map(AdmittedNode::node)).contains(WEB);
        }
    }

    @Test
    void revokedKeyIsGoneFromAllServers() {
        KeyRing other = load();
        List<NodeKey> departed = new CopyOnWriteArrayList<>();
        admit(WEB, 1);
        admit(DB, 2);
        Await.result(other.refresh());
        other.onDeparture(departed::add);
        database.onKeysRevoked(other::revoked);

        ring.revoke(WEB.orgGuid(), Claimant.client("web"));

        assertThat(ring.find(key(1))).isEmpty();
        Await.until("the other server was told", () -> departed.size() == 1);
        assertThat(other.find(key(1))).isEmpty();
        assertThat(other.find(key(2))).isPresent();
        assertThat(Await.result(store.all())).extracting(NodeKey::node).containsExactly(DB);
    }

    @Test
    void whatWasRevokedWhileTheDatabaseWasAwayIsFoundOutAfterwards() {
        KeyRing other = load();
        admit(WEB, 1);
        Await.result(other.refresh());
        assertThat(other.find(key(1))).isPresent();

        ring.revoke(WEB.orgGuid(), Claimant.client("web"));
        Await.until("nothing stored", () -> Await.result(store.all()).isEmpty());
        Await.result(other.refresh());

        assertThat(other.find(key(1))).isEmpty();
    }

    @Test
    void onlyTheNewestKeysOfANodeStayInMemoryAndInTheDatabase() {
        admit(DB, 100);
        for (int i = 1; i <= NodeKeyStore.KEYS_PER_NODE + 1; i++) {
            admit(WEB, i);
        }

        for (KeyRing each : new KeyRing[] {ring, load()}) {
            assertThat(each.find(key(1))).isEmpty();
            assertThat(each.find(key(2))).isPresent();
            assertThat(each.find(key(100))).isPresent();
        }
    }

    @Test
    void withoutCurveTheDirectoryIsAskedForNodesThatNothingIsKnownOf() {
        assertThat(ring.claimed("acme", "web")).isEmpty();
        assertThat(ring.claimed("acme", "stranger")).isEmpty();
        assertThat(ring.claimed("other", "web")).isEmpty();

        Await.until("the node is known", () -> ring.claimed("acme", "web").isPresent());
        assertThat(ring.claimed("acme", "web").map(AdmittedNode::node)).contains(WEB);
        assertThat(ring.claimed("acme", "stranger")).isEmpty();
        assertThat(ring.claimed("other", "web")).isEmpty();
    }

    private void admit(NodeRef node, int number) {
        admit(node, number, NOW.plusSeconds(number));
    }

    private void admit(NodeRef node, int number, Instant at) {
        Await.result(
                ring.admit(new NodeKey(key(number), node, "acme", at, Claimant.client(node.node()), Optional.empty())));
    }

    private static String key(int number) {
        return "%040d".formatted(number);
    }
}
