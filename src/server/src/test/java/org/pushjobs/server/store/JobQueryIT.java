package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.JobQuery;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobSummary;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;

/** Pages of jobs. */
@ExtendWith(PostgresExtension.class)
class JobQueryIT {
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
    void pagesHaveEveryJobOnceNewestFirst() {
        // given: some jobs of the very same moment
        List<NewJob> jobs = IntStream.range(0, 25)
                .mapToObj(n -> job(n, ORG, "c", START.plusSeconds(n / 3), "web-1"))
                .toList();
        Await.result(writes.save(jobs, List.of()));

        for (int limit : List.of(1, 2, 3, 7, 25, 26)) {
            // when
            List<String> seen = new ArrayList<>();
            Optional<JobQuery.Position> position = Optional.empty();
            List<JobSummary> page;
            do {
                page = page(new JobQuery(
                        limit,
                        position,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
                page.forEach(job -> seen.add(job.id()));
                position = page.isEmpty()
                        ? position
                        : Optional.of(new JobQuery.Position(
                                page.getLast().createdAt(), page.getLast().id()));
            } while (!page.isEmpty());

            // then
            assertThat(seen)
                    .as("pages of %d", limit)
                    .containsExactlyElementsOf(IntStream.iterate(24, n -> n >= 0, n -> n - 1)
                            .mapToObj(JobQueryIT::id)
                            .toList());
        }
    }

    @Test
    void jobsThatStartMeanwhileDoNotShiftThePages() {
        Await.result(writes.save(List.of(job(1, ORG, "c", START, "a"), job(2, ORG, "c", START, "a")), List.of()));
        JobSummary first = page(limit(1)).getFirst();

        Await.result(writes.save(List.of(job(3, ORG, "c", START.plusSeconds(1), "a")), List.of()));

        assertThat(page(new JobQuery(
                        9,
                        Optional.of(new JobQuery.Position(first.createdAt(), first.id())),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())))
                .extracting(JobSummary::id)
                .containsExactly(id(1));
    }

    @Test
    void positionOfATimeIsBeforeAllJobsOfThatMoment() {
        Await.result(writes.save(
                List.of(job(1, ORG, "c", START.minusNanos(1000), "a"), job(2, ORG, "c", START, "a")), List.of()));

        assertThat(page(new JobQuery(
                        9,
                        Optional.of(new JobQuery.Position(START, "")),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())))
                .extracting(JobSummary::id)
                .containsExactly(id(1));
    }

    /** Job n, of 12: command of n % 2, node of n % 3, status of n % 4. */
    @ParameterizedTest
    @CsvSource({
        ", , , 11 10 9 8 7 6 5 4 3 2 1 0",
        "command 0, , , 10 8 6 4 2 0",
        "command, , , ''",
        ", node-1, , 10 7 4 1",
        ", NODE-1, , ''",
        ", , complete, 9 5 1",
        ", , voting, 8 4 0",
        "command 1, node-0, , 9 3",
        "command 1, node-0, complete, 9",
        ", node-2, complete, 5",
        ", all, crashed, 11 7 3",
        "command 0, all, timed_out, 10 6 2"
    })
    void conditionsMustAllHold(String command, String node, String status, String expected) {
        List<NewJob> jobs = new ArrayList<>();
        List<JobChanges> changes = new ArrayList<>();
        List<JobStatus> statuses =
                List.of(JobStatus.VOTING, JobStatus.COMPLETE, JobStatus.TIMED_OUT, JobStatus.CRASHED);
        for (int n = 0; n < 12; n++) {
            jobs.add(job(n, ORG, "command " + n % 2, START.plusSeconds(n), "node-" + n % 3, "all"));
            changes.add(new JobChanges(
                    id(n),
                    ORG,
                    Revisions.next(),
                    Optional.of(statuses.get(n % 4)),
                    Map.of(),
                    Map.of(),
                    List.of(),
                    START));
        }
        jobs.add(job(99, OTHER_ORG, "command 0", START.plusSeconds(99), "node-1", "all"));
        Await.result(writes.save(jobs, changes));

        List<JobSummary> found = page(new JobQuery(
                100,
                Optional.empty(),
                Optional.ofNullable(status).map(JobQueryIT::status),
                Optional.ofNullable(node),
                Optional.ofNullable(command),
                Optional.empty(),
                Optional.empty()));

        assertThat(found.stream()
                        .map(job -> Integer.toString(Integer.parseInt(job.id(), 16)))
                        .collect(Collectors.joining(" ")))
                .isEqualTo(expected);
    }

    @Test
    void jobsMayBeOfOneRequestorAndSinceATime() {
        Await.result(writes.save(
                List.of(
                        requested(1, "alice", START.minusNanos(1000)),
                        requested(2, "alice", START),
                        requested(3, "bob", START.plusSeconds(1)),
                        requested(4, "alice", START.plusSeconds(2))),
                List.of()));

        assertThat(page(of(Optional.of(START), Optional.of("alice"))))
                .extracting(JobSummary::id)
                .containsExactly(id(4), id(2));
        assertThat(page(of(Optional.of(START), Optional.empty())))
                .extracting(JobSummary::requestor)
                .containsExactly("alice", "bob", "alice");
        assertThat(page(of(Optional.empty(), Optional.of("Alice")))).isEmpty();
    }

    private static NewJob requested(int n, String requestor, Instant at) {
        return new NewJob(id(n), ORG, requestor, new JobTerms(JobSpec.of("c"), List.of("a"), 1, 60), at);
    }

    private static JobQuery of(Optional<Instant> since, Optional<String> requestor) {
        return new JobQuery(
                9, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), since, requestor);
    }

    @Test
    void commandIsComparedAsAWhole() {
        String longCommand = "x".repeat(20_000);
        Await.result(writes.save(
                List.of(job(1, ORG, longCommand + "a", START, "a"), job(2, ORG, longCommand + "b", START, "a")),
                List.of()));

        assertThat(page(new JobQuery(
                        9,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(longCommand + "b"),
                        Optional.empty(),
                        Optional.empty())))
                .extracting(JobSummary::id)
                .containsExactly(id(2));
    }

    @Test
    void pageHasWhatTheListHas() {
        NewJob job = new NewJob(
                id(1),
                ORG,
                "alice",
                new JobTerms(
                        new JobSpec(
                                "c",
                                Optional.of("app"),
                                Optional.of("/srv"),
                                Optional.of(Map.of("A", "1")),
                                Optional.of("raw:x"),
                                true),
                        List.of("a"),
                        1,
                        60),
                START);
        Await.result(writes.save(List.of(job), List.of()));

        assertThat(page(limit(5)))
                .isEqualTo(Await.result(store.list(ORG, Optional.empty(), 1000)))
                .hasSize(1);
    }

    @Test
    void everyConditionUsesAnIndex() {
        fixture.query("""
                insert into jobs (id, org_id, command, status, last_updated_by, created_at, updated_at)
                select lpad(to_hex(n), 32, '0'), lpad(to_hex(n % 5), 32, '0'), 'command ' || n % 1000,
                    case when n % 1000 = 0 then 7 else 2 end, 'alice',
                    timestamp '2026-01-01' + n * interval '1 second', timestamp '2026-01-01'
                from generate_series(1, 20000) n""");
        fixture.query("""
                insert into job_nodes (job_id, org_id, node_name, status, created_at, updated_at)
                select id, org_id, 'node-' || (row_number() over () + n) % 500, 3, created_at, created_at
                from jobs, generate_series(1, 5) n""");
        fixture.query("insert into job_options (job_id, capture) select id, true from jobs");
        fixture.query("insert into job_output (job_id, node_name, stdout, stderr)"
                + " select job_id, node_name, 'out', 'err' from job_nodes");
        fixture.query("insert into job_output_parts (job_id, node_name, channel, position, data)"
                + " select job_id, node_name, 1, 0, 'out' from job_nodes");
        fixture.query("analyze");
        Optional<JobQuery.Position> middle =
                Optional.of(new JobQuery.Position(Instant.parse("2026-01-01T02:00:00Z"), ""));

        assertThat(plan(limit(51))).contains("jobs_by_org").doesNotContain("Seq Scan on jobs");
        assertThat(plan(new JobQuery(
                        51,
                        middle,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())))
                .contains("jobs_by_org")
                .contains("ROW(created_at, id)")
                .doesNotContain("Seq Scan on jobs");
        assertThat(plan(new JobQuery(
                        51,
                        middle,
                        Optional.of(JobStatus.CRASHED),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())))
                .contains("jobs_by_org_status")
                .doesNotContain("Seq Scan on jobs");
        assertThat(plan(new JobQuery(
                        51,
                        middle,
                        Optional.empty(),
                        Optional.of("node-7"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())))
                .contains("job_nodes_by_node")
                .doesNotContain("Seq Scan on job_nodes");
        assertThat(plan(new JobQuery(
                        51,
                        middle,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("command 7"),
                        Optional.empty(),
                        Optional.empty())))
                .contains("jobs_by_org_command")
                .doesNotContain("Seq Scan on jobs");
        assertThat(fixture.plan(FencedSql.DELETE_ENDED, "2025-01-01", 10, 0)).contains("jobs_ended");
        assertThat(fixture.plan(FencedSql.DELETE_ENDED_OUTPUT, "2025-01-01", 10, 10, 0))
                .contains("jobs_ended", "job_output_parts_pkey")
                .doesNotContain("Seq Scan");
        assertThat(fixture.plan(JobSql.NODES, id(1), id(1)))
                .doesNotContain("Seq Scan on job_nodes")
                .doesNotContain("Seq Scan on job_output");
        assertThat(fixture.plan(JobSql.EARLIER_START, id(1), "alice", "key")).contains("jobs_by_idempotency_key");
    }

    private String plan(JobQuery query) {
        JobPageSql sql = JobPageSql.of(id(1), query);
        Object[] parameters = IntStream.range(0, sql.parameters().size())
                .mapToObj(sql.parameters()::getValue)
                .toArray();
        return fixture.plan(sql.text(), parameters);
    }

    private List<JobSummary> page(JobQuery query) {
        return Await.result(store.page(ORG, query));
    }

    private static JobQuery limit(int limit) {
        return new JobQuery(
                limit,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static JobStatus status(String label) {
        return List.of(JobStatus.values()).stream()
                .filter(status -> status.label().equals(label))
                .findFirst()
                .orElseThrow();
    }

    private static NewJob job(int n, String org, String command, Instant createdAt, String... nodes) {
        return new NewJob(id(n), org, "alice", new JobTerms(JobSpec.of(command), List.of(nodes), 1, 60), createdAt);
    }

    private static String id(int n) {
        return "%032x".formatted(n);
    }
}
