package org.pushjobs.server.jobs.model;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Objects;

/**
 * One event of a job's feed as it is stored (table job_events).
 *
 * @param seq from 1, rising by one within a job
 * @param name as in rest-api.md, "Event feeds"
 * @param at microseconds; strictly rising within a job
 * @param data the event's fields besides the timestamp; treated as immutable
 */
public record EventRow(int seq, String name, Instant at, JsonObject data) {
    public EventRow {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(data, "data");
    }

    public EventRow withData(JsonObject other) {
        return new EventRow(seq, name, at, other);
    }
}
