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
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.server.jobs.model.CommandEnd;
import org.pushjobs.server.jobs.model.IdempotencyKey;
import org.pushjobs.server.jobs.model.JobAbort;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.jobs.model.NodeTimes;
import org.pushjobs.server.jobs.model.StorableText;

/**
 * The statements that write what happened in jobs: usually one, and one more where jobs are created. They follow each other
 * in this order, in one transaction, and bring about ten thousand rows, or two megabytes of output, each; but a new job, its
 * nodes and its first events come together.
 */
final class JobStatements {
    private static final int ROWS_PER_STATEMENT = 10_000;
    /** What a statement creates has no index, so each event is compared with each job of it. */
    private static final int CREATED_PER_STATEMENT = 200;
    /** An output may have a megabyte or more; as characters. */
    private static final int OUTPUT_SIZE_PER_STATEMENT = 2 << 20;

    private static final int LAST_UPDATED_BY_LENGTH = 32;

    record Statement(String sql, Tuple parameters) {}

    private JobStatements() {}

    /** @param epoch the writer's */
    static List<Statement> of(JobRows rows, long epoch) {
        List<Statement> statements = new ArrayList<>();
        List<JobRows.CreatedJob> together = new ArrayList<>();
        int nodes = 0;
        for (JobRows.CreatedJob created : rows.created()) {
            if (together.size() == CREATED_PER_STATEMENT
                    || nodes > 0 && nodes + created.job().terms().nodes().size() > ROWS_PER_STATEMENT) {
                statements.add(create(together, epoch));
                together = new ArrayList<>();
                nodes = 0;
            }
            together.add(created);
            nodes += created.job().terms().nodes().size();
        }
        if (!together.isEmpty()) {
            statements.add(create(together, epoch));
        }
        for (Changes changes : Changes.of(rows)) {
            Tuple parameters = Tuple.tuple();
            jobs(changes.jobs, parameters);
            nodeStatuses(changes.nodes, parameters);
            outputs(changes.outputs, parameters);
            events(changes.events, parameters);
            statements.add(new Statement(FencedSql.CHANGE, parameters.addValue(epoch)));
        }
        return statements;
    }

    /** @param continued whether a statement before this one has brought its revision already */
    private record JobPart(JobRows.JobRow row, boolean continued) {}

    /** The rows of one statement. Whatever it brings of a job, the job itself is among them. */
    private static final class Changes {
        private final List<JobPart> jobs = new ArrayList<>();
        private final List<JobRows.NodeStatusRow> nodes = new ArrayList<>();
        private final List<JobRows.JobEventRow> events = new ArrayList<>();
        private final List<JobRows.OutputRow> outputs = new ArrayList<>();
        private long outputSize;

        private static List<Changes> of(JobRows rows) {
            List<Changes> all = new ArrayList<>();
            if (!rows.changed().isEmpty() || !rows.outputs().isEmpty()) {
                all.add(new Changes());
            }
            for (JobRows.ChangedJob job : rows.changed()) {
                if (all.getLast().room() == 0) {
                    all.add(new Changes());
                }
                all.getLast().begin(job);
                for (int from = all.getLast().take(job, 0);
                        from < job.nodes().size() + job.events().size(); ) {
                    all.add(new Changes());
                    all.getLast().jobs.add(new JobPart(job.row(), true));
                    from = all.getLast().take(job, from);
                }
            }
            for (JobRows.OutputRow output : rows.outputs()) {
                long size = (long) output.output().stdout().length()
                        + output.output().stderr().length();
                if (all.getLast().outputSize > 0 && all.getLast().outputSize + size > OUTPUT_SIZE_PER_STATEMENT) {
                    all.add(new Changes());
                }
                all.getLast().outputs.add(output);
                all.getLast().outputSize += size;
            }
            return all;
        }

        private void begin(JobRows.ChangedJob job) {
            jobs.add(new JobPart(job.row(), false));
        }

        private int room() {
            return Math.max(0, ROWS_PER_STATEMENT - Math.max(jobs.size(), nodes.size() + events.size()));
        }

