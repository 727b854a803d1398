package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
import org.pushjobs.server.jobs.model.JobQuery;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobSummary;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.jobs.model.StoredJob;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;

@ExtendWith(PostgresExtension.class)
class JobStoreIT {
    private static final String ORG = "0123456789abcdef0123456789abcdef";
    private static final String OTHER_ORG = "ffffffffffffffffffffffffffffffff";
    private static final Instant START = Instant.parse("2026-11-22T10:00:00.123456Z");

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

    @Test
    void newJobIsFoundAsItWasStored() {
        NewJob job = new NewJob(
                id(1),
                ORG,
                "somebody-with-a-name-of-more-than-thirty-two-characters",
                new JobTerms(
                        new JobSpec(
                                "chef-client",
                                Optional.of("deploy"),
                                Optional.of("/tmp/with space"),
                                Optional.of(Map.of("PATH", "/bin", "EMPTY", "", "QUOTE", "\"'\\", "NUL", "a\0b")),
                                Optional.of("raw:line 1\nline 2 äöü €"),
                                true),
                        List.of("web-1", "web-2"),
                        2,
                        60),
                START);

        Await.result(writes.save(List.of(job), List.of()));

        assertThat(Await.result(store.find(ORG, id(1))))
                .contains(new StoredJob(
                        id(1),
                        ORG,
                        job.requestor(),
                        job.terms(),
                        JobStatus.VOTING,
                        START,
                        START,
                        Map.of("web-1", NodeStatus.NEW, "web-2", NodeStatus.NEW),
                        0,
                        Optional.empty()));
        assertThat(fixture.value("select last_updated_by from jobs")).isEqualTo("somebody-with-a-name-of-more-tha");
    }

    @Test
    void jobWithoutOptionsHasNoOptionsRow() {
        Await.result(writes.save(List.of(job(1, "web-1")), List.of()));

        assertThat(fixture.value("select count(*) from job_options")).isEqualTo(0L);
        assertThat(Await.result(store.find(ORG, id(1))).orElseThrow().terms().spec())
                .isEqualTo(JobSpec.of("command 1"));
    }

