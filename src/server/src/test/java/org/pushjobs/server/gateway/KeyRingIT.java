package org.pushjobs.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.config.ServerConfig.DatabaseConfig;
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
        return Await.result(KeyRing.load(store, new SessionKeys(new byte[32]), 1));
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
    void keyOfAnotherNodeCannotBeTakenAway() {
        admit(WEB, 1);

        for (KeyRing each : new KeyRing[] {ring, load()}) {
            Throwable refusal = Await.failure(each.admit(new NodeKey(key(1), DB, "acme", NOW)));
            assertThat(refusal)
                    .isInstanceOfSatisfying(
                            ServerException.class, e -> assertThat(e.status()).isEqualTo(403));
            assertThat(each.find(key(1)).map(AdmittedNode::node)).contains(WEB);
        }
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
    void withoutCurveANodeIsKnownByItsOrganisationsName() {
        assertThat(ring.claimed("acme", "web")).isEqualTo(Optional.empty());

        ring.learn("acme", WEB.orgGuid());

        assertThat(ring.claimed("acme", "web").map(AdmittedNode::node)).contains(WEB);
    }

    private void admit(NodeRef node, int number) {
        Await.result(ring.admit(new NodeKey(key(number), node, "acme", NOW.plusSeconds(number))));
    }

    private static String key(int number) {
        return "%040d".formatted(number);
    }
}