        /**
         * As much as there is room for of the job's nodes and, after them, its events.
         *
         * @return up to where
         */
        private int take(JobRows.ChangedJob job, int from) {
            int nodeCount = job.nodes().size();
            int to = Math.min(nodeCount + job.events().size(), from + Math.max(1, room()));
            nodes.addAll(job.nodes().subList(Math.min(from, nodeCount), Math.min(to, nodeCount)));
            events.addAll(job.events().subList(Math.max(0, from - nodeCount), Math.max(0, to - nodeCount)));
            return to;
        }
    }

    private static Statement create(List<JobRows.CreatedJob> created, long epoch) {
        List<NewJob> jobs = created.stream().map(JobRows.CreatedJob::job).toList();
        Tuple parameters = Tuple.tuple();
        newJobs(jobs, parameters);
        options(jobs.stream().filter(job -> hasOptions(job.terms().spec())).toList(), parameters);
        nodes(
                jobs.stream()
                        .flatMap(job -> job.terms().nodes().stream().map(node -> new NewNode(job, node)))
                        .toList(),
                parameters);
        events(created.stream().flatMap(job -> job.events().stream()).toList(), parameters);
        return new Statement(FencedSql.CREATE, parameters.addValue(epoch));
    }

    private static boolean hasOptions(JobSpec spec) {
        return spec.capture()
                || spec.user().isPresent()
                || spec.dir().isPresent()
                || spec.env().isPresent()
                || spec.file().isPresent();
    }

    private record NewNode(NewJob job, String name) {}

    private static void newJobs(List<NewJob> jobs, Tuple parameters) {
        parameters
                .addValue(column(jobs, NewJob::id, String[]::new))
                .addValue(column(jobs, NewJob::orgGuid, String[]::new))
                .addValue(column(jobs, job -> job.terms().spec().command(), String[]::new))
                .addValue(column(jobs, _ -> NewJob.STATUS.code(), Integer[]::new))
                .addValue(column(jobs, job -> job.terms().runTimeoutSeconds(), Integer[]::new))
                .addValue(column(jobs, job -> SqlText.cut(job.requestor(), LAST_UPDATED_BY_LENGTH), String[]::new))
                .addValue(column(jobs, job -> Times.local(job.createdAt()), LocalDateTime[]::new))
                .addValue(column(jobs, job -> job.terms().quorum(), Integer[]::new))
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
                .addValue(column(jobs, job -> job.terms().spec().user().orElse(null), String[]::new))
                .addValue(column(jobs, job -> job.terms().spec().dir().orElse(null), String[]::new))
                .addValue(column(jobs, JobStatements::env, String[]::new))
                .addValue(column(jobs, job -> job.terms().spec().capture(), Boolean[]::new))
                .addValue(column(jobs, job -> job.terms().spec().file().orElse(null), String[]::new));
    }

    private static String env(NewJob job) {
        return job.terms()
                .spec()
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

    private static void jobs(List<JobPart> jobs, Tuple parameters) {
        parameters
                .addValue(column(jobs, part -> part.row().jobId(), String[]::new))
                .addValue(column(jobs, part -> part.row().revision(), Long[]::new))
                .addValue(column(jobs, JobPart::continued, Boolean[]::new))
                .addValue(column(
                        jobs,
                        part -> part.row()
                                .status()
                                .map(to -> to.status().code())
                                .orElse(null),
                        Integer[]::new))
                .addValue(column(
                        jobs,
                        part -> part.row()
                                .status()
                                .map(to -> Times.local(to.at()))
                                .orElse(null),
                        LocalDateTime[]::new))
                .addValue(column(
                        jobs, part -> part.row().abort().map(JobAbort::by).orElse(null), String[]::new))
                .addValue(column(
                        jobs,
                        part -> part.row()
                                .abort()
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
                        String[]::new))
                .addValue(column(
                        nodes,
                        row -> row.change()
                                .tail()
                                .map(tail -> Buffer.buffer(tail.data()))
                                .orElse(null),
                        Buffer[]::new))
                .addValue(column(
                        nodes,
                        row -> row.change().tail().map(OutputTail::offset).orElse(null),
                        Long[]::new));
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
        return StorableText.isStorable(output) ? output : "";
    }

    private static Buffer bytes(String output) {
        return StorableText.isStorable(output) ? null : Buffer.buffer(output.getBytes(StandardCharsets.UTF_8));
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
