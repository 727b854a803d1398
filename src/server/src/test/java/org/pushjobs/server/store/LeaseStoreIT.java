package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.TcpProxy;

/** Who has the right to run the jobs (cluster.md, "Term"). */
@ExtendWith(PostgresExtension.class)
class LeaseStoreIT {
    private static final String ORG = "0123456789abcdef0123456789abcdef";
    private static final String JOB = "0123456789abcdef0123456789abcde1";
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(500);

    private DatabaseFixture fixture;
    private LeaseStore leases;

    @BeforeEach
    void open(DatabaseConfig.External config) {
        fixture = new DatabaseFixture(config);
        leases = new LeaseStore(fixture.database().leases());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void leaseThatNobodyEverHadIsFree() {
        assertThat(current()).isEqualTo(new Lease(Optional.empty(), 0, Duration.ZERO));

        assertThat(take("one", LONG)).contains(1L);

        assertThat(current().holder()).contains("one");
        assertThat(current().epoch()).isEqualTo(1);
        assertThat(current().left()).isBetween(Duration.ofMillis(1), LONG);
        assertThat(epoch()).isEqualTo(1L);
    }

    @Test
    void leaseOfSomebodyElseIsNotTakenAndNothingIsWaitedFor() {
        take("one", LONG);
        SqlConnection renewing = holding("update coordinator_lease set expires_at = expires_at");
        SqlConnection writing = holding("select epoch from coordinator_epoch for share");

        assertThat(take("two", LONG)).isEmpty();

        end(renewing);
        end(writing);
        assertThat(renew("one", 1, LONG)).isTrue();
        assertThat(epoch()).isEqualTo(1L);
    }

    @Test
    void ownLeaseIsTakenAgainWithANewEpoch() {
        take("one", LONG);

        assertThat(take("one", LONG)).contains(2L);

        assertThat(renew("one", 1, LONG)).isFalse();
        assertThat(renew("one", 2, LONG)).isTrue();
    }

    @Test
    void leaseThatIsNotRenewedRunsOutByTheDatabasesClock() {
        take("one", SHORT);

        Await.until("it has run out", () -> take("two", LONG).equals(Optional.of(2L)));

        assertThat(renew("one", 1, LONG)).isFalse();
        assertThat(current().holder()).contains("two");
    }

    @Test
    void leaseThatHasRunOutIsRenewedAsLongAsNobodyHasTakenIt() {
        take("one", Duration.ZERO);
        assertThat(current().left()).isZero();

        assertThat(renew("one", 1, LONG)).isTrue();

        assertThat(take("two", LONG)).isEmpty();
    }

    @Test
    void leaseThatIsRenewedIsKeptForLonger() {
        take("one", SHORT);
        Instant wouldHaveRunOut = Instant.now().plus(SHORT);

        assertThat(renew("one", 1, LONG)).isTrue();

        Await.until("more time has passed", () -> Instant.now().isAfter(wouldHaveRunOut));
        assertThat(take("two", LONG)).isEmpty();
    }

    @Test
    void leaseThatIsGivenBackIsFreeAtOnce() {
        take("one", LONG);
        Await.result(leases.release("one", 1));
        assertThat(current()).isEqualTo(new Lease(Optional.empty(), 1, Duration.ZERO));
        assertThat(renew("one", 1, LONG)).isFalse();

        assertThat(take("two", LONG)).contains(2L);

        // and: what is lost cannot be given back
        Await.result(leases.release("one", 1));
        Await.result(leases.release("two", 1));
        assertThat(renew("two", 2, LONG)).isTrue();
    }

    @Test
    void ofManyThatTakeItAtOnceOneHasIt() {
        LeaseStore many = new LeaseStore(fixture.database().pool());
        List<Long> epochs = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            int before = round;
            List<Future<Optional<Long>>> attempts = IntStream.range(0, 12)
                    .mapToObj(n -> many.take("server " + before + " " + n, LONG))
                    .toList();
            List<Long> taken = attempts.stream()
                    .map(Await::result)
                    .flatMap(Optional::stream)
                    .toList();

            assertThat(taken).hasSize(1);
            epochs.addAll(taken);
            assertThat(epoch()).isEqualTo(taken.getFirst());
            fixture.query("update coordinator_lease set expires_at = now()");
        }
        assertThat(epochs).isSorted().doesNotHaveDuplicates();
    }

