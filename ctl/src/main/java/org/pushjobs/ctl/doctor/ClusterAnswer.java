package org.pushjobs.ctl.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.pushjobs.ctl.service.ServerProgram;

/**
 * What the server that runs says of its cluster, by {@code ha-status --json} (docs/ctl.md, "Who runs the jobs").
 *
 * @param doAllAnswer whether every server that there should be answers it
 * @param conflicts for people, what servers have that does not go together
 */
record ClusterAnswer(boolean doAllAnswer, List<String> conflicts) {
    ClusterAnswer {
        conflicts = List.copyOf(conflicts);
    }

    /** @param text with what is logged beside the answer; empty when it has none */
    static Optional<ClusterAnswer> parse(String text) {
        String answer =
                text.lines().filter(line -> !ServerProgram.isWarning(line)).collect(Collectors.joining("\n"));
        try {
            JsonNode document = new ObjectMapper().readTree(answer.getBytes(StandardCharsets.UTF_8));
            return document.path("servers").isArray() ? Optional.of(of(document)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // a refusal, which is a sentence
        }
    }

    private static ClusterAnswer of(JsonNode document) {
        JsonNode servers = document.path("servers");
        return new ClusterAnswer(
                servers.size() >= document.path("servers_expected").asInt()
                        && StreamSupport.stream(servers.spliterator(), false)
                                .allMatch(server -> server.path("answers").asBoolean()),
                StreamSupport.stream(document.path("conflicts").spliterator(), false)
                        .map(JsonNode::asText)
                        .toList());
    }
}
