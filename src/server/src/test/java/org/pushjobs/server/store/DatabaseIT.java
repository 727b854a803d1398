package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.config.ServerConfig.DatabaseConfig;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.LogCapture;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.TcpProxy;

@ExtendWith(PostgresExtension.class)
class DatabaseIT {
    private final Vertx vertx = Vertx.vertx();
    private final LogCapture log = new LogCapture(Database.class);
    private final List<Boolean> changes = new CopyOnWriteArrayList<>();
    private TcpProxy proxy;
    private Database database;
    private JobStore store;

    @BeforeEach
    void open(DatabaseConfig.External config) {
        proxy = new TcpProxy(config.host(), config.port());
        database = Database.open(
                vertx,
                new DatabaseConfig.External(
                        "127.0.0.1", proxy.listenPort(), config.database(), config.user(), config.password(), 4));
        database.onChange(changes::add);
        store = new JobStore(database.pool());
    }

    @AfterEach
    void close() {
        Await.result(database.close());
        proxy.close();
        Await.result(vertx.close());
        log.close();
    }

    @Test
    void databaseThatComesLateIsWaitedForAndLoggedOnce() {
        Await.until("a refused attempt", () -> !log.messages(Level.WARN).isEmpty());
        assertThat(database.isReady()).isFalse();
        assertThat(Await.failure(store.live()))
                .isInstanceOfSatisfying(
                        ServerException.class, e -> assertThat(e.status()).isEqualTo(503));

        proxy.open();
        Await.result(database.ready());

        assertThat(database.isReady()).isTrue();
        assertThat(Await.result(store.live())).isEmpty();
        assertThat(changes).containsExactly(true);
        assertThat(log.messages(Level.WARN))
                .singleElement()
                .asString()
                .startsWith("the database does not answer, trying until it does")
                .doesNotContain("password");
        assertThat(log.messages(Level.INFO))
                .singleElement()
                .asString()
                .startsWith("the database answers")
                .contains("migrations applied: " + MigrationFiles.count());
    }

    @Test
    void outageIsNoticedAndItsEndToo() {
        proxy.open();
        Await.result(database.ready());

        proxy.cut();
        Await.until("not ready", () -> !database.isReady());
        assertThat(Await.failure(store.live()))
                .isInstanceOfSatisfying(
                        ServerException.class, e -> assertThat(e.status()).isEqualTo(503));

        proxy.open();
        Await.until("ready again", database::isReady);
        assertThat(Await.result(store.live())).isEmpty();
        Await.until("all changes told", () -> changes.size() == 3);
        assertThat(changes).containsExactly(true, false, true);
        assertThat(log.messages(Level.INFO)).hasSize(2);
    }

    @Test
    void databaseThatFallsSilentIsNoticed() {
        proxy.open();
        Await.result(database.ready());

        proxy.freeze();

        Await.until("not ready", () -> !database.isReady());
    }

    @Test
    void statementThatTakesTooLongIsEndedByTheDatabase() {
        proxy.open();
        Await.result(database.ready());

        assertThat(Await.result(database.pool().query("show statement_timeout").execute())
                        .iterator()
                        .next()
                        .getString(0))
                .isEqualTo("30s");
    }

    @Test
    void closingEndsTheWait() {
        Await.result(database.close());

        assertThat(Await.failure(database.ready())).isInstanceOf(ServerException.class);
        assertThat(database.isReady()).isFalse();
    }
}
