package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.jobs.model.Channel;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.jobs.model.OutputPart;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.LogCapture;
import org.pushjobs.server.testing.PostgresExtension;

/** What a term writes while another one begins, and after that (cluster.md, "Fence"). */
@ExtendWith(PostgresExtension.class)
class FencedWritesIT {
    private static final String ORG = "0123456789abcdef0123456789abcdef";
    private static final String JOB = "0123456789abcdef0123456789abcde1";
    private static final String OTHER = "0123456789abcdef0123456789abcde2";
    private static final String ENDED = "0123456789abcdef0123456789abcde3";
    private static final String NEW = "0123456789abcdef0123456789abcde4";
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Duration LEASE = Duration.ofSeconds(60);

    private DatabaseFixture fixture;
    private LeaseStore leases;
    private FencedWrites old;

    /** Everything that a term writes. */
    private enum Write {
        CREATION(writes -> writes.save(List.of(newJob(NEW)), List.of(start(NEW)))),
        CHANGE(writes -> writes.save(List.of(), List.of(change(JOB, 2, 2)))),
        CREATION_AND_CHANGE(writes -> writes.save(List.of(newJob(NEW)), List.of(start(NEW), change(JOB, 2, 2)))),
        MORE_THAN_A_STATEMENT(writes -> writes.save(List.of(), List.of(large(JOB, 2), change(OTHER, 2, 2)))),
        OUTPUT_OF_A_RESULT(writes -> writes.save(
                List.of(), List.of(JobChanges.ofOutputs(JOB, ORG, Map.of("a", new Output("out", "")), NOW)))),
        OUTPUT_PARTS(writes -> writes.append(List.of(new OutputPart(JOB, "a", Channel.STDOUT, 0, new byte[] {1})))),
        DISCARD(writes -> writes.discard(List.of(JOB), NOW)),
        DISCARD_OF_WHAT_IS_NOT_THERE(writes -> writes.discard(List.of(NEW), NOW)),
        CRASH(writes -> writes.crashLive(NOW)),
        DELETION(writes -> writes.deleteEnded(NOW.plusSeconds(60), 10));

        private final Function<FencedWrites, Future<?>> call;

        Write(Function<FencedWrites, Future<?>> call) {
            this.call = call;
        }
    }

