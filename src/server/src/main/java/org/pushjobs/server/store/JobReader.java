package org.pushjobs.server.store;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.server.jobs.model.CommandEnd;
import org.pushjobs.server.jobs.model.EarlierStart;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.JobAbort;
import org.pushjobs.server.jobs.model.JobNode;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobSummary;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.jobs.model.NodeTimes;
import org.pushjobs.server.jobs.model.StoredJob;

/** Makes records of the rows that {@link JobSql} selects. */
final class JobReader {
    /** Of jobs that were stored without one (rest-api.md, "POST jobs"). */
    private static final int DEFAULT_RUN_TIMEOUT_SECONDS = 3600;

    private JobReader() {}

    static StoredJob job(Row row) {
        String[] names = row.getArrayOfStrings("node_names");
        Integer[] statuses = row.getArrayOfIntegers("node_statuses");
        Map<String, NodeStatus> nodes = HashMap.newHashMap(names.length);
        for (int i = 0; i < names.length; i++) {
            nodes.put(names[i], NodeStatus.ofCode(statuses[i]));
        }
        return new StoredJob(
                row.getString("id"),
                row.getString("org_id"),
                row.getString("requestor"),
                terms(row, names),
                JobStatus.ofCode(row.getInteger("status")),
                Times.instant(row.getLocalDateTime("created_at")),
                Times.instant(row.getLocalDateTime("updated_at")),
                nodes,
                row.getInteger("last_event_seq"),
                row.getLong("revision"),
                Optional.ofNullable(row.getString("abort_requested_by"))
                        .map(by ->
                                new JobAbort(by, time(row, "abort_requested_at").orElseThrow())));
    }

    private static JobTerms terms(Row row, String[] nodes) {
        return new JobTerms(
                spec(row, Optional.ofNullable(row.getString("job_file"))),
                List.of(nodes),
                Optional.ofNullable(row.getInteger("quorum")).orElse(nodes.length),
                Optional.ofNullable(row.getInteger("run_timeout")).orElse(DEFAULT_RUN_TIMEOUT_SECONDS));
    }

    static JobNode node(Row row) {
        return new JobNode(
                row.getString("node_name"),
                NodeStatus.ofCode(row.getInteger("status")),
                Optional.ofNullable(row.getString("reason")),
                Optional.ofNullable(row.getString("reason_code")),
                new NodeTimes(time(row, "voted_at"), time(row, "started_at"), time(row, "finished_at")),
                Optional.ofNullable(row.getInteger("exit_code"))
                        .map(code -> new CommandEnd(code, Optional.ofNullable(row.getString("signal")))),
                OutputCodes.state(row),
                row.getInteger("tail_size"));
    }

    static OutputTail tail(Row row) {
        return new OutputTail(
                row.getLong("output_tail_offset"), row.getBuffer("output_tail").getBytes());
    }

    static EarlierStart earlierStart(Row row) {
        return new EarlierStart(row.getString("id"), row.getString("request_digest"));
    }

    private static Optional<Instant> time(Row row, String column) {
        return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
    }

    static JobSummary summary(Row row) {
        return new JobSummary(
                row.getString("id"),
                row.getString("requestor"),
                spec(row, Optional.empty()),
                row.getBoolean("file_specified"),
                JobStatus.ofCode(row.getInteger("status")),
                Optional.ofNullable(row.getInteger("run_timeout")),
                Times.instant(row.getLocalDateTime("created_at")),
                Times.instant(row.getLocalDateTime("updated_at")));
    }

    static EventRow event(Row row) {
        return new EventRow(
                row.getInteger("seq"),
                row.getString("name"),
                row.getOffsetDateTime("at").toInstant(),
                row.getJsonObject("data"));
    }

    private static JobSpec spec(Row row, Optional<String> file) {
        return new JobSpec(
                row.getString("command"),
                Optional.ofNullable(row.getString("job_user")),
                Optional.ofNullable(row.getString("dir")),
                Optional.ofNullable(row.getString("env")).map(JobReader::env),
                file,
                Boolean.TRUE.equals(row.getBoolean("capture")));
    }

    private static Map<String, String> env(String json) {
        Map<String, String> env = new HashMap<>();
        new JsonObject(json).forEach(entry -> env.put(entry.getKey(), String.valueOf(entry.getValue())));
        return env;
    }
}
