package org.pushjobs.workstation.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.workstation.screen.DataTimes;

/**
 * What became of a node in a job, as far as the server knows.
 *
 * @param ending the exit code of its command, or the signal that ended it
 */
public record NodePart(
        String node,
        String status,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Optional<String> ending) {
    public NodePart {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(finishedAt, "finishedAt");
        Objects.requireNonNull(ending, "ending");
    }

    static NodePart of(String node, JsonNode part) {
        Optional<String> ending = part.hasNonNull("signal")
                ? Optional.of("SIG" + part.get("signal").asText())
                : Optional.of(part.path("exit_code").asText()).filter(code -> !code.isEmpty());
        return new NodePart(
                node, part.path("status").asText(), time(part, "started_at"), time(part, "finished_at"), ending);
    }

    private static Optional<Instant> time(JsonNode part, String name) {
        return DataTimes.parse(part.path(name).asText());
    }

    /** How long its command ran; empty when it has not ended, or never began. */
    public Optional<Duration> ran() {
        return startedAt.flatMap(begin -> finishedAt.map(end -> Duration.between(begin, end)));
    }
}
