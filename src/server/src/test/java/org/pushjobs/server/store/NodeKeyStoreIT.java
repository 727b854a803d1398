package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.config.ServerConfig.DatabaseConfig;
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

        assertThat(Await.result(store.find(key.publicKey()))).contains(key);
        assertThat(Await.result(store.all())).containsExactly(key);
        assertThat(Await.result(store.find("x".repeat(40)))).isEmpty();
    }

    @Test
    void storingAKeyAgainRenewsIt() {
        NodeKey key = key("web-1", 1);
        NodeKey renewed =
                new NodeKey(key.publicKey(), new NodeRef(ORG, "web-renamed"), "acme-renamed", START.plusSeconds(9));
        Await.result(store.put(key));

        Await.result(store.put(renewed));

        assertThat(Await.result(store.all())).containsExactly(renewed);
    }

    @Test
    void nodeKeepsItsNewestEightKeys() {
        Await.result(store.put(key("web-2", 100)));
        for (int n = 1; n <= 8; n++) {
            Await.result(store.put(key("web-1", n)));
        }
        NodeKey firstAgain =
                new NodeKey(key("web-1", 1).publicKey(), new NodeRef(ORG, "web-1"), "acme", START.plusSeconds(50));
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
        return new NodeKey("%040d".formatted(n), new NodeRef(ORG, node), "acme", START.plusSeconds(n));
    }
}
