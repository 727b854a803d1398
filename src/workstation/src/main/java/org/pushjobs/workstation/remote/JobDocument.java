package org.pushjobs.workstation.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.pushjobs.workstation.screen.DataTimes;

/**
 * A job as the server describes it (rest-api.md, GET jobs/ID).
 *
 * @param status the server's word; a later server may have words that this version does not know
 * @param nodes names by node status, as sent; empty in a list of jobs
 * @param source as the server sent it
 */
public record JobDocument(String id, String command, String status, Map<String, List<String>> nodes, JsonNode source) {
    private static final Set<String> LIVE = Set.of("new", "voting", "running");
    private static final Set<String> NODES_IN_PROGRESS = Set.of("new", "ready", "running");
    private static final Set<String> NODES_FINE = Set.of("succeeded", "nacked", "unavailable");

    public JobDocument {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(command, "command");
        Objects.requireNonNull(status, "status");
        nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
        Objects.requireNonNull(source, "source");
    }

    static JobDocument of(JsonNode job) throws UnusableAnswerException {
        if (!job.path("id").isTextual() || !job.path("status").isTextual()) {
            throw new UnusableAnswerException("no job document");
        }
        Map<String, List<String>> nodes = new LinkedHashMap<>();
        for (Entry<String, JsonNode> entry : job.path("nodes").properties()) {
            nodes.put(
                    entry.getKey(),
                    StreamSupport.stream(entry.getValue().spliterator(), false)
                            .map(JsonNode::asText)
                            .toList());
        }
        return new JobDocument(
                job.get("id").textValue(),
                job.path("command").asText(),
                job.get("status").textValue(),
                nodes,
                job);
    }

    /** Whether the job has ended, one way or another. */
    public boolean ended() {
        return !LIVE.contains(status);
    }

    /** Whether it is complete and every node succeeded or had no part in it (agent-and-cli.md, exit code 0). */
    public boolean succeeded() {
        return status.equals("complete") && NODES_FINE.containsAll(nodes.keySet());
    }

    /** Whether it is complete and the command ended well on every node. */
    public boolean allSucceeded() {
        return status.equals("complete") && nodes("succeeded").size() == nodeCount();
    }

    /** The names of the nodes of one status. */
    public List<String> nodes(String nodeStatus) {
        return nodes.getOrDefault(nodeStatus, List.of());
    }

    /** The names of all nodes, in order. */
    public List<String> allNodes() {
        return nodes.values().stream().flatMap(List::stream).sorted().toList();
    }

    /** How many nodes had to be ready; empty when the server does not say. */
    public OptionalInt quorum() {
        JsonNode quorum = source.path("detail").path("quorum");
        return quorum.isInt() ? OptionalInt.of(quorum.intValue()) : OptionalInt.empty();
    }

    public int nodeCount() {
        return nodes.values().stream().mapToInt(List::size).sum();
    }

    /** How many nodes have not ended yet. */
    public int nodesInProgress() {
        return nodes.entrySet().stream()
                .filter(entry -> NODES_IN_PROGRESS.contains(entry.getKey()))
                .mapToInt(entry -> entry.getValue().size())
                .sum();
    }

    /** Whether the server has told what it knows of each node; the original server cannot. */
    public boolean hasDetail() {
        return source.path("detail").isObject();
    }

    /** What the server says of a node's end besides its status, for people; empty when it says nothing. */
    public Optional<String> reason(String node) {
        JsonNode detail = source.path("detail").path("nodes").path(node);
        String reason = detail.path("reason").asText();
        String ending = detail.hasNonNull("signal")
                ? "ended by signal " + detail.get("signal").asText()
                : detail.path("exit_code").isNumber()
                        ? "exit code " + detail.get("exit_code").asText()
                        : "";
        return Optional.of(reason + (reason.isEmpty() || ending.isEmpty() ? "" : "; ") + ending)
                .filter(text -> !text.isEmpty());
    }

    /**
     * The last of what a failed command wrote whose output nobody had asked for.
     *
     * @param isCutOff whether it wrote something before that
     */
    public record OutputTail(String text, boolean isCutOff) {
        public OutputTail {
            Objects.requireNonNull(text, "text");
        }
    }

    /** What the server has of it; empty when it has nothing, or does not tell. */
    public Optional<OutputTail> outputTail(String node) {
        JsonNode detail = source.path("detail").path("nodes").path(node);
        return detail.path("output_tail").isTextual()
                ? Optional.of(new OutputTail(
                        detail.get("output_tail").textValue(),
                        detail.path("output_tail_offset").asLong() > 0))
                : Optional.empty();
    }

    /** How much of a node's output is kept, of both channels together; empty when the server does not say. */
    public Optional<Long> outputBytes(String node) {
        JsonNode detail = source.path("detail").path("nodes").path(node);
        return detail.has("output")
                ? Optional.of(detail.path("stdout_bytes").asLong()
                        + detail.path("stderr_bytes").asLong())
                : Optional.empty();
    }

    /** When it was asked for; empty when the server does not say. */
    public Optional<Instant> createdAt() {
        return DataTimes.parse(source.path("created_at").asText());
    }

    /** When its status last changed; empty when the server does not say. */
    public Optional<Instant> updatedAt() {
        return DataTimes.parse(source.path("updated_at").asText());
    }

    /** Whether the nodes' output is kept. */
    public boolean capturesOutput() {
        return source.path("capture_output").asBoolean();
    }
}
