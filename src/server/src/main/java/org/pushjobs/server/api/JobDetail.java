package org.pushjobs.server.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.server.jobs.model.JobNode;
import org.pushjobs.server.jobs.model.JobSummary;
import org.pushjobs.server.jobs.model.OutputState;
import org.pushjobs.server.jobs.model.StoredJob;

/**
 * The key {@code detail} of a job document: who asked for it and for its abort, and for each node what became of it, why and
 * when; in a list of jobs only who asked for it. Times are ISO 8601 in UTC with milliseconds. What is not known is left out. The
 * last of what failed commands wrote is there when it was asked for, bytes that are no UTF-8 replaced.
 */
final class JobDetail {
    static final String KEY = "detail";

    /** The parameter that asks for the last of what failed commands wrote, and its key. */
    static final String OUTPUT_TAIL = "output_tail";

    /** Of one job; what comes after that is left out. */
    static final int MOST_TAIL_BYTES = 1 << 20;

    private static final String REQUESTOR = "requested_by";

    private JobDetail() {}

    static boolean isWanted(RoutingContext context) {
        return isWanted(context, KEY);
    }

    /** Whether the parameter asks for it. */
    static boolean isWanted(RoutingContext context, String parameter) {
        return context.queryParam(parameter).stream().anyMatch("true"::equals);
    }

    /** Of a job in a list. */
    static ObjectNode of(JobSummary job) {
        return JsonNodeFactory.instance.objectNode().put(REQUESTOR, job.requestor());
    }

    /** @param tails by node, where they were asked for */
    static ObjectNode of(StoredJob job, List<JobNode> nodes, Map<String, OutputTail> tails) {
        ObjectNode detail = JsonNodeFactory.instance
                .objectNode()
                .put(REQUESTOR, job.requestor())
                .put("quorum", job.terms().quorum());
        job.abort().ifPresent(abort -> {
            putTime(detail, "abort_requested_at", Optional.of(abort.at()));
            detail.put("abort_requested_by", abort.by());
        });
        ObjectNode byName = detail.putObject("nodes");
        nodes.forEach(
                node -> putNode(byName.putObject(node.name()), node, Optional.ofNullable(tails.get(node.name()))));
        return detail;
    }

    private static void putNode(ObjectNode document, JobNode node, Optional<OutputTail> tail) {
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
        if (node.tailBytes() > 0) {
            document.put("output_tail_bytes", node.tailBytes());
        }
        tail.ifPresent(last -> document.put("output_tail_offset", last.offset())
                .put(OUTPUT_TAIL, new String(last.data(), StandardCharsets.UTF_8)));
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