    @BeforeEach
    void open(DatabaseConfig.External config) {
        fixture = new DatabaseFixture(config);
        leases = new LeaseStore(fixture.database().leases());
        old = begin("old");
        Await.result(old.save(
                List.of(newJob(JOB), newJob(OTHER), newJob(ENDED)), List.of(start(JOB), start(OTHER), start(ENDED))));
        Await.result(old.append(List.of(new OutputPart(ENDED, "a", Channel.STDOUT, 0, new byte[] {1}))));
        Await.result(old.save(
                List.of(),
                List.of(new JobChanges(
                        ENDED, ORG, 2, Optional.of(JobStatus.COMPLETE), Map.of(), Map.of(), List.of(), NOW))));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource
    void writeOfATermThatIsOverWritesNothingAndSaysSo(Write write) {
        FencedWrites current = begin("new");
        String before = everything();

        Throwable failure = Await.failure(write.call.apply(old));

        assertThat(failure)
                .isInstanceOf(StaleEpochException.class)
                .hasMessageContaining("epoch: 1")
                .isInstanceOfSatisfying(
                        ServerException.class, e -> assertThat(e.status()).isEqualTo(503));
        assertThat(WriteFailure.of(failure)).isEqualTo(WriteFailure.FENCED);
        assertThat(WriteFailure.of(failure).isTemporary()).isFalse();
        assertThat(everything()).isEqualTo(before);

        // and: it is the epoch that made the difference
        Await.result(write.call.apply(current));
        assertThat(everything()).isNotEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void writeThatComesWhileATakeOverIsCommittedWritesNothing(Write write) {
        SqlConnection taking = raised(2);
        String before = everything();

        Future<?> written = write.call.apply(old);
        awaitBlocked("with term as");
        Await.result(taking.query("commit").execute());

        assertThat(Await.failure(written)).isInstanceOf(StaleEpochException.class);
        assertThat(everything()).isEqualTo(before);
        Await.result(taking.close());
    }

    @ParameterizedTest
    @EnumSource
    void writeThatWaitedForATakeOverThatCameToNothingIsCarriedOut(Write write) {
        SqlConnection taking = raised(2);
        String before = everything();

        Future<?> written = write.call.apply(old);
        awaitBlocked("with term as");
        Await.result(taking.query("rollback").execute());

        Await.result(written);
        assertThat(everything()).isNotEqualTo(before);
        Await.result(taking.close());
    }

    @Test
    void saveThatIsUnderWayIsWaitedForAndIsThenThere() {
        SqlConnection blocker = locked(JOB);
        Future<Void> save = old.save(List.of(), List.of(change(JOB, 2, 2)));
        awaitBlocked("with term as");

        // when
        Future<Optional<Long>> taken = leases.take("old", LEASE);

        // then
        awaitBlocked("lock table");
        assertThat(taken.isComplete()).isFalse();
        assertThat(save.isComplete()).isFalse();

        // when
        Await.result(blocker.query("commit").execute());

        // then
        assertThat(Await.result(taken)).contains(2L);
        assertThat(fixture.value("select status from job_nodes where job_id = $1", JOB))
                .as("what the next term reads first")
                .isEqualTo(NodeStatus.RUNNING.code());
        Await.result(save);
        assertThat(Await.failure(old.save(List.of(), List.of(change(JOB, 3, 3)))))
                .isInstanceOf(StaleEpochException.class);
        assertThat(fixture.value("select max(seq) from job_events where job_id = $1", JOB))
                .isEqualTo(2);
        Await.result(blocker.close());
    }

    @Test
    void saveOfSeveralStatementsIsWaitedForAsAWhole() {
        SqlConnection blocker = locked(OTHER);
        Future<Void> save = old.save(List.of(), List.of(large(JOB, 2), change(OTHER, 2, 2)));
        awaitBlocked("with term as");
        Future<Optional<Long>> taken = leases.take("old", LEASE);
        awaitBlocked("lock table");

        Await.result(blocker.query("commit").execute());

        Await.result(save);
        assertThat(Await.result(taken)).contains(2L);
        assertThat(fixture.value("select count(*) from job_events where job_id = $1", JOB))
                .isEqualTo(12_001L);
        assertThat(fixture.value("select revision from jobs where id = $1", OTHER))
                .isEqualTo(2L);
        Await.result(blocker.close());
    }

    @Test
    void deletionOfAnOrganisationsJobsIsWaitedForToo() {
        SqlConnection deleting = Await.result(fixture.database().pool().getConnection());
        Await.result(deleting.query("begin").execute());
        assertThat(Await.result(FencedWrites.deleteEnded(deleting, ORG, 10))).isEqualTo(1);

        Future<Optional<Long>> taken = leases.take("old", LEASE);
        awaitBlocked("lock table");
        Await.result(deleting.query("commit").execute());

        assertThat(Await.result(taken)).contains(2L);
        Await.result(deleting.close());
    }

    @Test
    void commandDeletesJobsInWhateverTermItIs() {
        begin("new");
        assertThat(deleteInAnyTerm()).isEqualTo(1);

        // and: a term that begins meanwhile
        fixture.query("update jobs set status = 2 where id = $1", JOB);
        SqlConnection taking = raised(3);
        Future<Integer> deleted =
                FencedWrites.deleteEndedInAnyTerm(fixture.database().writes(), NOW.plusSeconds(60), 10);
        awaitBlocked("with term as");
        Await.result(taking.query("commit").execute());

        assertThat(Await.result(deleted)).isEqualTo(1);
        Await.result(taking.close());
    }

    @Test
    void commandDeletesJobsWhereThereNeverWasATerm() {
        fixture.query("update coordinator_epoch set epoch = 0");

        assertThat(deleteInAnyTerm()).isEqualTo(1);
    }

    @Test
    void moreOutputThanAStatementDeletesGoesWithItsJob() {
        fixture.query("insert into job_output_parts (job_id, node_name, channel, position, data)" + " select '" + ENDED
                + "', 'b', 1, n, 'x' from generate_series(1, 4500) n");
        fixture.query("insert into job_output_parts (job_id, node_name, channel, position, data) values ('" + JOB
                + "', 'a', 1, 0, 'x')");

        assertThat(Await.result(old.deleteEnded(NOW.plusSeconds(60), 10))).isEqualTo(1);

        assertThat(fixture.value("select string_agg(job_id::text, ' ') from job_output_parts"))
                .isEqualTo(JOB);
    }

    @Test
    void moreLiveJobsThanAStatementCrashesAreAllCrashed() {
        List<String> ids = IntStream.range(0, 47).mapToObj("%032x"::formatted).toList();
        Await.result(old.save(
                ids.stream().map(FencedWritesIT::newJob).toList(),
                ids.stream().map(FencedWritesIT::start).toList()));

        assertThat(Await.result(old.crashLive(NOW))).isEqualTo(49);

        assertThat(fixture.value("select count(*) from jobs where status = 7")).isEqualTo(49L);
        assertThat(fixture.value("select count(*) from job_events where name = 'job_complete'"))
                .isEqualTo(49L);
    }

    // ---- events that have no place

    @Test
    void eventWhosePlaceIsTakenIsLoggedAndTheRestIsStored() {
        fixture.query("insert into job_events (job_id, seq, name, at, data) values ('" + JOB
                + "', 3, 'of nobody', now(), '{}')");
        try (LogCapture log = new LogCapture(FencedWrites.class)) {
            Await.result(old.save(List.of(), List.of(change(JOB, 2, 2, 3, 4), change(OTHER, 2, 2, 3))));

            assertThat(log.messages(Level.ERROR))
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line).contains("table: job_events", "job: " + JOB, "seq: 3", "epoch: 1"));
        }
        assertThat(fixture.value(
                        "select string_agg(seq || ' ' || name, ', ' order by seq) from job_events"
                                + " where job_id = $1",
                        JOB))
                .isEqualTo("1 start, 2 quorum_vote, 3 of nobody, 4 quorum_vote");
        assertThat(fixture.value("select count(*) from job_events where job_id = $1", OTHER))
                .isEqualTo(3L);
    }

