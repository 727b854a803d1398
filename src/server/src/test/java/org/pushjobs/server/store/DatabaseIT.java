package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.schema.Migrations;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;
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
    private FencedWrites writes;

    @BeforeEach
    void open(DatabaseConfig.External config) {
        proxy = new TcpProxy(config.host(), config.port());
        database = Database.open(
                vertx,
                new DatabaseConfig.External(
                        "127.0.0.1", proxy.listenPort(), config.database(), config.user(), config.password(), 4));
        database.onChange(changes::add);
        store = new JobStore(database.pool());
        writes = new FencedWrites(database.writes(), 0);
    }

    @AfterEach
    void close() {
        Await.result(database.close());
        proxy.close();
        Await.result(vertx.close());
        log.close();
    }

    @Test
    void databaseThatComesLateIsWaitedForAndLoggedOnce(DatabaseConfig.External config) throws SQLException {
        int missing = Migrations.missing(config);
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
                .contains("migrations applied: " + missing);
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
    void whatIsUnderWayFailsWhenTheDatabaseIsFoundToHangAndNotMuchLater() {
        proxy.open();
        Await.result(database.ready());
        // two connections, both of which will be frozen
        Await.result(Future.all(
                database.pool().query("select pg_sleep(0.5)").execute(),
                database.pool().query("select pg_sleep(0.5)").execute()));

        Promise<Void> begun = Promise.promise();
        Future<?> transaction = database.pool()
                .withTransaction(connection -> connection
                        .query("select 1")
                        .execute()
                        .onSuccess(_ -> begun.complete())
                        .compose(_ -> connection.query("select pg_sleep(60)").execute()));
        Await.result(begun.future());

        // when
        proxy.freeze();
        long begin = System.nanoTime();
        Future<?> statement = store.live();

        // then
        for (Future<?> underWay : List.of(statement, StoreErrors.translated(transaction))) {
            assertThat(Await.failure(underWay))
                    .isInstanceOfSatisfying(
                            ServerException.class, e -> assertThat(e.status()).isEqualTo(503))
                    .hasMessage("the database does not answer");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));

        // and: new connections work, whatever becomes of the old ones
        Await.until("ready again", database::isReady);
        assertThat(Await.result(store.live())).isEmpty();
    }

    @Test
    void saveThatIsUnderWayWhenTheDatabaseHangsFailsWithItAndMayStillBeCarriedOut(DatabaseConfig.External config)
            throws Exception {
        proxy.open();
        Await.result(database.ready());
        Await.result(writes.save(List.of(job()), List.of()));
        String url = "jdbc:postgresql://" + config.host() + ":" + config.port() + "/" + config.database();
        try (Connection blocker = DriverManager.getConnection(url, config.user(), config.password());
                Statement lock = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            lock.execute("lock table jobs in access exclusive mode");
            long begin = System.nanoTime();
            Future<Void> sent = writes.save(List.of(job()), List.of());

            // when
            proxy.freeze();

            // then
            Throwable failure = Await.failure(sent);
            assertThat(failure).hasMessage("the database does not answer");
            assertThat(WriteFailure.of(failure)).isEqualTo(WriteFailure.UNKNOWN);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void databaseWithoutSpaceIsCalledThatUntilAWriteSucceeds(DatabaseConfig.External config) throws Exception {
        proxy.open();
        Await.result(database.ready());
        List<String> warnings = log.messages(Level.WARN);
        execute(config, """
                create function refuse() returns trigger language plpgsql as $$
                begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
                create trigger full_disk before insert on jobs for each statement execute function refuse()""");
        assertThat(database.problem()).isEmpty();

        // when
        Throwable refusal = Await.failure(writes.save(List.of(job()), List.of()));

        // then
        assertThat(refusal)
                .isInstanceOfSatisfying(
                        ServerException.class, e -> assertThat(e.status()).isEqualTo(503))
                .hasMessageStartingWith("the database has no space left: ");
        assertThat(database.isReady()).isTrue();
        assertThat(database.problem())
                .hasValueSatisfying(text -> assertThat(text).startsWith("the database has no space left"));

        // when
        execute(config, "drop trigger full_disk on jobs");

        // then
        Await.until("it is well again", () -> database.problem().isEmpty());
        assertThat(log.messages(Level.WARN)).as("as before").isEqualTo(warnings);
    }

    private static NewJob job() {
        return new NewJob(
                "0".repeat(32),
                "1".repeat(32),
                "alice",
                new JobTerms(JobSpec.of("c"), List.of("web-1"), 1, 60),
                Instant.now());
    }

    private static void execute(DatabaseConfig.External config, String sql) throws SQLException {
        String url = "jdbc:postgresql://" + config.host() + ":" + config.port() + "/" + config.database();
        try (Connection connection = DriverManager.getConnection(url, config.user(), config.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void statementThatTakesTooLongIsEndedByTheDatabase() {
        proxy.open();
        Await.result(database.ready());

        assertThat(statementTimeout(database.pool())).isEqualTo("30s");
        assertThat(statementTimeout(database.writes()))
                .as("less than the 5 s of those who wait for them")
                .isEqualTo("4s");
        assertThat(statementTimeout(database.leases()))
                .as("less than a third of a lease of 3 s")
                .isEqualTo("500ms");
    }

    private static String statementTimeout(Pool pool) {
        return Await.result(pool.query("show statement_timeout").execute())
                .iterator()
                .next()
                .getString(0);
    }

    @Test
    void closingEndsTheWait() {
        Await.result(database.close());

        assertThat(Await.failure(database.ready())).isInstanceOf(ServerException.class);
        assertThat(database.isReady()).isFalse();
    }
}
