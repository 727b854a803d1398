package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.server.jobs.model.EarlierStart;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.IdempotencyKey;
import org.pushjobs.server.jobs.model.JobAbort;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.JobNode;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobSummary;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.jobs.model.NodeTimes;
import org.pushjobs.server.jobs.model.OutputState;
import org.pushjobs.server.jobs.model.StoredJob;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;

/** What is stored of a job besides its status: times and output of its nodes, its abort, its key; and its deletion. */
@ExtendWith(PostgresExtension.class)
class JobDetailStoreIT {
    private static final String ORG = "0123456789abcdef0123456789abcdef";
    private static final String OTHER_ORG = "ffffffffffffffffffffffffffffffff";
    private static final Instant START = Instant.parse("2026-11-22T10:00:00.123456Z");
    private static final IdempotencyKey KEY = new IdempotencyKey("key", "ab".repeat(32));

    private DatabaseFixture fixture;
    private JobStore store;
    private FencedWrites writes;

    @BeforeEach
    void open(DatabaseConfig.External config) {
        fixture = new DatabaseFixture(config);
        store = new JobStore(fixture.database().pool());
        writes = fixture.writes();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    // ---- nodes

    @Test
    void stationsOfANodeAreStoredOneAfterTheOther() {
        Await.result(writes.save(List.of(job(1, "a", "b")), List.of()));

        Await.result(writes.save(List.of(), List.of(change("a", NodeStatus.READY, at(1)))));
        Await.result(writes.save(List.of(), List.of(change("a", NodeStatus.RUNNING, at(2)))));
        Await.result(writes.save(List.of(), List.of(change("a", NodeStatus.FAILED, at(3)))));

        assertThat(nodes())
                .containsExactly(
                        new JobNode(
                                "a",
                                NodeStatus.FAILED,
                                Optional.of("because of failed"),
                                new NodeTimes(Optional.of(at(1)), Optional.of(at(2)), Optional.of(at(3))),
                                new OutputState.None()),
                        new JobNode("b", NodeStatus.NEW, Optional.empty(), NodeTimes.NONE, new OutputState.None()));
    }

    @Test
    void stationsThatComeInOneCallAreAllStored() {
        Await.result(writes.save(
                List.of(job(1, "a")),
                List.of(
                        change("a", NodeStatus.READY, at(1)),
                        change("a", NodeStatus.RUNNING, at(2)),
                        change("a", NodeStatus.SUCCEEDED, at(3)))));

        assertThat(nodes().getFirst().times())
                .isEqualTo(new NodeTimes(Optional.of(at(1)), Optional.of(at(2)), Optional.of(at(3))));
    }

    @Test
    void finalStateKeepsItsTimeAndReason() {
        Await.result(writes.save(List.of(job(1, "a")), List.of(change("a", NodeStatus.CRASHED, at(1)))));

        Await.result(writes.save(List.of(), List.of(change("a", NodeStatus.SUCCEEDED, at(2)))));

        assertThat(nodes().getFirst().reason()).contains("because of crashed");
        assertThat(nodes().getFirst().times().finishedAt()).contains(at(1));
    }

    @Test
    void whatBecameOfTheOutputIsStored() {
        Await.result(writes.save(
                List.of(job(1, "kept", "dropped", "none")),
                List.of(
                        change("kept", NodeStatus.SUCCEEDED, at(1), new OutputState.Kept(5, 0)),
                        change("dropped", NodeStatus.FAILED, at(1), new OutputState.Dropped()),
                        change("none", NodeStatus.NACKED, at(1), new OutputState.None()))));

        assertThat(nodes().stream().collect(Collectors.toMap(JobNode::name, JobNode::output)))
                .isEqualTo(Map.of(
                        "kept", new OutputState.Kept(5, 0),
                        "dropped", new OutputState.Dropped(),
                        "none", new OutputState.None()));
    }

    @Test
    void outputThatAnOlderServerStoredIsKept() {
        Await.result(writes.save(
                List.of(job(1, "text", "bytes", "nothing")),
                List.of(new JobChanges(
                        id(1),
                        ORG,
                        Revisions.next(),
                        Optional.empty(),
                        Map.of(),
                        Map.of("text", new Output("äöü", "x"), "bytes", new Output("a\0b", "")),
                        List.of(),
                        START))));

        assertThat(nodes().stream().collect(Collectors.toMap(JobNode::name, JobNode::output)))
                .isEqualTo(Map.of(
                        "text", new OutputState.Kept(6, 1),
                        "bytes", new OutputState.Kept(3, 0),
                        "nothing", new OutputState.None()));
    }

    @Test
    void nodeIsFoundOnlyInItsJobAndOrganisation() {
        Await.result(writes.save(List.of(job(1, "a")), List.of()));

        assertThat(Await.result(store.node(ORG, id(1), "a"))).isPresent();
        assertThat(Await.result(store.node(ORG, id(1), "b"))).isEmpty();
        assertThat(Await.result(store.node(ORG, id(1), "a\0"))).isEmpty();
        assertThat(Await.result(store.node(ORG, id(2), "a"))).isEmpty();
        assertThat(Await.result(store.node(OTHER_ORG, id(1), "a"))).isEmpty();
        assertThat(Await.result(store.nodes(OTHER_ORG, id(1)))).isEmpty();
        assertThat(Await.result(store.nodes(ORG, "short"))).isEmpty();
    }

    // ---- abort

    @Test
    void firstWishToAbortIsKept() {
        Await.result(writes.save(List.of(job(1, "a")), List.of(abort("alice", at(1)))));
        Await.result(writes.save(List.of(), List.of(abort("bob", at(2)))));

        assertThat(Await.result(store.live()).getFirst().abort()).contains(new JobAbort("alice", at(1)));
        assertThat(Await.result(store.find(ORG, id(1))).orElseThrow().abort()).contains(new JobAbort("alice", at(1)));
    }

    @Test
    void wishToAbortDoesNotTouchStatusAndTime() {
        Await.result(writes.save(List.of(job(1, "a")), List.of()));
        Await.result(writes.save(List.of(), List.of(status(JobStatus.RUNNING, at(1)))));

        Await.result(writes.save(List.of(), List.of(abort("alice", at(2)))));

        assertThat(statusAndTime()).containsExactly(JobStatus.RUNNING, at(1));
    }

    @Test
    void statusAndWishToAbortMayComeTogether() {
        Await.result(writes.save(List.of(job(1, "a")), List.of()));

        Await.result(writes.save(List.of(), List.of(abort("alice", at(1)), status(JobStatus.ABORTED, at(2)))));

        assertThat(statusAndTime()).containsExactly(JobStatus.ABORTED, at(2));
        assertThat(Await.result(store.find(ORG, id(1))).orElseThrow().abort()).contains(new JobAbort("alice", at(1)));
    }

    @Test
    void jobThatHasEndedKeepsItsStatusButNotesTheWish() {
        Await.result(writes.save(List.of(job(1, "a")), List.of()));
        Await.result(writes.save(List.of(), List.of(status(JobStatus.COMPLETE, at(1)))));

        Await.result(writes.save(List.of(), List.of(status(JobStatus.ABORTED, at(2)), abort("alice", at(2)))));

        assertThat(statusAndTime()).containsExactly(JobStatus.COMPLETE, at(1));
        assertThat(Await.result(store.find(ORG, id(1))).orElseThrow().abort()).contains(new JobAbort("alice", at(2)));
    }

    // ---- keys

    @Test
    void jobIsFoundByItsKey() {
        Await.result(writes.save(List.of(withKey(1, ORG, "alice")), List.of()));

        assertThat(Await.result(store.earlierStart(ORG, "alice", KEY)))
                .contains(new EarlierStart(id(1), KEY.requestDigest()));
        assertThat(Await.result(store.earlierStart(ORG, "bob", KEY))).isEmpty();
        assertThat(Await.result(store.earlierStart(OTHER_ORG, "alice", KEY))).isEmpty();
        assertThat(Await.result(store.earlierStart(ORG, "alice", new IdempotencyKey("KEY", "ab"))))
                .isEmpty();
    }

    @Test
    void keyBelongsToOneJobOfARequestor() {
        Await.result(writes.save(List.of(withKey(1, ORG, "alice")), List.of()));

        Throwable failure = Await.failure(writes.save(List.of(withKey(2, ORG, "alice"), job(3, "a")), List.of()));

        assertThat(failure).isInstanceOf(PgException.class).hasMessageContaining("jobs_by_idempotency_key");
        assertThat(Await.result(store.list(ORG, Optional.empty(), 1000))).hasSize(1);
        Await.result(writes.save(List.of(withKey(4, ORG, "bob"), withKey(5, OTHER_ORG, "alice")), List.of()));
    }

    @Test
    void savingTheSameJobWithItsKeyTwiceChangesNothing() {
        Await.result(writes.save(List.of(withKey(1, ORG, "alice")), List.of()));
        Await.result(writes.save(List.of(withKey(1, ORG, "alice")), List.of()));

        assertThat(Await.result(store.list(ORG, Optional.empty(), 1000))).hasSize(1);
    }

    @Test
    void jobThatIsDiscardedIsCrashedAndItsKeyFree() {
        Await.result(writes.save(List.of(withKey(1, ORG, "alice")), List.of()));

        Await.result(writes.discard(List.of(id(1), id(9)), at(5)));

        assertThat(Await.result(store.find(ORG, id(1))).orElseThrow().status()).isEqualTo(JobStatus.CRASHED);
        assertThat(Await.result(store.earlierStart(ORG, "alice", KEY))).isEmpty();
        Await.result(writes.save(List.of(withKey(2, ORG, "alice")), List.of()));
    }

    // ---- deletion

    @Test
    void endedJobsAreDeletedWithAllThatBelongsToThemOldestFirst() {
        for (int n = 1; n <= 5; n++) {
            Await.result(writes.save(
                    List.of(job(n, "a")),
                    List.of(new JobChanges(
                            id(n),
                            ORG,
                            Revisions.next(),
                            n == 5 ? Optional.empty() : Optional.of(JobStatus.ABORTED),
                            Map.of(),
                            Map.of("a", new Output("out", "err")),
                            List.of(new EventRow(1, "start", START, new JsonObject())),
                            at(n)))));
        }

        assertThat(Await.result(writes.deleteEnded(at(4), 2))).isEqualTo(2);
        assertThat(ids()).containsExactlyInAnyOrder(id(3), id(4), id(5));
        assertThat(Await.result(writes.deleteEnded(at(4), 2))).isEqualTo(1);
        assertThat(Await.result(writes.deleteEnded(at(4), 2))).isZero();

        assertThat(ids()).as("one ended later, one is live").containsExactlyInAnyOrder(id(4), id(5));
        for (String table : List.of("job_nodes", "job_output", "job_events")) {
            assertThat(fixture.value("select count(*) from " + table)).as(table).isEqualTo(2L);
        }
    }

    @Test
    void keyExpiresWithItsJob() {
        Await.result(writes.save(
                List.of(withKey(1, ORG, "alice")),
                List.of(new JobChanges(
                        id(1),
                        ORG,
                        Revisions.next(),
                        Optional.of(JobStatus.COMPLETE),
                        Map.of(),
                        Map.of(),
                        List.of(),
                        at(1)))));

        Await.result(writes.deleteEnded(at(2), 10));

        assertThat(Await.result(store.earlierStart(ORG, "alice", KEY))).isEmpty();
    }

    // ---- size of outputs

    /** The figures are for docs/decisions. */
    @Test
    void outputsAreCompressedByTheDatabase() {
        String log = IntStream.range(0, 700)
                .mapToObj(n ->
                        "[2026-11-22T10:%02d:%02d+00:00] INFO: Processing package[lib-%d] action install (web::default line %d)%n"
                                .formatted(n / 60 % 60, n % 60, n * 7919 % 1000, n % 90))
                .collect(Collectors.joining())
                .substring(0, 60_000);
        String random = new Random(7)
                .ints(60_000, 32, 127)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        Map<String, Output> outputs = Map.of(
                "log", new Output(log, ""),
                "log with NUL", new Output(log.substring(1) + "\0", ""),
                "random", new Output(random, ""));

        Await.result(writes.save(
                List.of(job(1, "a")),
                List.of(new JobChanges(
                        id(1), ORG, Revisions.next(), Optional.empty(), Map.of(), outputs, List.of(), START))));

        Map<String, Integer> stored = fixture
                .query("select node_name, pg_column_size(stdout) + coalesce(pg_column_size(stdout_bytes), 0) as size"
                        + " from job_output")
                .stream()
                .collect(Collectors.toMap(row -> row.getString(0), row -> row.getInteger(1)));
        System.out.println("outputs of 60,000 bytes take in the database: " + stored);
        assertThat(stored.get("log")).isLessThan(15_000);
        assertThat(stored.get("log with NUL")).isLessThan(15_000);
    }

    private List<JobNode> nodes() {
        return Await.result(store.nodes(ORG, id(1)));
    }

    private List<String> ids() {
        return Await.result(store.list(ORG, Optional.empty(), 1000)).stream()
                .map(JobSummary::id)
                .toList();
    }

    private List<Object> statusAndTime() {
        StoredJob job = Await.result(store.find(ORG, id(1))).orElseThrow();
        return List.of(job.status(), job.updatedAt());
    }

    private static JobChanges status(JobStatus to, Instant at) {
        return new JobChanges(id(1), ORG, Revisions.next(), Optional.of(to), Map.of(), Map.of(), List.of(), at);
    }

    private static JobChanges abort(String by, Instant at) {
        return new JobChanges(
                id(1),
                ORG,
                Revisions.next(),
                Optional.empty(),
                Optional.of(new JobAbort(by, at)),
                Map.of(),
                Map.of(),
                List.of(),
                at);
    }

    private static JobChanges change(String node, NodeStatus status, Instant at) {
        return change(node, status, at, new OutputState.None());
    }

    private static JobChanges change(String node, NodeStatus status, Instant at, OutputState output) {
        JobChanges.NodeChange change = new JobChanges.NodeChange(
                status, Optional.of("because of " + status.label()), NodeTimes.NONE.reached(status, at), output);
        return new JobChanges(
                id(1), ORG, Revisions.next(), Optional.empty(), Map.of(node, change), Map.of(), List.of(), at);
    }

    private static Instant at(int seconds) {
        return START.plusSeconds(seconds);
    }

    private static NewJob job(int n, String... nodes) {
        return new NewJob(id(n), ORG, "alice", new JobTerms(JobSpec.of("c"), List.of(nodes), nodes.length, 60), START);
    }

    private static NewJob withKey(int n, String org, String requestor) {
        return new NewJob(
                id(n), org, requestor, new JobTerms(JobSpec.of("c"), List.of("a"), 1, 60), START, Optional.of(KEY));
    }

    private static String id(int n) {
        return "%032x".formatted(n);
    }
}