    @Test
    void jobAndItsChangesAreStoredInOneCall() {
        Instant later = START.plusMillis(1);
        JobChanges changes = new JobChanges(
                id(1),
                ORG,
                Revisions.next(),
                Optional.of(JobStatus.RUNNING),
                Map.of(
                        "web-1",
                        new JobChanges.NodeChange(NodeStatus.RUNNING, Optional.empty()),
                        "web-2",
                        new JobChanges.NodeChange(NodeStatus.NACKED, Optional.of("not in the whitelist"))),
                Map.of(),
                List.of(event(1, "start"), event(2, "quorum_vote")),
                later);

        Await.result(writes.save(List.of(job(1, "web-1", "web-2", "web-3")), List.of(changes)));

        StoredJob stored = Await.result(store.find(ORG, id(1))).orElseThrow();
        assertThat(stored.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(stored.updatedAt()).isEqualTo(later);
        assertThat(stored.createdAt()).isEqualTo(START);
        assertThat(stored.nodes())
                .isEqualTo(Map.of("web-1", NodeStatus.RUNNING, "web-2", NodeStatus.NACKED, "web-3", NodeStatus.NEW));
        assertThat(stored.lastEventSeq()).isEqualTo(2);
        assertThat(fixture.value("select reason from job_nodes where node_name = 'web-2'"))
                .isEqualTo("not in the whitelist");
        assertThat(nodeUpdatedAt("web-1")).isEqualTo(Times.local(later));
        assertThat(nodeUpdatedAt("web-3")).isEqualTo(Times.local(START));
    }

    @Test
    void jobKeepsItsTimeWhenOnlyItsNodesChange() {
        Await.result(writes.save(List.of(job(1, "web-1")), List.of()));

        Await.result(writes.save(List.of(), List.of(nodeChange(1, "web-1", NodeStatus.READY, START.plusSeconds(1)))));

        StoredJob stored = Await.result(store.find(ORG, id(1))).orElseThrow();
        assertThat(stored.updatedAt()).isEqualTo(START);
        assertThat(nodeUpdatedAt("web-1")).isEqualTo(Times.local(START.plusSeconds(1)));
    }

    @Test
    void lastOfSeveralChangesToAJobCounts() {
        Await.result(writes.save(
                List.of(job(1, "web-1")),
                List.of(
                        nodeChange(1, "web-1", NodeStatus.READY, START.plusSeconds(1)),
                        statusChange(1, JobStatus.RUNNING, START.plusSeconds(2)),
                        nodeChange(1, "web-1", NodeStatus.SUCCEEDED, START.plusSeconds(3)),
                        statusChange(1, JobStatus.COMPLETE, START.plusSeconds(4)))));

        StoredJob stored = Await.result(store.find(ORG, id(1))).orElseThrow();
        assertThat(stored.status()).isEqualTo(JobStatus.COMPLETE);
        assertThat(stored.updatedAt()).isEqualTo(START.plusSeconds(4));
        assertThat(stored.nodes()).isEqualTo(Map.of("web-1", NodeStatus.SUCCEEDED));
    }

    @Test
    void savingTheSameTwiceChangesNothing() {
        List<NewJob> created = List.of(job(1, "web-1", "web-2"));
        List<JobChanges> changes = List.of(new JobChanges(
                id(1),
                ORG,
                Revisions.next(),
                Optional.of(JobStatus.COMPLETE),
                Map.of("web-1", new JobChanges.NodeChange(NodeStatus.FAILED, Optional.of("exit status 1"))),
                Map.of("web-1", new Output("out", "err")),
                List.of(event(1, "start"), event(2, "job_complete")),
                START.plusSeconds(1)));
        Await.result(writes.save(created, changes));
        List<String> before = everything();

        Await.result(writes.save(created, changes));

        assertThat(everything()).isEqualTo(before).hasSize(2 + 1 + 2 + 1);
    }

    @Test
    void terminalStatesAreKept() {
        Await.result(writes.save(
                List.of(job(1, "web-1")),
                List.of(nodeChange(1, "web-1", NodeStatus.CRASHED, START), statusChange(1, JobStatus.CRASHED, START))));

        Await.result(writes.save(
                List.of(),
                List.of(
                        nodeChange(1, "web-1", NodeStatus.RUNNING, START.plusSeconds(9)),
                        statusChange(1, JobStatus.RUNNING, START.plusSeconds(9)))));

        StoredJob stored = Await.result(store.find(ORG, id(1))).orElseThrow();
        assertThat(stored.status()).isEqualTo(JobStatus.CRASHED);
        assertThat(stored.updatedAt()).isEqualTo(START);
        assertThat(stored.nodes()).isEqualTo(Map.of("web-1", NodeStatus.CRASHED));
    }

    @Test
    void changesToAJobThatIsNotThereDoNotHinderTheOthers() {
        JobChanges lost = new JobChanges(
                id(9),
                ORG,
                Revisions.next(),
                Optional.of(JobStatus.RUNNING),
                Map.of("web-1", new JobChanges.NodeChange(NodeStatus.RUNNING, Optional.empty())),
                Map.of("web-1", new Output("out", "err")),
                List.of(event(1, "start")),
                START);

        Await.result(writes.save(List.of(job(1, "web-1")), List.of(lost, statusChange(1, JobStatus.RUNNING, START))));

        assertThat(Await.result(store.find(ORG, id(1))).orElseThrow().status()).isEqualTo(JobStatus.RUNNING);
        assertThat(Await.result(store.find(ORG, id(9)))).isEmpty();
    }

    @Test
    void nothingIsStoredWhenOneStatementFails() {
        Await.result(writes.save(List.of(job(2, "web-1")), List.of()));
        JobChanges impossible = new JobChanges(
                id(2),
                ORG,
                Revisions.next(),
                Optional.empty(),
                Map.of(),
                Map.of(),
                List.of(event(1, "with\0nul")),
                START);

        Throwable failure = Await.failure(writes.save(List.of(job(1, "web-1")), List.of(impossible)));

        assertThat(failure).isNotInstanceOf(ServerException.class).hasMessageContaining("0x00");
        assertThat(Await.result(store.find(ORG, id(1)))).isEmpty();
        assertThat(Await.result(store.live())).hasSize(1);
    }

    @Test
    void transactionThatFailedLeavesNothingBehind() {
        JobChanges impossible = new JobChanges(
                id(2),
                ORG,
                Revisions.next(),
                Optional.empty(),
                Map.of(),
                Map.of(),
                List.of(event(1, "with\0nul")),
                START);
        Await.result(writes.save(List.of(job(2, "web-1")), List.of()));

        for (int i = 0; i < 40; i++) {
            Await.failure(writes.save(List.of(job(1, "web-1")), List.of(impossible)));
        }
        Await.result(writes.save(List.of(job(1, "web-1")), List.of(statusChange(2, JobStatus.RUNNING, START))));

        assertThat(Await.result(store.find(ORG, id(2))).orElseThrow().status()).isEqualTo(JobStatus.RUNNING);
        assertThat(Await.result(store.find(ORG, id(1)))).isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void outputComesBackByteForByte(OutputSample sample) {
        Output output = new Output(sample.text, "");

        Await.result(writes.save(List.of(job(1, "web-1")), List.of(outputChange(1, "web-1", output))));

        assertThat(Await.result(store.output(ORG, id(1), "web-1", Channel.STDOUT)))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(sample.text.getBytes(StandardCharsets.UTF_8)));
        assertThat(Await.result(store.output(ORG, id(1), "web-1", Channel.STDERR)))
                .hasValueSatisfying(bytes -> assertThat(bytes).isEmpty());
    }

    enum OutputSample {
        EMPTY(""),
        TEXT("line 1\nline 2 äöü € \uD83D\uDE80\n"),
        ONE_NUL("\0"),
        NUL_IN_TEXT("before\0after\n"),
        CONTROLS(IntStream.range(0, 256).mapToObj(Character::toString).collect(Collectors.joining())),
        BACKSLASHES("\\x00 \\\\ \\000"),
        MEGABYTE("0123456789abcdef".repeat(65_536)),
        MEGABYTE_WITH_NUL("0123456789abcde\0".repeat(65_536));

        private final String text;

        OutputSample(String text) {
            this.text = text;
        }
    }

    @Test
    void outputOfManyNodesIsStoredInOneCall() {
        String[] nodes = IntStream.range(0, 50).mapToObj(n -> "web-" + n).toArray(String[]::new);
        Map<String, Output> outputs = IntStream.range(0, 50)
                .boxed()
                .collect(Collectors.toMap(n -> "web-" + n, n -> new Output("out " + n, "err\0" + n)));
        JobChanges changes =
                new JobChanges(id(1), ORG, Revisions.next(), Optional.empty(), Map.of(), outputs, List.of(), START);

        Await.result(writes.save(List.of(job(1, nodes)), List.of(changes)));

        assertThat(Await.result(store.output(ORG, id(1), "web-49", Channel.STDOUT)))
                .hasValueSatisfying(bytes -> assertThat(bytes).asString().isEqualTo("out 49"));
        assertThat(Await.result(store.output(ORG, id(1), "web-7", Channel.STDERR)))
                .hasValueSatisfying(bytes -> assertThat(bytes).asString().isEqualTo("err\0" + 7));
    }

    @Test
    void outputIsEmptyWhereThereIsNone() {
        Await.result(writes.save(
                List.of(job(1, "web-1", "web-2")), List.of(outputChange(1, "web-1", new Output("out", "err")))));

        assertThat(Await.result(store.output(ORG, id(1), "web-2", Channel.STDOUT)))
                .isEmpty();
        assertThat(Await.result(store.output(ORG, id(2), "web-1", Channel.STDOUT)))
                .isEmpty();
        assertThat(Await.result(store.output(OTHER_ORG, id(1), "web-1", Channel.STDOUT)))
                .isEmpty();
        assertThat(Await.result(store.output(ORG, id(1), "web-1\0", Channel.STDOUT)))
                .isEmpty();
    }

    @Test
    void jobIsFoundOnlyInItsOrganisationAndByItsWholeId() {
        Await.result(writes.save(List.of(job(1, "web-1")), List.of()));

        assertThat(Await.result(store.find(OTHER_ORG, id(1)))).isEmpty();
        assertThat(Await.result(store.find(ORG, id(2)))).isEmpty();
        assertThat(Await.result(store.find(ORG, id(1) + " "))).isEmpty();
        assertThat(Await.result(store.find(ORG, id(1).substring(1)))).isEmpty();
        assertThat(Await.result(store.find(ORG, "\0".repeat(32)))).isEmpty();
        assertThat(Await.result(store.find(ORG, id(1)))).isPresent();
    }

    @Test
    void listHasTheOrganisationsJobsOldestFirstWithoutFiles() {
        NewJob withFile = new NewJob(
                id(3),
                ORG,
                "alice",
                new JobTerms(
                        new JobSpec(
                                "command 3",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of("raw:content"),
                                false),
                        List.of("web-1"),
                        1,
                        60),
                START.minusSeconds(5));
        NewJob foreign = new NewJob(
                id(4), OTHER_ORG, "bob", new JobTerms(JobSpec.of("command 4"), List.of("web-1"), 1, 60), START);

        Await.result(writes.save(
                List.of(jobAt(2, START.plusSeconds(2)), jobAt(1, START.plusSeconds(1)), withFile, foreign),
                List.of(statusChange(2, JobStatus.QUORUM_FAILED, START.plusSeconds(8)))));

        assertThat(Await.result(store.list(ORG, Optional.empty(), 1000)))
                .containsExactly(
                        summary(3, true, JobStatus.VOTING, START.minusSeconds(5), START.minusSeconds(5)),
                        summary(1, false, JobStatus.VOTING, START.plusSeconds(1), START.plusSeconds(1)),
                        summary(2, false, JobStatus.QUORUM_FAILED, START.plusSeconds(2), START.plusSeconds(8)));
        assertThat(Await.result(store.list("unknown", Optional.empty(), 1000))).isEmpty();

        // then: the same by pages, whatever is created at the end meanwhile
        List<JobSummary> paged = new ArrayList<>(Await.result(store.list(ORG, Optional.empty(), 2)));
        assertThat(paged).hasSize(2);
        Await.result(writes.save(List.of(jobAt(5, START.plusSeconds(2))), List.of()));
        JobSummary last = paged.getLast();
        paged.addAll(Await.result(store.list(ORG, Optional.of(new JobQuery.Position(last.createdAt(), last.id())), 2)));
        assertThat(paged).isEqualTo(Await.result(store.list(ORG, Optional.empty(), 1000)));
        assertThat(paged).map(JobSummary::id).containsExactly(id(3), id(1), id(2), id(5));
    }

    @Test
    void eventsComeBackInOrderWithTheirFieldsInOrder() {
        EventRow vote = new EventRow(
                2,
                "quorum_vote",
                START.plusNanos(1000),
                new JsonObject().put("z", 1).put("a", new JsonObject().put("nul", "a\0b")));
        JobChanges changes = new JobChanges(
                id(1),
                ORG,
                Revisions.next(),
                Optional.empty(),
                Map.of(),
                Map.of(),
                List.of(vote, event(1, "start"), event(3, "x")),
                START);
        Await.result(writes.save(List.of(job(1, "web-1")), List.of(changes)));

        List<EventRow> all = Await.result(store.events(id(1), 0));

        assertThat(all).extracting(EventRow::name).containsExactly("start", "quorum_vote", "x");
        assertThat(all.get(1)).isEqualTo(vote);
        assertThat(all.get(1).data().encode()).isEqualTo("{\"z\":1,\"a\":{\"nul\":\"a\\u0000b\"}}");
        assertThat(Await.result(store.events(id(1), 2)))
                .extracting(EventRow::seq)
                .containsExactly(3);
        assertThat(Await.result(store.events(id(2), 0))).isEmpty();
    }

    @Test
    void liveHasTheJobsThatHaveNotEnded() {
        List<NewJob> created = new ArrayList<>();
        List<JobChanges> changes = new ArrayList<>();
        for (JobStatus status : JobStatus.values()) {
            created.add(job(status.ordinal(), "web-1", "web-2"));
            changes.add(statusChange(status.ordinal(), status, START));
        }
        changes.add(new JobChanges(
                id(JobStatus.RUNNING.ordinal()),
                ORG,
                Revisions.next(),
                Optional.empty(),
                Map.of("web-1", new JobChanges.NodeChange(NodeStatus.RUNNING, Optional.empty())),
                Map.of(),
                List.of(event(1, "start"), event(2, "quorum_vote")),
                START));
        Await.result(writes.save(created, changes));

        List<StoredJob> live = Await.result(store.live());

        assertThat(live)
                .extracting(StoredJob::status)
                .containsExactly(JobStatus.NEW, JobStatus.VOTING, JobStatus.RUNNING);
        assertThat(live.get(2).lastEventSeq()).isEqualTo(2);
        assertThat(live.get(2).nodes()).isEqualTo(Map.of("web-1", NodeStatus.RUNNING, "web-2", NodeStatus.NEW));
    }

    @Test
    void crashLiveEndsLiveJobsAndTheirRunningNodes() {
        Instant now = START.plusSeconds(60);
        Await.result(writes.save(
                List.of(job(1, "web-1", "web-2", "web-3"), job(2, "web-1"), job(3, "web-1")),
                List.of(
                        nodeChange(1, "web-1", NodeStatus.RUNNING, START),
                        nodeChange(1, "web-2", NodeStatus.SUCCEEDED, START),
                        statusChange(1, JobStatus.RUNNING, START),
                        new JobChanges(
                                id(1),
                                ORG,
                                Revisions.next(),
                                Optional.empty(),
                                Map.of(),
                                Map.of(),
                                List.of(new EventRow(7, "start", now.plusSeconds(1), new JsonObject())),
                                START),
                        nodeChange(3, "web-1", NodeStatus.RUNNING, START),
                        statusChange(3, JobStatus.TIMED_OUT, START))));

        assertThat(Await.result(writes.crashLive(now))).isEqualTo(2);

        StoredJob first = Await.result(store.find(ORG, id(1))).orElseThrow();
        assertThat(first.status()).isEqualTo(JobStatus.CRASHED);
        assertThat(first.updatedAt()).isEqualTo(now);
        assertThat(first.nodes())
                .isEqualTo(Map.of("web-1", NodeStatus.CRASHED, "web-2", NodeStatus.SUCCEEDED, "web-3", NodeStatus.NEW));
        assertThat(Await.result(store.events(id(1), 7)))
                .containsExactly(new EventRow(
                        8,
                        "job_complete",
                        now.plusSeconds(1).plusNanos(1000),
                        new JsonObject().put("status", "crashed")));
        assertThat(Await.result(store.events(id(2), 0)))
                .extracting(EventRow::seq)
                .containsExactly(1);
        assertThat(Await.result(store.find(ORG, id(3))).orElseThrow().nodes())
                .isEqualTo(Map.of("web-1", NodeStatus.RUNNING));
        assertThat(Await.result(writes.crashLive(now))).isZero();
    }

    @Test
    void jobOfTenThousandNodesIsStoredInOneCallWithinSeconds() {
        String[] nodes = IntStream.range(0, 10_000)
                .mapToObj(n -> "node-" + n + ".example.com")
                .toArray(String[]::new);
        NewJob job = job(1, nodes);

        long start = System.nanoTime();
        Await.result(writes.save(List.of(job), List.of()));
        long created = System.nanoTime();
        Await.result(writes.save(List.of(), List.of(allNodes(nodes, NodeStatus.SUCCEEDED))));
        long updated = System.nanoTime();
        StoredJob stored = Await.result(store.live()).getFirst();
        long read = System.nanoTime();

        System.out.printf(
                "job of 10,000 nodes: created in %d ms, all nodes and 10,000 events updated in %d ms, read in %d ms%n",
                (created - start) / 1_000_000, (updated - created) / 1_000_000, (read - updated) / 1_000_000);
        assertThat(stored.nodes()).hasSize(10_000).containsValue(NodeStatus.SUCCEEDED);
        assertThat(stored.lastEventSeq()).isEqualTo(10_000);
        assertThat(updated - start).isLessThan(20_000_000_000L);
    }

    @Test
    void fiftyThousandNodesAreStoredInOneCall() {
        String[] nodes = IntStream.range(0, 50_000).mapToObj(n -> "node-" + n).toArray(String[]::new);

        Await.result(writes.save(List.of(job(1, nodes)), List.of(allNodes(nodes, NodeStatus.READY))));

        assertThat(Await.result(store.find(ORG, id(1))).orElseThrow().nodes())
                .hasSize(50_000)
                .doesNotContainValue(NodeStatus.NEW);
    }

    @Test
    void concurrentCallsAreAllStored() {
        List<Future<Void>> calls = IntStream.range(0, 200)
                .mapToObj(n -> writes.save(
                                List.of(job(n, "web-1", "web-2")),
                                List.of(nodeChange(n, "web-1", NodeStatus.READY, START)))
                        .compose(_ -> writes.save(List.of(), List.of(statusChange(n, JobStatus.RUNNING, START)))))
                .toList();

        Await.result(Future.all(calls));

        assertThat(Await.result(store.list(ORG, Optional.empty(), 1000)))
                .hasSize(200)
                .allMatch(summary -> summary.status() == JobStatus.RUNNING);
    }

    @Test
    void statementsArePlannedOnce() {
        // since PostgreSQL 12
        assertThat(fixture.query("select setting from pg_settings where name = 'plan_cache_mode'"))
                .extracting(row -> row.getString(0))
                .allMatch("force_generic_plan"::equals);
        assertThat(fixture.plan(JobSql.FIND, ORG, id(1))).contains("$2");
    }

    @Test
    void listAndLiveUseTheirIndexes() {
        fixture.query("""
                insert into jobs (id, org_id, command, status, last_updated_by, created_at, updated_at)
                select lpad(to_hex(n), 32, '0'), lpad(to_hex(n % 200), 32, '0'), 'true', 2, 'alice',
                    timestamp '2026-01-01' + n * interval '1 second', timestamp '2026-01-01'
                from generate_series(1, 20000) n""");
        fixture.query("update jobs set status = 1 where id in (select id from jobs order by id limit 5)");
        fixture.query("insert into job_nodes select id, org_id, 'web-1', 1, created_at, created_at from jobs");
        fixture.query("insert into job_options (job_id, capture) select id, true from jobs");
        fixture.query("insert into job_events select id, n, 'start', now(), '{}' from jobs, generate_series(1, 2) n");
        fixture.query("analyze");

        for (Optional<JobQuery.Position> after :
                List.of(Optional.<JobQuery.Position>empty(), Optional.of(new JobQuery.Position(START, id(1))))) {
            JobPageSql list = JobPageSql.oldestFirst(ORG, after, 100);
            Object[] parameters = IntStream.range(0, list.parameters().size())
                    .mapToObj(list.parameters()::getValue)
                    .toArray();
            assertThat(fixture.plan(list.text(), parameters))
                    .contains("jobs_by_org")
                    .doesNotContain("Seq Scan on jobs", "Sort");
        }
        assertThat(fixture.plan(JobSql.LIVE)).contains("jobs_live").doesNotContain("Seq Scan on job");
        assertThat(fixture.plan(JobSql.FIND, ORG, id(1))).contains("jobs_pkey").doesNotContain("Seq Scan on job");
        assertThat(fixture.plan(FencedSql.CHANGE, noRows(37)))
                .contains("jobs_pkey", "Index Scan using job_nodes", "org_events_pkey")
                // a job is looked for among those of the statement by its hash, not one by one
                .contains("hashed SubPlan")
                .doesNotContain("Seq Scan", "jobs_live");
        assertThat(fixture.plan(FencedSql.CREATE, noRows(26)))
                .contains("org_events_pkey", "hashed SubPlan")
                .doesNotContain("Seq Scan");
        assertThat(fixture.plan(FencedSql.END_DISCARDED, "{}", "2026-01-01", 0))
                .contains("jobs_pkey", "job_events_pkey", "org_events_pkey")
                .doesNotContain("Seq Scan");
        assertThat(fixture.plan(FencedSql.FORGET_DISCARDED, "2026-01-01", 0))
                .contains("jobs_by_org")
                .doesNotContain("Seq Scan");
    }

    /** None, and an epoch. */
    private static Object[] noRows(int columns) {
        return Stream.concat(Collections.nCopies(columns, "{}").stream(), Stream.of(0))
                .toArray();
    }

    private List<String> everything() {
        List<String> rows = new ArrayList<>();
        for (String table : List.of("jobs", "job_nodes", "job_output", "job_events")) {
            fixture.query("select t::text from " + table + " t order by 1").forEach(row -> rows.add(row.getString(0)));
        }
        return rows;
    }

    private LocalDateTime nodeUpdatedAt(String node) {
        return (LocalDateTime) fixture.value("select updated_at from job_nodes where node_name = $1", node);
    }

    private static JobChanges allNodes(String[] nodes, NodeStatus status) {
        Map<String, JobChanges.NodeChange> changes = Arrays.stream(nodes)
                .collect(Collectors.toMap(node -> node, _ -> new JobChanges.NodeChange(status, Optional.empty())));
        List<EventRow> events = IntStream.rangeClosed(1, nodes.length)
                .mapToObj(n -> event(n, "run_complete"))
                .toList();
        return new JobChanges(id(1), ORG, Revisions.next(), Optional.empty(), changes, Map.of(), events, START);
    }

    private static JobChanges nodeChange(int job, String node, NodeStatus status, Instant at) {
        return new JobChanges(
                id(job),
                ORG,
                Revisions.next(),
                Optional.empty(),
                Map.of(node, new JobChanges.NodeChange(status, Optional.empty())),
                Map.of(),
                List.of(),
                at);
    }

    private static JobChanges statusChange(int job, JobStatus status, Instant at) {
        return new JobChanges(id(job), ORG, Revisions.next(), Optional.of(status), Map.of(), Map.of(), List.of(), at);
    }

    private static JobChanges outputChange(int job, String node, Output output) {
        return new JobChanges(
                id(job), ORG, Revisions.next(), Optional.empty(), Map.of(), Map.of(node, output), List.of(), START);
    }

    private static EventRow event(int seq, String name) {
        return new EventRow(seq, name, START.plusNanos(seq * 1000L), new JsonObject().put("node", "web-1"));
    }

    private static JobSummary summary(int n, boolean file, JobStatus status, Instant createdAt, Instant updatedAt) {
        return new JobSummary(
                id(n), "alice", JobSpec.of("command " + n), file, status, Optional.of(60), createdAt, updatedAt);
    }

    private static NewJob job(int n, String... nodes) {
        return new NewJob(
                id(n), ORG, "alice", new JobTerms(JobSpec.of("command " + n), List.of(nodes), nodes.length, 60), START);
    }

    private static NewJob jobAt(int n, Instant createdAt) {
        return new NewJob(
                id(n), ORG, "alice", new JobTerms(JobSpec.of("command " + n), List.of("web-1"), 1, 60), createdAt);
    }

    private static String id(int n) {
        return "%032x".formatted(n);
    }
}
