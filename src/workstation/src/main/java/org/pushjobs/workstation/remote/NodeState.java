package org.pushjobs.workstation.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.workstation.screen.DataTimes;

/**
 * Whether a node takes jobs.
 *
 * @param availability {@code available} or {@code unavailable}
 * @param source as the server sent it
 */
public record NodeState(String node, String availability, JsonNode source) {
    public NodeState {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(availability, "availability");
        Objects.requireNonNull(source, "source");
    }

    public boolean isAvailable() {
        return availability.equals("available");
    }

    /** Why it is unavailable, for people; empty when it is available or the server does not say. */
    public Optional<String> reason() {
        return detail("message").or(this::reasonCode);
    }

    /** The same in one word. */
    public Optional<String> reasonCode() {
        return detail("reason");
    }

    /** When its agent was last heard, as far as the server remembers. */
    public Optional<Instant> lastSeen() {
        return detail("last_seen").flatMap(DataTimes::parse);
    }

    /** The name of the agent's machine, as the agent says it. */
    public Optional<String> host() {
        return detail("client");
    }

    /** Where the agent connects from. */
    public Optional<String> address() {
        return detail("address");
    }

    /** The version of the protocol that its agent speaks. */
    public Optional<String> version() {
        return detail("protocol_version");
    }

    /** The job that it takes part in. */
    public Optional<String> jobId() {
        return detail("job_id");
    }

    private Optional<String> detail(String name) {
        return Optional.of(source.path("detail").path(name).asText()).filter(text -> !text.isEmpty());
    }

    /** Whether the server has told what it knows of the node; the original server cannot. */
    public boolean hasDetail() {
        return source.path("detail").isObject();
    }

    static NodeState of(JsonNode state) throws UnusableAnswerException {
        if (!state.path("node_name").isTextual() || !state.path("availability").isTextual()) {
            throw new UnusableAnswerException("no node state");
        }
        return new NodeState(
                state.get("node_name").textValue(), state.get("availability").textValue(), state);
    }
}
