package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;

@ExtendWith(PostgresExtension.class)
class ClusterStoreIT {
    private DatabaseFixture fixture;
    private ClusterStore store;

    @BeforeEach
    void open(DatabaseConfig.External config) {
        fixture = new DatabaseFixture(config);
        store = new ClusterStore(fixture.database().pool());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void identityIsMadeOnceAndKept() {
        assertThat(Await.result(store.current())).isEmpty();

        ClusterIdentity identity = Await.result(store.identity("fingerprint"));

        assertThat(UUID.fromString(identity.incarnationId())).hasToString(identity.incarnationId());
        assertThat(identity.keyEpoch()).isEqualTo(1);
        assertThat(Await.result(store.identity("fingerprint"))).isEqualTo(identity);
        assertThat(Await.result(store.current())).contains(identity);
    }

    @Test
    void serversThatStartTogetherGetTheSameIdentity() {
        List<Future<ClusterIdentity>> starts =
                Stream.generate(() -> store.identity("fingerprint")).limit(20).toList();

        Await.result(Future.all(starts));

        assertThat(starts.stream().map(Future::result).distinct()).hasSize(1);
    }

    @Test
    void serverWithOtherSecretsIsRefused() {
        ClusterIdentity identity = Await.result(store.identity("fingerprint"));

        Throwable failure = Await.failure(store.identity("another"));

        assertThat(failure).isInstanceOf(SecretsMismatchException.class).hasMessageContaining("copy the secrets file");
        assertThat(Await.result(store.current())).contains(identity);
    }

    @Test
    void rotationMakesANewIncarnationAndEpoch() {
        ClusterIdentity before = Await.result(store.identity("fingerprint"));

        ClusterIdentity after = Await.result(store.rotate("another"));

        assertThat(after.incarnationId()).isNotEqualTo(before.incarnationId());
        assertThat(after.keyEpoch()).isEqualTo(2);
        assertThat(Await.result(store.identity("another"))).isEqualTo(after);
        assertThat(Await.failure(store.identity("fingerprint"))).isInstanceOf(SecretsMismatchException.class);
    }
}
