package org.pushjobs.workstation.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A job to be started (rest-api.md, POST jobs).
 *
 * @param nodes names, each once
 * @param quorum how many nodes must be ready for the command to run at all
 * @param runTimeoutSeconds empty for the server's default
 * @param user whom the command runs as; empty for the agent's own user
 * @param directory where it runs
 * @param environment variables for it; empty for none
 * @param file a file that it gets, as {@code raw:…} or {@code base64:…}
 * @param captureOutput whether the server keeps what it writes
 */
public record JobRequest(
        String command,
        List<String> nodes,
        int quorum,
        OptionalInt runTimeoutSeconds,
        Optional<String> user,
        Optional<String> directory,
        Map<String, String> environment,
        Optional<String> file,
        boolean captureOutput) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public JobRequest {
        Objects.requireNonNull(command, "command");
        nodes = List.copyOf(nodes);
        Objects.requireNonNull(runTimeoutSeconds, "runTimeoutSeconds");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(directory, "directory");
        environment = Map.copyOf(environment);
        Objects.requireNonNull(file, "file");
    }

    /**
     * What a job once asked for, on other nodes.
     *
     * @param job with its file
     * @param variables are stronger than the job's own; where those are hidden from the user, they must be all
     * @return empty when hidden variables are missing
     */
    public static Optional<JobRequest> again(
            JobDocument job, List<String> nodes, int quorum, Map<String, String> variables) {
        JsonNode source = job.source();
        Map<String, String> environment = new LinkedHashMap<>();
        source.path("env")
                .properties()
                .forEach(entry ->
                        environment.put(entry.getKey(), entry.getValue().asText()));
        if (source.path("env_hidden").asBoolean() && !variables.keySet().containsAll(environment.keySet())) {
            return Optional.empty();
        }
        environment.putAll(variables);
        return Optional.of(new JobRequest(
                job.command(),
                nodes,
                quorum,
                source.path("run_timeout").isInt()
                        ? OptionalInt.of(source.get("run_timeout").intValue())
                        : OptionalInt.empty(),
                text(source, "user"),
                text(source, "dir"),
                environment,
                text(source, "file"),
                job.capturesOutput()));
    }

    private static Optional<String> text(JsonNode source, String field) {
        return source.hasNonNull(field) ? Optional.of(source.get(field).asText()) : Optional.empty();
    }

    /** The same job on these nodes. */
    public JobRequest on(List<String> nodes, int quorum) {
        return new JobRequest(
                command, nodes, quorum, runTimeoutSeconds, user, directory, environment, file, captureOutput);
    }

    /** The same job, its output kept. */
    public JobRequest capturingOutput() {
        return new JobRequest(command, nodes, quorum, runTimeoutSeconds, user, directory, environment, file, true);
    }

    /** Whether a server of version 1 can take it, which knows command, nodes and quorum. */
    public boolean isOfVersionOne() {
        return runTimeoutSeconds.isEmpty()
                && user.isEmpty()
                && directory.isEmpty()
                && environment.isEmpty()
                && file.isEmpty()
                && !captureOutput;
    }

    /** The request's body; fields that are not set are left out. */
    byte[] toJson() {
        ObjectNode body = JSON.createObjectNode();
        body.put("command", command);
        ArrayNode names = body.putArray("nodes");
        nodes.forEach(names::add);
        body.put("quorum", quorum);
        runTimeoutSeconds.ifPresent(seconds -> body.put("run_timeout", seconds));
        user.ifPresent(name -> body.put("user", name));
        directory.ifPresent(path -> body.put("dir", path));
        if (!environment.isEmpty()) {
            ObjectNode variables = body.putObject("env");
            environment.forEach(variables::put);
        }
        file.ifPresent(content -> body.put("file", content));
        if (captureOutput) {
            body.put("capture_output", true);
        }
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("writing JSON to memory failed", e);
        }
    }
}
