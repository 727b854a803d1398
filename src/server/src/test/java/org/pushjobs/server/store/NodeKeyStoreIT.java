package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;

@ExtendWith(PostgresExtension.class)
class NodeKeyStoreIT {
    private static final String ORG = "0123456789abcdef0123456789abcdef";
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private DatabaseFixture fixture;
    private NodeKeyStore store;

    @BeforeEach
    void open(DatabaseConfig.External config) {
        fixture = new DatabaseFixture(config);
        store = new NodeKeyStore(fixture.database().pool());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void keyIsFoundAsItWasStored() {
        NodeKey key = key("web-1", 1);

        Await.result(store.put(key));

        assertThat(Await.result(store.find(key.publicKey()))).containsExactly(key);
        assertThat(Await.result(store.all())).containsExactly(key);
        assertThat(Await.result(store.find("x".repeat(40)))).isEmpty();
    }

    @Test
    void storingAKeyAgainRenewsIt() {
        NodeKey renewed = new NodeKey(
                key("web-1", 1).publicKey(),
                new NodeRef(ORG, "web-1"),
                "acme-renamed",
                START.plusSeconds(9),
                Claimant.user("alice"),
                Optional.empty());
        Await.result(store.put(key("web-1", 1)));

        Await.result(store.put(renewed));

        assertThat(Await.result(store.all())).containsExactly(renewed);
    }

    @Test
    void keyMayBeClaimedForSeveralNodesAlsoAtATime() {
        NodeKey web = key("web-1", 1);
        NodeKey db = claim(web, "db-1", 2);
        NodeKey cache = claim(web, "cache-1", 3);

        Await.result(Future.all(store.put(web), store.put(db), store.put(cache)));
        assertThat(Await.result(store.find(web.publicKey()))).containsExactly(web, db, cache);

        NodeKey again = claim(web, "web-1", 4);
        Await.result(store.put(again));
        assertThat(Await.result(store.find(web.publicKey()))).containsExactly(db, cache, again);
        assertThat(fixture.value("select node_name from node_keys")).isEqualTo("web-1");
    }

    @Test
    void keysOfAUserDisplaceNoneOfTheNodeItself() {
        NodeKey own = key("web-1", 1);
        Await.result(store.put(own));

        for (int n = 2; n <= 20; n++) {
            NodeKey next = key("web-1", n);
            Await.result(store.put(new NodeKey(
                    next.publicKey(), next.node(), "acme", next.fetchedAt(), Claimant.user("alice"), next.told())));
        }

        assertThat(Await.result(store.all())).contains(own).hasSize(9);
    }

    @Test
    void whatAClientClaimedIsRevokedAndNothingElse() {
        NodeKey web = key("web-1", 1);
        NodeKey other = claim(web, "db-1", 2);
        NodeKey newer = key("web-1", 50);
        Await.result(Future.all(store.put(web), store.put(other), store.put(newer)));

        Await.result(store.revoke(ORG, Claimant.client("web-1"), START.plusSeconds(40)));
        Await.result(store.revoke(ORG, Claimant.client("nobody"), START.plusSeconds(40)));
        Await.result(store.revoke("f".repeat(32), Claimant.client("db-1"), START.plusSeconds(40)));

        assertThat(Await.result(store.all())).containsExactly(other, newer);
    }

    @Test
    void keyOfAnOlderServersRowIsTheClientsOfTheNode() {
        fixture.query("insert into node_keys (public_key, org_id, org_name, node_name, fetched_at) values ('"
                + key("web-1", 1).publicKey() + "', '" + ORG + "', 'acme', 'web-1', '2026-11-22 10:00:01+00')");
        assertThat(Await.result(store.all()))
                .containsExactly(new NodeKey(
                        key("web-1", 1).publicKey(),
                        new NodeRef(ORG, "web-1"),
                        "acme",
                        START.plusSeconds(1),
                        Claimant.client("web-1"),
                        Optional.empty()));

        Await.result(store.revoke(ORG, Claimant.client("web-1"), START.plusSeconds(40)));

        assertThat(Await.result(store.all())).isEmpty();
    }

    @Test
    void whatWasToldDoesNotCountWhenAnOlderServerRenewedTheKey() {
        Await.result(store.put(key("web-1", 1)));

        fixture.query("update node_keys set fetched_at = '2026-11-22 10:00:05+00'");

        assertThat(Await.result(store.lastConfig(new NodeRef(ORG, "web-1"))))
                .contains(new LastConfig(START.plusSeconds(5), Optional.empty()));
        Await.result(store.put(key("web-1", 6)));
        assertThat(Await.result(store.lastConfigs(ORG)))
                .containsExactly(Map.entry(
                        "web-1",
                        new LastConfig(START.plusSeconds(6), key("web-1", 6).told())));
    }

    @Test
    void unusedKeysArePurgedUnlessTheyWereUsedElsewhere() {
        NodeKey unused = key("web-1", 1);
        NodeKey used = key("web-2", 2);
        NodeKey usedElsewhere = claim(used, "web-2", 3);
        Await.result(Future.all(store.put(unused), store.put(claim(unused, "db-1", 1)), store.put(used)));
        Await.result(store.put(usedElsewhere));

        assertThat(Await.result(store.purge(List.of(unused, claim(unused, "db-1", 1), used, key("nobody", 9)))))
                .containsExactly(usedElsewhere);

        assertThat(Await.result(store.all())).containsExactly(usedElsewhere);
    }

    @Test
    void nodeKeepsItsNewestEightKeys() {
        Await.result(store.put(key("web-2", 100)));
        for (int n = 1; n <= 8; n++) {
            Await.result(store.put(key("web-1", n)));
        }
        NodeKey firstAgain = claim(key("web-1", 1), "web-1", 50);
        Await.result(store.put(firstAgain));

        Await.result(store.put(key("web-1", 60)));
        Await.result(store.put(key("web-1", 61)));

        assertThat(Await.result(store.all()))
                .containsExactlyInAnyOrder(
                        key("web-2", 100),
                        firstAgain,
                        key("web-1", 4),
                        key("web-1", 5),
                        key("web-1", 6),
                        key("web-1", 7),
                        key("web-1", 8),
                        key("web-1", 60),
                        key("web-1", 61));
    }

    @Test
    void keysOfAThousandNodesAreStoredAtOnce() {
        List<Future<Void>> puts = IntStream.range(0, 1000)
                .mapToObj(n -> store.put(key("node-" + n, n)))
                .toList();

        Await.result(Future.all(puts));

        assertThat(Await.result(store.all())).hasSize(1000);
    }

    private static NodeKey key(String node, int n) {
        return new NodeKey(
                "%040d".formatted(n),
                new NodeRef(ORG, node),
                "acme",
                START.plusSeconds(n),
                Claimant.client(node),
                Optional.of(new ToldConfig("tcp://push:10000", "tcp://push:10002", 1_000 + n)));
    }

    /** The same key, for another node or at another time. */
    private static NodeKey claim(NodeKey key, String node, int second) {
        return new NodeKey(
                key.publicKey(),
                new NodeRef(ORG, node),
                "acme",
                START.plusSeconds(second),
                Claimant.client(node),
                key.told());
    }
}