    @Test
    void placeInAnOrganisationsFeedThatIsTakenIsLogged() {
        // given: another statement is about to take the place after the newest event
        SqlConnection other = Await.result(fixture.database().pool().getConnection());
        Await.result(other.query("begin").execute());
        Await.result(other.query("insert into job_events (job_id, seq, name, at, data) values ('" + OTHER
                        + "', 9, 'start', now(), '{}')")
                .execute());
        Await.result(other.query("insert into org_events (org_id, at, job_id, seq)"
                        + " select max(org_id), max(at) + interval '1 microsecond', '" + OTHER + "', 9 from org_events")
                .execute());
        try (LogCapture log = new LogCapture(FencedWrites.class)) {
            // when
            Future<Void> save = old.save(List.of(newJob(NEW)), List.of(start(NEW)));
            awaitBlocked("with term as");
            Await.result(other.query("commit").execute());

            // then
            Await.result(save);
            assertThat(log.messages(Level.ERROR))
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line).contains("table: org_events", "job: " + NEW, "seq: 1", "epoch: 1"));
        }
        Await.result(other.close());
    }

    @Test
    void sameWriteThatComesAgainIsNoCollision() {
        List<JobChanges> small = List.of(change(JOB, 2, 2));
        List<JobChanges> large = List.of(large(JOB, 3), change(OTHER, 2, 2));
        try (LogCapture log = new LogCapture(FencedWrites.class)) {
            Await.result(old.save(List.of(newJob(NEW)), List.of(start(NEW))));
            Await.result(old.save(List.of(), small));
            Await.result(old.save(List.of(), large));
            String before = everything();

            Await.result(old.save(List.of(newJob(NEW)), List.of(start(NEW))));
            Await.result(old.save(List.of(), small));
            Await.result(old.save(List.of(), large));

            assertThat(everything()).isEqualTo(before);
            assertThat(log.messages(Level.ERROR)).isEmpty();
        }
    }

    // ----

    private FencedWrites begin(String holder) {
        fixture.query("update coordinator_lease set expires_at = now()");
        long epoch = Await.result(leases.take(holder, LEASE)).orElseThrow();
        return new FencedWrites(fixture.database().writes(), epoch);
    }

    /** A connection that has raised the epoch, and has not committed that. */
    private SqlConnection raised(long epoch) {
        SqlConnection connection = Await.result(fixture.database().pool().getConnection());
        Await.result(connection.query("begin").execute());
        Await.result(connection
                .preparedQuery("update coordinator_epoch set epoch = $1")
                .execute(Tuple.of(epoch)));
        return connection;
    }

    private SqlConnection locked(String job) {
        SqlConnection connection = Await.result(fixture.database().pool().getConnection());
        Await.result(connection.query("begin").execute());
        Await.result(connection
                .preparedQuery("select 1 from jobs where id = $1 for update")
                .execute(Tuple.of(job)));
        return connection;
    }

    private void awaitBlocked(String statement) {
        Await.until("a statement that waits: " + statement, () -> ((Long) fixture.value("""
                        select count(*) from pg_stat_activity
                        where datname = current_database() and wait_event_type = 'Lock' and query like $1""", statement + "%")) > 0);
    }

    private int deleteInAnyTerm() {
        return Await.result(FencedWrites.deleteEndedInAnyTerm(fixture.database().writes(), NOW.plusSeconds(60), 10));
    }

    /** Each row with the transaction that wrote it. */
    private String everything() {
        StringBuilder rows = new StringBuilder();
        for (String table : FencedSql.TABLES) {
            fixture.query("select t.xmin::text || ' ' || t::text as row from " + table + " t order by 1")
                    .forEach(row -> rows.append(table)
                            .append(' ')
                            .append(row.getString("row"))
                            .append('\n'));
        }
        return rows.toString();
    }

    private static NewJob newJob(String id) {
        return new NewJob(id, ORG, "alice", new JobTerms(JobSpec.of("true"), List.of("a"), 1, 60), NOW);
    }

    private static JobChanges start(String id) {
        return changes(id, 1, Optional.of(JobStatus.VOTING), Map.of(), List.of(event(1, "start")));
    }

    private static JobChanges change(String id, long revision, int... seqs) {
        return changes(
                id,
                revision,
                Optional.of(JobStatus.RUNNING),
                Map.of("a", new JobChanges.NodeChange(NodeStatus.RUNNING, Optional.empty())),
                IntStream.of(seqs).mapToObj(seq -> event(seq, "quorum_vote")).toList());
    }

    /** More than a statement brings. */
    private static JobChanges large(String id, long revision) {
        return changes(
                id,
                revision,
                Optional.empty(),
                Map.of(),
                IntStream.range(100, 12_100)
                        .mapToObj(seq -> event(seq, "run_start"))
                        .toList());
    }

    private static JobChanges changes(
            String id,
            long revision,
            Optional<JobStatus> status,
            Map<String, JobChanges.NodeChange> nodes,
            List<EventRow> events) {
        return new JobChanges(id, ORG, revision, status, nodes, Map.of(), events, NOW);
    }

    private static EventRow event(int seq, String name) {
        return new EventRow(seq, name, NOW.plusNanos(seq * 1_000L), new JsonObject());
    }
}
