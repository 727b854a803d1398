package org.pushjobs.workstation.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import java.util.Optional;

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

    /** Why it is unavailable, for people; empty when it is available or the server does not say. */
    public Optional<String> reason() {
        JsonNode detail = source.path("detail");
        String text = detail.path("message").asText(detail.path("reason").asText());
        return Optional.of(text).filter(reason -> !reason.isEmpty());
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
