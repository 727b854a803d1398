package org.pushjobs.server.store;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.pushjobs.protocol.message.JobSpec;

/**
 * The statements that write what happened in jobs: usually one, and one more where jobs are created. They follow each other
 * in this order, in one transaction, and bring about ten thousand rows each; but a new job, its nodes and its first events
 * come together.
 */
final class JobStatements {
    private static final int ROWS_PER_STATEMENT = 10_000;
    /** What a statement creates has no index, so each event is compared with each job of it. */
    private static final int CREATED_PER_STATEMENT = 200;
    /** An output may have a megabyte or more. */
    private static final int OUTPUTS_PER_STATEMENT = 8;

    private static final int LAST_UPDATED_BY_LENGTH = 32;

    record Statement(String sql, Tuple parameters) {}

    private JobStatements() {}

    static List<Statement> of(JobRows rows) {
        List<Statement> statements = new ArrayList<>();
        List<JobRows.CreatedJob> together = new ArrayList<>();
        int nodes = 0;
        for (JobRows.CreatedJob created : rows.created()) {
            if (together.size() == CREATED_PER_STATEMENT
                    || nodes > 0 && nodes + created.job().nodes().size() > ROWS_PER_STATEMENT) {
                statements.add(create(together));
                together = new ArrayList<>();
                nodes = 0;
            }
            together.add(created);
            nodes += created.job().nodes().size();
        }
        if (!together.isEmpty()) {
            statements.add(create(together));
        }
        Parts<JobRows.JobRow> jobs = new Parts<>(rows.jobs(), ROWS_PER_STATEMENT);
        Parts<JobRows.NodeStatusRow> nodeStatuses = new Parts<>(rows.nodeStatuses(), ROWS_PER_STATEMENT);
        Parts<JobRows.OutputRow> outputs = new Parts<>(rows.outputs(), OUTPUTS_PER_STATEMENT);
        Parts<JobRows.JobEventRow> events = new Parts<>(rows.events(), ROWS_PER_STATEMENT);
        while (jobs.hasNext() || nodeStatuses.hasNext() || outputs.hasNext() || events.hasNext()) {
            Tuple parameters = Tuple.tuple();
            jobs(jobs.next(), parameters);
            nodeStatuses(nodeStatuses.next(), parameters);
            outputs(outputs.next(), parameters);
            events(events.next(), parameters);
            statements.add(new Statement(JobSql.CHANGE, parameters));
        }
        return statements;
    }

    private static Statement create(List<JobRows.CreatedJob> created) {
        List<NewJob> jobs = created.stream().map(JobRows.CreatedJob::job).toList();
        Tuple parameters = Tuple.tuple();
        newJobs(jobs, parameters);
        options(jobs.stream().filter(job -> hasOptions(job.spec())).toList(), parameters);
        nodes(
                jobs.stream()
                        .flatMap(job -> job.nodes().stream().map(node -> new NewNode(job, node)))
                        .toList(),
                parameters);
        events(created.stream().flatMap(job -> job.events().stream()).toList(), parameters);
        return new Statement(JobSql.CREATE, parameters);
    }

    private static boolean hasOptions(JobSpec spec) {
        return spec.capture()
                || spec.user().isPresent()
                || spec.dir().isPresent()
                || spec.env().isPresent()
                || spec.file().isPresent();
    }

    private record NewNode(NewJob job, String name) {}

    /** A list, some rows at a time; empty lists when there are no more. */
    private static final class Parts<T> {
        private final List<T> rows;
        private final int atMost;
        private int from;

        private Parts(List<T> rows, int atMost) {
            this.rows = rows;
            this.atMost = atMost;
        }

        private boolean hasNext() {
            return from < rows.size();
        }

        private List<T> next() {
            int to = Math.min(from + atMost, rows.size());
            List<T> part = rows.subList(from, to);
            from = to;
            return part;
        }
    }

    private static void newJobs(List<NewJob> jobs, Tuple parameters) {
        parameters
                .addValue(column(jobs, NewJob::id, String[]::new))
                .addValue(column(jobs, NewJob::orgGuid, String[]::new))
                .addValue(column(jobs, job -> job.spec().command(), String[]::new))
                .addValue(column(jobs, _ -> NewJob.STATUS.code(), Integer[]::new))
                .addValue(column(jobs, NewJob::runTimeoutSeconds, Integer[]::new))
                .addValue(column(jobs, job -> SqlText.cut(job.requestor(), LAST_UPDATED_BY_LENGTH), String[]::new))
                .addValue(column(jobs, job -> Times.local(job.createdAt()), LocalDateTime[]::new))
                .addValue(column(jobs, NewJob::quorum, Integer[]::new))
                .addValue(column(jobs, NewJob::requestor, String[]::new))
                .addValue(
                        column(jobs, job -> job.key().map(IdempotencyKey::value).orElse(null), String[]::new))
                .addValue(column(
                        jobs,
                        job -> job.key().map(IdempotencyKey::requestDigest).orElse(null),
                        String[]::new));
    }

    private static void options(List<NewJob> jobs, Tuple parameters) {
        parameters
                .addValue(column(jobs, NewJob::id, String[]::new))
                .addValue(column(jobs, job -> job.spec().user().orElse(null), String[]::new))
                .addValue(column(jobs, job -> job.spec().dir().orElse(null), String[]::new))
                .addValue(column(jobs, JobStatements::env, String[]::new))
                .addValue(column(jobs, job -> job.spec().capture(), Boolean[]::new))
                .addValue(column(jobs, job -> job.spec().file().orElse(null), String[]::new));
    }

