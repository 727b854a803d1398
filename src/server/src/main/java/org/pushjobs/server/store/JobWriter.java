package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
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

/**
 * Writes within a transaction: one statement for each table and batch, all sent without waiting for each other. Jobs come
 * first, because the rest refers to them.
 */
final class JobWriter {
    private static final int ROWS_PER_STATEMENT = 10_000;
    /** An output may have a megabyte or more. */
    private static final int OUTPUTS_PER_STATEMENT = 8;

    private static final int LAST_UPDATED_BY_LENGTH = 32;

    private final SqlConnection connection;
    private final List<Future<?>> sent = new ArrayList<>();

    /** @param connection in a transaction */
    JobWriter(SqlConnection connection) {
        this.connection = connection;
    }

    Future<Void> write(JobRows rows) {
        send(JobSql.INSERT_JOBS, rows.jobs(), ROWS_PER_STATEMENT, JobWriter::jobs);
        send(JobSql.INSERT_OPTIONS, rows.jobsWithOptions(), ROWS_PER_STATEMENT, JobWriter::options);
        send(JobSql.INSERT_NODES, rows.nodes(), ROWS_PER_STATEMENT, JobWriter::nodes);
        send(JobSql.UPDATE_JOBS, rows.statuses(), ROWS_PER_STATEMENT, JobWriter::statuses);
        send(JobSql.NOTE_ABORTS, rows.aborts(), ROWS_PER_STATEMENT, JobWriter::aborts);
        send(JobSql.UPDATE_NODES, rows.nodeStatuses(), ROWS_PER_STATEMENT, JobWriter::nodeStatuses);
        send(JobSql.UPSERT_OUTPUTS, rows.outputs(), OUTPUTS_PER_STATEMENT, JobWriter::outputs);
        send(JobSql.INSERT_EVENTS, rows.events(), ROWS_PER_STATEMENT, JobWriter::events);
        return Future.join(sent).mapEmpty();
    }

    private <T> void send(String sql, List<T> rows, int batch, Function<List<T>, Tuple> columns) {
        for (int from = 0; from < rows.size(); from += batch) {
            List<T> part = rows.subList(from, Math.min(from + batch, rows.size()));
            sent.add(connection.preparedQuery(sql).execute(columns.apply(part)));
        }
    }

    private static Tuple jobs(List<NewJob> jobs) {
        return Tuple.tuple()
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

    private static Tuple options(List<NewJob> jobs) {
        return Tuple.tuple()
                .addValue(column(jobs, NewJob::id, String[]::new))
                .addValue(column(jobs, job -> job.spec().user().orElse(null), String[]::new))
                .addValue(column(jobs, job -> job.spec().dir().orElse(null), String[]::new))
                .addValue(column(jobs, JobWriter::env, String[]::new))
                .addValue(column(jobs, job -> job.spec().capture(), Boolean[]::new))
                .addValue(column(jobs, job -> job.spec().file().orElse(null), String[]::new));
    }

    private static String env(NewJob job) {
        return job.spec()
                .env()
                .map(env -> new JsonObject(new TreeMap<>(env)).encode())
                .orElse(null);
    }

    private static Tuple nodes(List<JobRows.NodeRow> nodes) {
        return Tuple.tuple()
                .addValue(column(nodes, row -> row.job().id(), String[]::new))
                .addValue(column(nodes, row -> row.job().orgGuid(), String[]::new))
                .addValue(column(nodes, JobRows.NodeRow::node, String[]::new))
                .addValue(column(nodes, row -> Times.local(row.job().createdAt()), LocalDateTime[]::new));
    }

    private static Tuple statuses(List<JobRows.StatusRow> statuses) {
        return Tuple.tuple()
                .addValue(column(statuses, JobRows.StatusRow::jobId, String[]::new))
                .addValue(column(statuses, row -> row.status().code(), Integer[]::new))
                .addValue(column(statuses, row -> Times.local(row.at()), LocalDateTime[]::new));
    }

    private static Tuple aborts(List<JobRows.AbortRow> aborts) {
        return Tuple.tuple()
                .addValue(column(aborts, JobRows.AbortRow::jobId, String[]::new))
                .addValue(column(aborts, row -> row.abort().by(), String[]::new))
                .addValue(column(aborts, row -> Times.offset(row.abort().at()), OffsetDateTime[]::new));
    }

    private static Tuple nodeStatuses(List<JobRows.NodeStatusRow> nodes) {
        return Tuple.tuple()
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

    private static Tuple outputs(List<JobRows.OutputRow> outputs) {
        return Tuple.tuple()
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

    private static Tuple events(List<JobRows.JobEventRow> events) {
        return Tuple.tuple()
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