    // ---- beside writes

    @Test
    void writeThatTakesLongerThanTheLeaseDelaysTheTermAndNobodyElseGetsIt() {
        take("one", LONG);
        FencedWrites writes = new FencedWrites(fixture.database().writes(), 1);
        SqlConnection blocker = savingSlowly(writes);
        Future<Void> save = writes.save(List.of(), List.of(change()));
        awaitBlocked("with term as");
        fixture.query("update coordinator_lease set expires_at = now()");

        // when
        Future<Optional<Long>> taken = leases.take("two", SHORT);
        Await.until("the lease is two's", () -> current().holder().equals(Optional.of("two")));
        Instant end = Instant.now().plus(SHORT.multipliedBy(4));
        while (Instant.now().isBefore(end)) {
            assertThat(taken.isComplete()).isFalse();
            assertThat(current().holder()).contains("two");
        }
        end(blocker);

        // then
        assertThat(Await.result(taken)).contains(2L);
        Await.result(save);
        assertThat(renew("two", 2, LONG)).isTrue();
    }

    @Test
    void writeThatDoesNotEndFailsTheTakeOverWhichIsThenMadeAgain() {
        take("one", Duration.ZERO);
        SqlConnection writing = holding("select epoch from coordinator_epoch for share");

        Throwable failure = Await.failure(leases.take("two", LONG));

        assertThat(failure)
                .isInstanceOfSatisfying(
                        ServerException.class, e -> assertThat(e.status()).isEqualTo(503));
        assertThat(epoch()).isEqualTo(1L);
        end(writing);
        assertThat(take("two", LONG)).contains(3L);
    }

    @Test
    void renewalDoesNotWaitForASlowSave() {
        take("one", LONG);
        FencedWrites writes = new FencedWrites(fixture.database().writes(), 1);
        SqlConnection blocker = savingSlowly(writes);
        // as many as there are connections for
        List<Future<Void>> saves = IntStream.range(0, PgSettings.WRITE_CONNECTIONS)
                .mapToObj(_ -> writes.save(List.of(), List.of(change())))
                .toList();
        awaitBlocked("with term as");

        for (int n = 0; n < 20; n++) {
            assertThat(renew("one", 1, LONG)).isTrue();
        }

        assertThat(saves).noneMatch(Future::isComplete);
        end(blocker);
        Await.result(Future.all(saves));
    }

    @Test
    void steadyStreamOfWritesDoesNotKeepATakeOverWaitingForEver() {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger written = new AtomicInteger();
        List<Future<Void>> writers = IntStream.range(0, 8)
                .mapToObj(n -> writeAgainAndAgain(n, over, written))
                .toList();
        Await.until("they write", () -> written.get() > 50);

        Optional<Long> taken = take("one", LONG);

        over.set(true);
        assertThat(taken).contains(1L);
        Await.result(Future.all(writers));
    }

    /** Each begins before the one before has ended. */
    private Future<Void> writeAgainAndAgain(int writer, AtomicBoolean over, AtomicInteger written) {
        return over.get()
                ? Future.succeededFuture()
                : fixture.database()
                        .pool()
                        .withTransaction(connection -> connection
                                .query("select epoch from coordinator_epoch where single for share")
                                .execute()
                                .compose(_ -> connection
                                        .query("select pg_sleep(" + 0.01 * (writer + 1) + ")")
                                        .execute()))
                        .compose(_ -> {
                            written.incrementAndGet();
                            return writeAgainAndAgain(writer, over, written);
                        });
    }

