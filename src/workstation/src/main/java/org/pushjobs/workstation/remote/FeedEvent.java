package org.pushjobs.workstation.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/**
 * An event of a job's feed (rest-api.md, "Event feeds").
 *
 * @param name a later server may have names that this version does not know
 * @param id for asking for the events after it
 * @param data a JSON object
 */
public record FeedEvent(String name, String id, JsonNode data) {
    public FeedEvent {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(data, "data");
    }

    /** Whether the job's feed ends with it. */
    public boolean isLast() {
        return name.equals("job_complete") || isSummary();
    }

    /** Whether it is the job itself, in the place of events that are not kept any more. */
    public boolean isSummary() {
        return name.equals("summary");
    }
}
