package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.FencedWrites;
import org.pushjobs.server.store.LeaseStore;
import org.pushjobs.server.store.TermAudit;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.LogCapture;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.Silence;

/** Two servers that take the jobs from each other all the time, and go on to write until the database stops them. */
@ExtendWith(PostgresExtension.class)
class TwoTermsIT {
    private static final Duration TURN = Duration.ofMillis(200);
    private static final Duration LEASE = Duration.ofMillis(100);

    private final Vertx vertx = Vertx.vertx();
    private final TermHistory history = new TermHistory();
    private final Deque<Running> terms = new ArrayDeque<>();
    private Database database;
    private TermAudit audit;
    private LeaseStore leases;
    private long begun;
    private long saves;

    private record Running(WritingTerm term, String deployment) {}

    @BeforeEach
    void open(DatabaseConfig.External config) {
        database = Database.open(vertx, config);
        Await.result(database.ready());
        audit = TermAudit.install(vertx, config, database.pool());
        leases = new LeaseStore(database.leases());
    }

    @AfterEach
    void close() {
        Await.result(database.close());
        Await.result(vertx.close());
    }

    @Test
    void noRowIsOfATermThatWasOverAndNothingIsLostOrDoubled() {
        takeTurns(Duration.ofSeconds(5));
    }

    @Test
    @Tag("load")
    void noRowIsOfATermThatWasOverAndNothingIsLostOrDoubledForAMinute() {
        takeTurns(Duration.ofSeconds(60));
    }

    private void takeTurns(Duration duration) {
        try (LogCapture log = new LogCapture(FencedWrites.class)) {
            Silence.of(StoreWriter.class, () -> {
                Instant end = Instant.now().plus(duration);
                while (Instant.now().isBefore(end)) {
                    Instant next = Instant.now().plus(TURN);
                    beginTerm();
                    Await.until("the turn is over", () -> Instant.now().isAfter(next));
                }
                WritingTerm last = terms.getLast().term();
                last.end();
                Await.until("the jobs have ended", last::isDone);
            });
            assertThat(log.messages(Level.ERROR)).as("events that had no place").isEmpty();
        }
        while (!terms.isEmpty()) {
            undeployOldest();
        }
        System.out.printf(
                "%d terms in %d s: %d saves, %d jobs, %d events, %d rows%n",
                begun, duration.toSeconds(), saves, history.jobsEnded(), history.eventsStored(), audit.rows());
        assertThat(begun).isGreaterThan(duration.toSeconds());
        assertThat(history.jobsEnded()).isPositive();
        assertThat(audit.violations()).isEmpty();
        history.compareWith(database.pool());
    }

    private void beginTerm() {
        String holder = (begun % 2 == 0 ? "one " : "two ") + begun;
        long epoch = Await.value(
                        "the lease",
                        Await.DEADLINE,
                        () -> Await.result(leases.take(holder, LEASE)),
                        Optional::isPresent)
                .orElseThrow();
        Await.result(audit.begun(epoch));
        WritingTerm term = new WritingTerm(database, audit.connections(epoch), epoch, history);
        terms.addLast(new Running(term, Await.result(vertx.deployVerticle(term))));
        begun++;
        if (terms.size() > 2) {
            WritingTerm old = terms.getFirst().term();
            Await.until("the old term has tried to write", old::isOver);
            undeployOldest();
        }
    }

    private void undeployOldest() {
        Running oldest = terms.removeFirst();
        saves += oldest.term().saves();
        Await.result(vertx.undeploy(oldest.deployment()));
    }

    // ---- the record itself

    @Test
    void recordShowsARowThatAnOldTermWrites() {
        Pool old = audit.connections(take());
        take();

        write(old);

        assertThat(audit.violations()).contains("INSERT jobs by epoch 1 while 2 counted");
        Await.result(old.close());
    }

    @Test
    void recordShowsARowThatAnOldTermHadWrittenAndCommitsLater() {
        Pool pool = audit.connections(take());
        SqlConnection old = Await.result(pool.getConnection());
        Await.result(old.query("begin").execute());
        Await.result(old.query(INSERT).execute());

        take();
        Await.result(old.query("commit").execute());

        assertThat(audit.violations()).containsExactly("INSERT jobs by epoch 1 came after 2 began");
        Await.result(old.close());
        Await.result(pool.close());
    }

    @Test
    void recordShowsNothingWhereTermsKeepApart() {
        for (int n = 0; n < 2; n++) {
            Pool current = audit.connections(take());
            write(current);
            Await.result(current.close());
        }

        assertThat(audit.rows()).isEqualTo(2);
        assertThat(audit.violations()).isEmpty();
    }

    private static final String INSERT = "insert into jobs (id, org_id, command, status, last_updated_by, created_at,"
            + " updated_at) values (md5(random()::text), '', '', 0, '', now(), now())";

    private static void write(Pool pool) {
        Await.result(pool.query(INSERT).execute());
    }

    private long take() {
        long epoch = Await.result(leases.take("term " + begun++, Duration.ZERO)).orElseThrow();
        Await.result(audit.begun(epoch));
        return epoch;
    }
}
