package org.pushjobs.workstation.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/**
 * The answer to starting a job.
 *
 * @param id 32 hexadecimal digits
 * @param source as the server sent it
 */
public record StartedJob(String id, JsonNode source) {
    public StartedJob {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(source, "source");
    }

    /** Old servers send only the URI, whose last part is the id. */
    static StartedJob of(JsonNode answer) throws UnusableAnswerException {
        String uri = answer.path("uri").asText();
        String id = answer.path("id").asText(uri.substring(uri.lastIndexOf('/') + 1));
        if (id.isEmpty()) {
            throw new UnusableAnswerException("without a job ID");
        }
        return new StartedJob(id, answer);
    }
}
