package org.pushjobs.server.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.pushjobs.server.jobs.model.JobNode;
import org.pushjobs.server.jobs.model.JobSummary;
import org.pushjobs.server.jobs.model.OutputState;
import org.pushjobs.server.jobs.model.StoredJob;

/**
 * The key {@code detail} of a job document: who asked for it and for its abort, and for each node what became of it, why and
 * when; in a list of jobs only who asked for it. Times
 * are ISO 8601 in UTC with milliseconds. What is not known is left out.
 */
final class JobDetail {
    static final String KEY = "detail";

    private static final String REQUESTOR = "requested_by";

    private JobDetail() {}

    static boolean isWanted(RoutingContext context) {
        return context.queryParam(KEY).stream().anyMatch("true"::equals);
    }

    /** Of a job in a list. */
    static ObjectNode of(JobSummary job) {
        return JsonNodeFactory.instance.objectNode().put(REQUESTOR, job.requestor());
    }

    static ObjectNode of(StoredJob job, List<JobNode> nodes) {
        ObjectNode detail = JsonNodeFactory.instance
                .objectNode()
                .put(REQUESTOR, job.requestor())
                .put("quorum", job.terms().quorum());
        job.abort().ifPresent(abort -> {
            putTime(detail, "abort_requested_at", Optional.of(abort.at()));
            detail.put("abort_requested_by", abort.by());
        });
        ObjectNode byName = detail.putObject("nodes");
        nodes.forEach(node -> putNode(byName.putObject(node.name()), node));
        return detail;
    }

    private static void putNode(ObjectNode document, JobNode node) {
        document.put("status", node.status().label());
        node.reason().ifPresent(reason -> document.put("reason", reason));
        node.reasonCode().ifPresent(code -> document.put("reason_code", code));
        putTime(document, "voted_at", node.times().votedAt());
        putTime(document, "started_at", node.times().startedAt());
        putTime(document, "finished_at", node.times().finishedAt());
        node.end().ifPresent(end -> {
            document.put("exit_code", end.exitCode());
            end.signal().ifPresent(signal -> document.put("signal", signal));
        });
        switch (node.output()) {
            case OutputState.None _ -> document.put("output", "none");
            case OutputState.Partial(int stdoutBytes, int stderrBytes) ->
                document.put("output", "partial")
                        .put("stdout_bytes", stdoutBytes)
                        .put("stderr_bytes", stderrBytes);
            case OutputState.Kept kept -> {
                document.put("output", "kept")
                        .put("stdout_bytes", kept.stdoutBytes())
                        .put("stderr_bytes", kept.stderrBytes());
                putDropped(document, "stdout_dropped_bytes", kept.stdoutDroppedBytes());
                putDropped(document, "stderr_dropped_bytes", kept.stderrDroppedBytes());
            }
            case OutputState.Dropped _ -> document.put("output", "dropped");
        }
    }

    private static void putDropped(ObjectNode document, String key, long bytes) {
        if (bytes > 0) {
            document.put(key, bytes);
        }
    }

    private static void putTime(ObjectNode document, String key, Optional<Instant> time) {
        time.ifPresent(at -> document.put(key, at.truncatedTo(ChronoUnit.MILLIS).toString()));
    }
}