    private static String env(NewJob job) {
        return job.spec()
                .env()
                .map(env -> new JsonObject(new TreeMap<>(env)).encode())
                .orElse(null);
    }

    private static void nodes(List<NewNode> nodes, Tuple parameters) {
        parameters
                .addValue(column(nodes, row -> row.job().id(), String[]::new))
                .addValue(column(nodes, row -> row.job().orgGuid(), String[]::new))
                .addValue(column(nodes, NewNode::name, String[]::new))
                .addValue(column(nodes, row -> Times.local(row.job().createdAt()), LocalDateTime[]::new));
    }

    private static void jobs(List<JobRows.JobRow> jobs, Tuple parameters) {
        parameters
                .addValue(column(jobs, JobRows.JobRow::jobId, String[]::new))
                .addValue(column(
                        jobs, row -> row.status().map(to -> to.status().code()).orElse(null), Integer[]::new))
                .addValue(column(
                        jobs,
                        row -> row.status().map(to -> Times.local(to.at())).orElse(null),
                        LocalDateTime[]::new))
                .addValue(column(jobs, row -> row.abort().map(JobAbort::by).orElse(null), String[]::new))
                .addValue(column(
                        jobs,
                        row -> row.abort()
                                .map(abort -> Times.offset(abort.at()))
                                .orElse(null),
                        OffsetDateTime[]::new));
    }

    private static void nodeStatuses(List<JobRows.NodeStatusRow> nodes, Tuple parameters) {
        parameters
                .addValue(column(nodes, JobRows.NodeStatusRow::jobId, String[]::new))
                .addValue(column(nodes, JobRows.NodeStatusRow::orgGuid, String[]::new))
                .addValue(column(nodes, JobRows.NodeStatusRow::node, String[]::new))
                .addValue(column(nodes, row -> row.change().status().code(), Integer[]::new))
                .addValue(column(
                        nodes,
                        row -> row.change().reason().map(SqlText::storable).orElse(null),
                        String[]::new))
                .addValue(column(nodes, row -> Times.local(row.at()), LocalDateTime[]::new))
                .addValue(times(nodes, NodeTimes::votedAt))
                .addValue(times(nodes, NodeTimes::startedAt))
                .addValue(times(nodes, NodeTimes::finishedAt))
                .addValue(column(nodes, row -> OutputCodes.code(row.change().output()), Integer[]::new))
                .addValue(
                        column(nodes, row -> OutputCodes.stdoutSize(row.change().output()), Integer[]::new))
                .addValue(
                        column(nodes, row -> OutputCodes.stderrSize(row.change().output()), Integer[]::new))
                .addValue(column(
                        nodes, row -> OutputCodes.stdoutDropped(row.change().output()), Long[]::new))
                .addValue(column(
                        nodes, row -> OutputCodes.stderrDropped(row.change().output()), Long[]::new))
                .addValue(column(
                        nodes,
                        row -> row.change().reasonCode().map(SqlText::storable).orElse(null),
                        String[]::new))
                .addValue(column(
                        nodes,
                        row -> row.change().end().map(CommandEnd::exitCode).orElse(null),
                        Integer[]::new))
                .addValue(column(
                        nodes,
                        row -> row.change()
                                .end()
                                .flatMap(CommandEnd::signal)
                                .map(SqlText::storable)
                                .orElse(null),
                        String[]::new));
    }

    private static OffsetDateTime[] times(
            List<JobRows.NodeStatusRow> nodes, Function<NodeTimes, Optional<Instant>> station) {
        return column(
                nodes,
                row -> station.apply(row.change().times()).map(Times::offset).orElse(null),
                OffsetDateTime[]::new);
    }

    private static void outputs(List<JobRows.OutputRow> outputs, Tuple parameters) {
        parameters
                .addValue(column(outputs, JobRows.OutputRow::jobId, String[]::new))
                .addValue(column(outputs, JobRows.OutputRow::node, String[]::new))
                .addValue(column(outputs, row -> text(row.output().stdout()), String[]::new))
                .addValue(column(outputs, row -> bytes(row.output().stdout()), Buffer[]::new))
                .addValue(column(outputs, row -> text(row.output().stderr()), String[]::new))
                .addValue(column(outputs, row -> bytes(row.output().stderr()), Buffer[]::new));
    }

    private static String text(String output) {
        return SqlText.isStorable(output) ? output : "";
    }

    private static Buffer bytes(String output) {
        return SqlText.isStorable(output) ? null : Buffer.buffer(output.getBytes(StandardCharsets.UTF_8));
    }

    private static void events(List<JobRows.JobEventRow> events, Tuple parameters) {
        parameters
                .addValue(column(events, JobRows.JobEventRow::jobId, String[]::new))
                .addValue(column(events, row -> row.event().seq(), Integer[]::new))
                .addValue(column(events, row -> row.event().name(), String[]::new))
                .addValue(column(events, row -> Times.offset(row.event().at()), OffsetDateTime[]::new))
                .addValue(column(events, row -> row.event().data().encode(), String[]::new));
    }

    private static <T, C> C[] column(List<T> rows, Function<T, C> value, IntFunction<C[]> array) {
        return rows.stream().map(value).toArray(array);
    }
}
