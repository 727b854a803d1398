package org.pushjobs.server.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pushjobs.protocol.codec.HttpDate;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.feeds.EnvValues;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.JobSummary;
import org.pushjobs.server.jobs.model.NodeStatus;
import org.pushjobs.server.jobs.model.StoredJob;

/** Jobs as JSON (rest-api.md, "GET jobs"); what is not set is left out, node names are sorted. */
final class JobDocument {
    private JobDocument() {}

    /** A job in a list: without its nodes. */
    static ObjectNode of(JobSummary job, EnvValues values) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        putState(
                document,
                job.id(),
                job.spec(),
                job.status(),
                job.runTimeoutSeconds(),
                job.createdAt(),
                job.updatedAt());
        putOptions(document, job.spec(), values);
        if (job.fileSpecified()) {
            document.put("file_specified", true);
        }
        return document;
    }

    /** A job with its nodes; that it has a file is said, the file itself is not there. */
    static ObjectNode of(StoredJob job, EnvValues values) {
        ObjectNode document = withoutFile(job, values);
        if (job.terms().spec().file().isPresent()) {
            document.put("file_specified", true);
        }
        return document;
    }

    /** A job with its nodes and its file. */
    static ObjectNode withFile(StoredJob job, EnvValues values) {
        ObjectNode document = withoutFile(job, values);
        job.terms().spec().file().ifPresent(file -> document.put("file", file));
        return document;
    }

    private static ObjectNode withoutFile(StoredJob job, EnvValues values) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ObjectNode nodes = document.putObject("nodes");
        byStatus(job.nodes()).forEach((status, names) -> {
            var array = nodes.putArray(status.label());
            names.forEach(array::add);
        });
        putState(
                document,
                job.id(),
                job.terms().spec(),
                job.status(),
                Optional.of(job.terms().runTimeoutSeconds()),
                job.createdAt(),
                job.updatedAt());
        putOptions(document, job.terms().spec(), values);
        return document;
    }

    private static Map<NodeStatus, SortedSet<String>> byStatus(Map<String, NodeStatus> nodes) {
        Map<NodeStatus, SortedSet<String>> names = new EnumMap<>(NodeStatus.class);
        nodes.forEach((name, status) ->
                names.computeIfAbsent(status, _ -> new TreeSet<>()).add(name));
        return names;
    }

    private static void putState(
            ObjectNode document,
            String id,
            JobSpec spec,
            JobStatus status,
            Optional<Integer> runTimeoutSeconds,
            Instant createdAt,
            Instant updatedAt) {
        document.put("id", id);
        document.put("command", spec.command());
        document.put("status", status.label());
        document.put("run_timeout", runTimeoutSeconds.orElse(null));
        document.put("created_at", HttpDate.format(createdAt));
        document.put("updated_at", HttpDate.format(updatedAt));
    }

    private static void putOptions(ObjectNode document, JobSpec spec, EnvValues values) {
        spec.user().ifPresent(user -> document.put("user", user));
        spec.dir().ifPresent(dir -> document.put("dir", dir));
        spec.env().ifPresent(env -> {
            ObjectNode variables = document.putObject("env");
            switch (values) {
                case SHOWN -> new TreeMap<>(env).forEach(variables::put);
                case HIDDEN -> {
                    new TreeSet<>(env.keySet()).forEach(name -> variables.put(name, EnvValues.PLACEHOLDER));
                    document.put(EnvValues.HIDDEN_KEY, true);
                }
            }
        });
        if (spec.capture()) {
            document.put("capture_output", true);
        }
    }
}