    // ---- statements that fail

    @Test
    void callThatGetsNoAnswerFailsInTimeToBeMadeAgain() {
        take("one", LONG);
        SqlConnection blocker = holding("select 1 from coordinator_lease for update");

        long begin = System.nanoTime();
        Throwable failure = Await.failure(leases.renew("one", 1, LONG));

        assertThat(failure)
                .isInstanceOfSatisfying(
                        ServerException.class, e -> assertThat(e.status()).isEqualTo(503));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
        end(blocker);
        assertThat(renew("one", 1, LONG)).isTrue();
    }

    @Test
    void takeOfWhichTheAnswerWasLostIsMadeAgain(DatabaseConfig.External config) {
        take("zero", Duration.ZERO);
        Vertx vertx = Vertx.vertx();
        TcpProxy proxy = new TcpProxy(config.host(), config.port());
        proxy.open();
        Database remote = Database.open(
                vertx,
                new DatabaseConfig.External(
                        "127.0.0.1", proxy.listenPort(), config.database(), config.user(), config.password(), 4));
        try {
            Await.result(remote.ready());
            LeaseStore far = new LeaseStore(remote.leases());
            SqlConnection blocker = holding("select 1 from coordinator_lease for update");
            Future<Optional<Long>> taken = far.take("one", LONG);
            awaitBlocked("update coordinator_lease");

            // when: the statement lands and nobody hears of it
            proxy.cut();
            assertThat(Await.failure(taken)).isInstanceOf(ServerException.class);
            end(blocker);
            Await.until("nothing is under way", () -> statements("update coordinator_lease") == 0);

            // then
            proxy.open();
            Await.until("it answers again", remote::isReady);
            Optional<Long> epoch = Await.value(
                    "the lease", Await.DEADLINE, () -> Await.result(far.take("one", LONG)), Optional::isPresent);
            assertThat(epoch()).isEqualTo(epoch.orElseThrow());
            assertThat(Await.result(far.renew("one", epoch.orElseThrow(), LONG)))
                    .isTrue();
            assertThat(take("two", LONG)).isEmpty();
        } finally {
            Await.result(remote.close());
            proxy.close();
            Await.result(vertx.close());
        }
    }

    // ----

    private Optional<Long> take(String holder, Duration lease) {
        return Await.result(leases.take(holder, lease));
    }

    private boolean renew(String holder, long epoch, Duration lease) {
        return Await.result(leases.renew(holder, epoch, lease));
    }

    private Lease current() {
        return Await.result(leases.current());
    }

    private Object epoch() {
        return fixture.value("select epoch from coordinator_epoch");
    }

    /** A connection with a transaction that has carried this out and does not end. */
    private SqlConnection holding(String sql) {
        SqlConnection connection = Await.result(fixture.database().pool().getConnection());
        Await.result(connection.query("begin").execute());
        Await.result(connection.query(sql).execute());
        return connection;
    }

    private static void end(SqlConnection connection) {
        Await.result(connection.query("commit").execute());
        Await.result(connection.close());
    }

    /** What holds up saves of the job from now on. */
    private SqlConnection savingSlowly(FencedWrites writes) {
        Await.result(writes.save(
                List.of(new NewJob(
                        JOB, ORG, "alice", new JobTerms(JobSpec.of("true"), List.of("a"), 1, 60), Instant.now())),
                List.of()));
        return holding("select 1 from jobs for update");
    }

    private static JobChanges change() {
        return new JobChanges(
                JOB,
                ORG,
                Revisions.next(),
                Optional.of(JobStatus.RUNNING),
                Map.of(),
                Map.of(),
                List.of(),
                Instant.now());
    }

    private void awaitBlocked(String statement) {
        Await.until("a statement that waits: " + statement, () -> statements(statement) > 0);
    }

    private long statements(String waiting) {
        return (Long) fixture.value("""
                select count(*) from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock' and query like $1""", waiting + "%");
    }
}
