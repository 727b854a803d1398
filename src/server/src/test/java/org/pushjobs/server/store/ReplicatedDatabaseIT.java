package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.LogCapture;

/** A database of two hosts whose primary dies, stands still, or is cut off. */
class ReplicatedDatabaseIT {
    /** From a promotion to a write: a question, a second for a host that does not answer, and new connections. */
    private static final Duration SOON = Duration.ofSeconds(15);

    private static final int SOME = 20;

    @TempDir
    private static Path programs;

    @TempDir
    private Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final LogCapture log = new LogCapture(ReplicatedHosts.class);
    private final List<MoveReason> moves = new CopyOnWriteArrayList<>();
    private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
    private ReplicatedPostgres servers;
    private Database database;

    @BeforeEach
    void start() throws Exception {
        servers = ReplicatedPostgres.start(programs, directory);
        database = open(servers.replica(), servers.primary());
        Await.result(database.ready());
    }

    private Database open(ReplicatedPostgres.Host... hosts) {
        Database opened = Database.open(
                vertx,
                new DatabaseConfig.Replicated(Arrays.stream(hosts)
                        .map(ReplicatedPostgres.Host::config)
                        .toList()));
        opened.onMove(moves::add);
        return opened;
    }

    @AfterEach
    void close() throws Exception {
        Await.result(database.close());
        // connections to a host that never answers would be waited for
        servers.close();
        Await.result(vertx.close());
        log.close();
    }

    /** Writes numbers one after the other for the rest of the test and remembers those that were acknowledged. */
    private void write() {
        Await.result(database.pool().query("create table numbers (n bigint)").execute());
        write(1);
        awaitMore();
    }

    private void write(long number) {
        database.writes()
                .preparedQuery("insert into numbers values ($1)")
                .execute(Tuple.of(number))
                .timeout(2, TimeUnit.SECONDS)
                .onSuccess(_ -> acknowledged.add(number))
                .onComplete(_ -> vertx.setTimer(5, _ -> write(number + 1)));
    }

    private void awaitMore() {
        int before = acknowledged.size();
        Await.until("more numbers are acknowledged", SOON, () -> acknowledged.size() > before + SOME);
    }

    private void assertIsOn(ReplicatedPostgres.Host host) {
        assertThat(database.usedHost()).contains(host.config().address());
        assertThat(Await.result(database.pool().query("show port").execute())
                        .iterator()
                        .next()
                        .getString(0))
                .isEqualTo(Integer.toString(host.config().port()));
    }

    private void assertNothingIsLost(ReplicatedPostgres.Host host) {
        Set<Long> there = new HashSet<>();
        for (String number :
                host.ask("select string_agg(n::text, ',') from numbers").split(",")) {
            there.add(Long.valueOf(number));
        }
        assertThat(there).containsAll(Set.copyOf(acknowledged));
    }

    @Test
    void hostThatTakesWritesIsUsedAndGetsTheTablesWhateverComesFirstInTheList() {
        assertIsOn(servers.primary());
        assertThat(servers.primary().ask("select count(*) from coordinator_lease"))
                .isEqualTo("1");
        assertThat(database.hostDescription())
                .contains(servers.primary().config().address() + ", timeline 1, changes: 0");
    }

    @Test
    void writesGoOnAtThePromotedReplicaWhenThePrimaryDiesAndNothingThatWasAcknowledgedIsLost() throws Exception {
        servers.synchronise();
        write();

        // when
        servers.primary().kill();
        Await.until("not ready", () -> !database.isReady());
        servers.replica().promote();

        // then
        awaitMore();
        assertIsOn(servers.replica());
        assertNothingIsLost(servers.replica());
        assertThat(moves).containsExactly(MoveReason.CONNECTION_LOST);
        assertThat(log.messages(Level.WARN))
                .singleElement()
                .asString()
                .startsWith("the database is on another host now [host: "
                        + servers.replica().config().address() + ", timeline: 2, before: "
                        + servers.primary().config().address() + ", timeline before: 1, reason: connection_lost");
        assertThat(database.hostDescription().orElseThrow())
                .startsWith(servers.replica().config().address() + ", timeline 2, changes: 1, the last ")
                .endsWith(" s ago: connection_lost");
    }

    @Test
    void primaryThatStandsStillIsLeftForThePromotedReplicaAndNotGoneBackTo() throws Exception {
        servers.synchronise();
        write();

        // when
        servers.primary().freeze();
        servers.replica().promote();

        // then
        awaitMore();
        assertThat(moves).containsExactly(MoveReason.NO_ANSWER);

        // when: it would take writes again, and the hosts are searched anew
        servers.primary().thaw();
        servers.replica().ask("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'pushy'");

        // then
        awaitMore();
        assertIsOn(servers.replica());
        assertNothingIsLost(servers.replica());

        // when: there is no other one
        servers.replica().kill();

        // then
        Await.until(
                "that is said",
                () -> database.problem()
                        .orElse("")
                        .contains(servers.primary().config().address() + " was replaced: it has timeline 1"));
        assertThat(database.isReady()).isFalse();
        assertThat(moves).containsExactly(MoveReason.NO_ANSWER);
    }

    @Test
    void primaryThatWasCutOffFromItsReplicaIsLeftBecauseItsWritesWait() throws Exception {
        servers.synchronise();
        write();

        // when: whoever promotes it cannot reach the primary, which goes on
        servers.replica().promote();

        // then
        awaitMore();
        assertIsOn(servers.replica());
        assertNothingIsLost(servers.replica());
        assertThat(moves).hasSize(1);
    }

    @Test
    void primaryThatSeemsToBeWellIsLeftOnceItWasReplaced() {
        servers.replica().promote();

        Await.until("it is left", () -> moves.equals(List.of(MoveReason.REPLACED)));

        Await.until("ready", database::isReady);
        assertIsOn(servers.replica());
    }

    @Test
    void allHostsAwayIsAnOutageLikeThatOfOne() throws Exception {
        // when
        servers.primary().kill();
        servers.replica().kill();

        // then
        Await.until("not ready", () -> !database.isReady());
        JobStore store = new JobStore(database.pool());
        assertThat(Await.failure(store.live()))
                .isInstanceOfSatisfying(
                        ServerException.class, e -> assertThat(e.status()).isEqualTo(503));
        Await.until(
                "that is said",
                () -> database.problem()
                        .orElse("")
                        .matches("the database does not answer: .* does not answer: .*; .* does not answer: .*"));

        // when
        servers.replica().start();

        // then
        Await.until(
                "that is said",
                () -> database.problem()
                        .orElse("")
                        .startsWith("no host of the database takes writes: "
                                + servers.replica().config().address() + " takes no writes; "));

        // when
        servers.primary().start();

        // then
        Await.until("ready again", database::isReady);
        assertIsOn(servers.primary());
        assertThat(Await.result(store.live())).isEmpty();
        assertThat(moves).isEmpty();
    }

    @Test
    void primaryThatTakesNoWritesIsKeptWhileThereIsNoOther() {
        servers.primary().asSuperuser("alter database opscode_pushy set default_transaction_read_only = on");
        servers.primary().ask("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'pushy'");

        Await.until(
                "that is said",
                () -> database.problem().orElse("").startsWith("no host of the database takes writes: "));

        // when
        servers.primary().asSuperuser("alter database opscode_pushy reset default_transaction_read_only");

        // then
        Await.until("ready again", database::isReady);
        assertIsOn(servers.primary());
    }
}
