package org.pushjobs.workstation.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/**
 * The answer to aborting a job.
 *
 * @param source as the server sent it
 */
public record AbortedJob(String id, JsonNode source) {
    public AbortedJob {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(source, "source");
    }

    static AbortedJob of(JsonNode answer) throws UnusableAnswerException {
        if (!answer.path("id").isTextual()) {
            throw new UnusableAnswerException("without a job ID");
        }
        return new AbortedJob(answer.get("id").textValue(), answer);
    }
}
