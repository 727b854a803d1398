package org.pushjobs.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.JobAbort;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NewJob;

class JobStatementsTest {
    private static final String ORG = "0123456789abcdef0123456789abcdef";
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    /** Where the arrays begin. */
    private static final int CREATED_NODES = 17;

    private static final int CREATED_EVENTS = 21;
    private static final int JOBS = 0;
    private static final int OUTPUTS = 26;
    private static final int EVENTS = 32;

    @Test
    void nothingNeedsNoStatement() {
        assertThat(statements(List.of(), List.of(change("a", Optional.empty(), Map.of()))))
                .isEmpty();
    }

    @Test
    void newJobAndItsFirstEventsAreOneStatement() {
        List<JobStatements.Statement> statements =
                statements(List.of(job("a", 3)), List.of(change("a", Optional.of(NewJob.STATUS), Map.of(), event(1))));

        assertThat(statements).extracting(JobStatements.Statement::sql).containsExactly(FencedSql.CREATE);
        assertThat(sizes(statements, FencedSql.CREATE, CREATED_NODES)).containsExactly(3);
        assertThat(sizes(statements, FencedSql.CREATE, CREATED_EVENTS)).containsExactly(1);
    }

    @Test
    void changesOfAllKindsAreOneStatement() {
        List<JobStatements.Statement> statements = statements(
                List.of(),
                List.of(
                        change("a", Optional.of(JobStatus.RUNNING), outputs(2), event(4)),
                        change("b", Optional.of(JobStatus.COMPLETE), Map.of(), event(5), event(6))));

        assertThat(statements).extracting(JobStatements.Statement::sql).containsExactly(FencedSql.CHANGE);
        assertThat(sizes(statements, FencedSql.CHANGE, JOBS)).containsExactly(2);
        assertThat(sizes(statements, FencedSql.CHANGE, OUTPUTS)).containsExactly(2);
        assertThat(sizes(statements, FencedSql.CHANGE, EVENTS)).containsExactly(3);
    }

    @Test
    void jobsAreCreatedBeforeTheyChange() {
        List<JobStatements.Statement> statements = statements(
                List.of(job("a", 1)), List.of(change("a", Optional.of(JobStatus.CRASHED), Map.of(), event(1))));

        assertThat(statements)
                .extracting(JobStatements.Statement::sql)
                .containsExactly(FencedSql.CREATE, FencedSql.CHANGE);
        assertThat(sizes(statements, FencedSql.CHANGE, EVENTS)).containsExactly(0);
    }

    @Test
    void statementBringsWholeJobsUntilItHasTenThousandNodes() {
        List<JobStatements.Statement> statements =
                statements(List.of(job("a", 4_000), job("b", 6_000), job("c", 12_000), job("d", 1)), List.of());

        assertThat(sizes(statements, FencedSql.CREATE, CREATED_NODES)).containsExactly(10_000, 12_000, 1);
    }

    @Test
    void statementCreatesTwoHundredJobs() {
        List<JobStatements.Statement> statements = statements(
                IntStream.range(0, 450).mapToObj(n -> job("job-" + n, 1)).toList(), List.of());

        assertThat(sizes(statements, FencedSql.CREATE, CREATED_NODES)).containsExactly(200, 200, 50);
    }

    @Test
    void statementBringsTwoMegabytesOfOutput() {
        String text = "x".repeat(500_000);
        Map<String, Output> outputs = IntStream.range(0, 9)
                .mapToObj(n -> "node-" + n)
                .collect(Collectors.toMap(Function.identity(), _ -> new Output(text, "")));

        List<JobStatements.Statement> statements =
                statements(List.of(), List.of(change("a", Optional.of(JobStatus.RUNNING), outputs, event(4))));

        assertThat(sizes(statements, FencedSql.CHANGE, OUTPUTS)).containsExactly(4, 4, 1);
        assertThat(sizes(statements, FencedSql.CHANGE, EVENTS)).containsExactly(1, 0, 0);
    }

    @Test
    void jobOfMoreThanTenThousandRowsIsContinuedByTheNextStatement() {
        EventRow[] events =
                IntStream.range(0, 12_000).mapToObj(n -> event(n + 1)).toArray(EventRow[]::new);

        List<JobStatements.Statement> statements = statements(
                List.of(),
                List.of(
                        change("a", Optional.of(JobStatus.RUNNING), Map.of(), event(1)),
                        change("b", Optional.of(JobStatus.COMPLETE), Map.of(), events)));

        assertThat(sizes(statements, FencedSql.CHANGE, EVENTS)).containsExactly(9_999, 2_002);
        assertThat((Object[]) statements.getFirst().parameters().getValue(JOBS)).containsExactly("a", "b");
        assertThat((Object[]) statements.getFirst().parameters().getValue(JOBS + 2))
                .containsExactly(false, false);
        assertThat((Object[]) statements.getLast().parameters().getValue(JOBS)).containsExactly("b");
        assertThat((Object[]) statements.getLast().parameters().getValue(JOBS + 2))
                .containsExactly(true);
    }

    @Test
    void statusAndAbortOfOneJobAreOneRow() {
        List<JobStatements.Statement> statements = statements(
                List.of(),
                List.of(abort("alice"), change("a", Optional.of(JobStatus.ABORTED), Map.of()), abort("bob")));

        Tuple parameters = statements.getFirst().parameters();
        assertThat(statements).hasSize(1);
        assertThat((Object[]) parameters.getValue(JOBS)).containsExactly("a");
        assertThat((Object[]) parameters.getValue(JOBS + 3)).containsExactly(JobStatus.ABORTED.code());
        assertThat((Object[]) parameters.getValue(JOBS + 5)).containsExactly("alice");
    }

    private static List<JobStatements.Statement> statements(List<NewJob> created, List<JobChanges> changes) {
        return JobStatements.of(JobRows.of(created, changes), 7);
    }

    private static List<Integer> sizes(List<JobStatements.Statement> statements, String sql, int parameter) {
        return statements.stream()
                .filter(statement -> statement.sql().equals(sql))
                .map(statement -> ((Object[]) statement.parameters().getValue(parameter)).length)
                .toList();
    }

    private static NewJob job(String id, int nodes) {
        return new NewJob(
                id,
                ORG,
                "alice",
                new JobTerms(
                        JobSpec.of("true"),
                        IntStream.range(0, nodes).mapToObj(n -> "node-" + n).toList(),
                        nodes,
                        60),
                NOW);
    }

    private static JobChanges abort(String by) {
        return new JobChanges(
                "a",
                ORG,
                Revisions.next(),
                Optional.empty(),
                Optional.of(new JobAbort(by, NOW)),
                Map.of(),
                Map.of(),
                List.of(),
                NOW);
    }

    private static JobChanges change(
            String job, Optional<JobStatus> status, Map<String, Output> outputs, EventRow... events) {
        return new JobChanges(job, ORG, Revisions.next(), status, Map.of(), outputs, Arrays.asList(events), NOW);
    }

    private static Map<String, Output> outputs(int nodes) {
        return IntStream.range(0, nodes)
                .mapToObj(n -> "node-" + n)
                .collect(Collectors.toMap(Function.identity(), _ -> new Output("out", "")));
    }

    private static EventRow event(int seq) {
        return new EventRow(seq, "start", NOW, new JsonObject());
    }
}
