package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.server.jobs.model.Channel;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.jobs.model.OrgEventRow;
import org.pushjobs.server.jobs.model.StoredJob;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.FreePort;
import org.pushjobs.server.testing.PostgresExtension;

/** Statements that are carried out after their writer has given up waiting for them, or beside those that followed. */
@ExtendWith(PostgresExtension.class)
class LateWritesIT {
    private static final String ORG = "0123456789abcdef0123456789abcdef";
    private static final String JOB = "0123456789abcdef0123456789abcde1";
    private static final String OTHER = "0123456789abcdef0123456789abcde2";
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private DatabaseConfig.External config;
    private DatabaseFixture fixture;
    private JobStore store;
    private FencedWrites writes;
    private EventStore events;

    @BeforeEach
    void open(DatabaseConfig.External freshDatabase) {
        config = freshDatabase;
        fixture = new DatabaseFixture(config);
        store = new JobStore(fixture.database().pool());
        writes = fixture.writes();
        events = new EventStore(fixture.database().pool());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void changeThatComesLateChangesNothing() {
        create(JOB);
        Await.result(writes.save(List.of(), List.of(change(3, JobStatus.RUNNING, NodeStatus.RUNNING, 2))));

        Await.result(writes.save(List.of(), List.of(change(2, JobStatus.VOTING, NodeStatus.READY, 3))));

        StoredJob stored = job();
        assertThat(stored.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(stored.nodes()).isEqualTo(Map.of("a", NodeStatus.RUNNING));
        assertThat(stored.lastEventSeq()).isEqualTo(2);
        assertThat(stored.revision()).isEqualTo(3);
    }

    @Test
    void changeThatComesAgainRewritesNothing() {
        create(JOB);
        JobChanges change = change(2, JobStatus.RUNNING, NodeStatus.RUNNING, 2);
        Await.result(writes.save(List.of(), List.of(change)));
        String versions = versions();

        Await.result(writes.save(List.of(), List.of(change)));

        assertThat(versions()).isEqualTo(versions);
    }

    @Test
    void lateChangeThatWaitsBesideANewerOneChangesNothing() {
        create(JOB);
        create(OTHER);
        for (int round = 0; round < 10; round++) {
            long revision = 10L * round + 10;
            boolean newerFirst = round % 2 == 0;
            SqlConnection blocker = locked();

            // when: both wait for the row
            JobChanges newer = change(revision + 1, JobStatus.RUNNING, NodeStatus.RUNNING, round + 2);
            JobChanges late = change(revision, JobStatus.VOTING, NodeStatus.READY, 1_000 + round);
            Future<Void> first = writes.save(List.of(), List.of(newerFirst ? newer : late));
            awaitBlocked(1);
            Future<Void> second = writes.save(List.of(), List.of(newerFirst ? late : newer));
            awaitBlocked(2);
            Await.result(blocker.query("commit").execute());
            Await.result(blocker.close());
            Await.result(first);
            Await.result(second);

            // then
            assertThat(job().nodes()).as("round %d", round).isEqualTo(Map.of("a", NodeStatus.RUNNING));
            assertThat(job().revision()).isEqualTo(revision + 1);
            if (newerFirst) {
                assertThat(job().lastEventSeq()).isLessThan(1_000);
            }
            fixture.query("delete from job_events where seq >= 1000");
        }
    }

    @Test
    void nothingComesAfterAnEndOfAHigherRevision() {
        create(JOB);
        Await.result(writes.save(List.of(), List.of(change(9, JobStatus.CRASHED, NodeStatus.CRASHED, 5))));

        Await.result(writes.save(List.of(), List.of(change(8, JobStatus.COMPLETE, NodeStatus.SUCCEEDED, 4))));
        Await.result(writes.save(
                List.of(), List.of(JobChanges.ofOutputs(JOB, ORG, Map.of("a", new Output("late", "")), NOW))));

        assertThat(job().status()).isEqualTo(JobStatus.CRASHED);
        assertThat(fixture.value("select count(*) from job_events")).isEqualTo(2L);
        assertThat(Await.result(store.output(ORG, JOB, "a", Channel.STDOUT))).isEmpty();
    }

    @Test
    void whatAnEarlierLifeOfTheServerHadUnderWayIsDroppedOnceItsJobsAreCrashed() {
        create(JOB);
        Await.result(writes.crashLive(NOW));

        Await.result(writes.save(List.of(), List.of(change(7, JobStatus.RUNNING, NodeStatus.RUNNING, 9))));

        assertThat(job().nodes()).isEqualTo(Map.of("a", NodeStatus.NEW));
        assertThat(fixture.value("select max(seq) from job_events")).isEqualTo(2);
    }

    @Test
    void outputThatComesAgainIsNotRewritten() {
        create(JOB);
        JobChanges output = JobChanges.ofOutputs(JOB, ORG, Map.of("a", new Output("out", "")), NOW);
        Await.result(writes.save(List.of(), List.of(output)));
        Object before = fixture.value("select xmin::text from job_output");

        Await.result(writes.save(List.of(), List.of(output)));

        assertThat(fixture.value("select xmin::text from job_output")).isEqualTo(before);
        assertThat(job().revision()).isZero();
    }

    // ---- jobs that are discarded

    @Test
    void creationThatComesAfterItWasDiscardedStoresNothing() {
        Await.result(writes.discard(List.of(JOB), NOW));

        create(JOB);
        Await.result(writes.save(List.of(), List.of(change(2, JobStatus.RUNNING, NodeStatus.RUNNING, 2))));

        assertThat(Await.result(store.find(ORG, JOB))).isEmpty();
        assertThat(Await.result(store.list(ORG, Optional.empty(), 10))).isEmpty();
        assertThat(Await.result(store.live())).isEmpty();
        assertThat(feed()).isEmpty();
        assertThat(fixture.value("select (select count(*) from job_nodes) + (select count(*) from job_events)"))
                .isEqualTo(0L);
    }

    @Test
    void discardedJobHasAnEndInItsOrganisationsFeed() {
        create(JOB);

        Await.result(writes.discard(List.of(JOB, OTHER), NOW));
        Await.result(writes.discard(List.of(JOB, OTHER), NOW));

        assertThat(job().status()).isEqualTo(JobStatus.CRASHED);
        assertThat(feed()).containsExactly("start", "job_complete");
        assertThat(Await.result(events.ofJob(JOB, 0, 10)))
                .extracting(EventRow::name)
                .containsExactly("start", "job_complete");
    }

    @Test
    void creationThatIsUnderWayWhileItIsDiscardedDoesNotComeAlive() {
        // given: a creation that is not committed
        SqlConnection creating = Await.result(fixture.database().pool().getConnection());
        Await.result(creating.query("begin").execute());
        JobStatements.of(JobRows.of(List.of(newJob(JOB)), List.of(start(JOB))), 0)
                .forEach(statement ->
                        Await.result(creating.preparedQuery(statement.sql()).execute(statement.parameters())));

        // when
        Future<Void> discarded = writes.discard(List.of(JOB), NOW);
        awaitBlocked(1);
        Await.result(creating.query("commit").execute());
        Await.result(creating.close());
        Await.result(discarded);

        // then
        assertThat(job().status()).isEqualTo(JobStatus.CRASHED);
        assertThat(feed()).containsExactly("start", "job_complete");
    }

    @Test
    void whatKeepsDiscardedJobsOutIsForgottenAfterADay() {
        Await.result(writes.discard(List.of(JOB), NOW));

        Await.result(writes.discard(List.of(OTHER), NOW.plus(Duration.ofHours(25))));

        assertThat(fixture.value("select string_agg(id::text, ' ') from jobs")).isEqualTo(OTHER);
    }

    // ---- what is known of a write that failed

    @Test
    void saveThatWaitsForALockEndsBeforeItsWriterGivesUp() {
        create(JOB);
        SqlConnection blocker = locked();

        Throwable failure =
                Await.failure(writes.save(List.of(), List.of(change(2, JobStatus.RUNNING, NodeStatus.RUNNING, 2))));

        assertThat(failure).cause().isInstanceOf(PgException.class).hasMessageContaining("statement timeout");
        assertThat(WriteFailure.of(failure)).isEqualTo(WriteFailure.NOT_DONE);
        Await.result(blocker.close());
    }

    @Test
    void tableThatIsMissingIsAnOutage() {
        create(JOB);
        fixture.query("alter table job_events rename to job_events_moved");

        Throwable failure =
                Await.failure(writes.save(List.of(), List.of(change(2, JobStatus.RUNNING, NodeStatus.RUNNING, 2))));

        assertThat(WriteFailure.of(failure)).isEqualTo(WriteFailure.NOT_DONE);
        assertThat(failure).hasMessageContaining("job_events").hasMessageNotContaining("does not answer");
    }

    @Test
    void rowThatExceedsALimitIsSuspect() {
        create(JOB);
        fixture.query("create function limit_exceeded() returns trigger language plpgsql as"
                + " $$begin raise exception using errcode = '54000', message = 'too large'; end$$");
        fixture.query("create trigger t before insert on job_events for each row execute procedure limit_exceeded()");

        Throwable failure =
                Await.failure(writes.save(List.of(), List.of(change(2, JobStatus.RUNNING, NodeStatus.RUNNING, 2))));

        assertThat(WriteFailure.of(failure)).isEqualTo(WriteFailure.SUSPECT);
    }

    @Test
    void withoutAConnectionNothingWasSent() {
        fixture.close();
        int nobody = FreePort.pick();
        DatabaseConfig.External away = new DatabaseConfig.External(
                config.host(), nobody, config.database(), config.user(), config.password(), config.poolSize());
        Vertx vertx = Vertx.vertx();
        Database database = Database.open(vertx, away);
        try {
            Throwable failure =
                    Await.failure(new FencedWrites(database.writes(), 0).save(List.of(newJob(JOB)), List.of()));

            assertThat(WriteFailure.of(failure)).isEqualTo(WriteFailure.NOT_SENT);
        } finally {
            Await.result(database.close());
            Await.result(vertx.close());
            fixture = new DatabaseFixture(config);
        }
    }

    private SqlConnection locked() {
        SqlConnection blocker = Await.result(fixture.database().pool().getConnection());
        Await.result(blocker.query("begin").execute());
        Await.result(blocker.preparedQuery("select 1 from jobs where id = $1 for update")
                .execute(Tuple.of(JOB)));
        return blocker;
    }

    private void awaitBlocked(int statements) {
        Await.until(
                statements + " statements wait for a lock",
                () -> ((Long) fixture.value(
                                "select count(*) from pg_locks where not granted and database = (select oid from"
                                        + " pg_database where datname = current_database()) or not granted and locktype"
                                        + " = 'transactionid'"))
                        >= statements);
    }

    private String versions() {
        return (String) fixture.value("select (select string_agg(xmin::text, ' ') from jobs) || ','"
                + " || (select string_agg(xmin::text, ' ') from job_nodes) || ','"
                + " || (select string_agg(xmin::text, ' ' order by seq) from job_events)");
    }

    private List<String> feed() {
        return Await.result(events.ofOrganisation(ORG, Instant.EPOCH, 100)).stream()
                .map(OrgEventRow::name)
                .toList();
    }

    private StoredJob job() {
        return Await.result(store.find(ORG, JOB)).orElseThrow();
    }

    private void create(String id) {
        Await.result(writes.save(List.of(newJob(id)), List.of(start(id))));
    }

    private static NewJob newJob(String id) {
        return new NewJob(id, ORG, "alice", new JobTerms(JobSpec.of("true"), List.of("a"), 1, 60), NOW);
    }

    private static JobChanges start(String id) {
        return new JobChanges(
                id,
                ORG,
                1,
                Optional.of(JobStatus.VOTING),
                Map.of(),
                Map.of(),
                List.of(new EventRow(1, "start", NOW, new JsonObject())),
                NOW);
    }

    private static JobChanges change(long revision, JobStatus status, NodeStatus node, int seq) {
        String event = status.isTerminal() ? "job_complete" : "quorum_vote";
        return new JobChanges(
                JOB,
                ORG,
                revision,
                Optional.of(status),
                Map.of("a", new JobChanges.NodeChange(node, Optional.empty())),
                Map.of(),
                List.of(new EventRow(seq, event, NOW.plusSeconds(seq), new JsonObject())),
                NOW);
    }
}
