package org.pushjobs.server.jobs.model;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Objects;

/**
 * One event of an organisation's feed as it is stored (table org_events).
 *
 * @param jobId whose event it is
 * @param name {@code start} or {@code job_complete}
 * @param at microseconds; strictly rising within an organisation, so it identifies the event there; it may be later than the
 *     time of the same event in the job's feed
 * @param data the event's fields besides the job and the timestamp; treated as immutable
 */
public record OrgEventRow(String jobId, String name, Instant at, JsonObject data) {
    public OrgEventRow {
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(data, "data");
    }

    public OrgEventRow withData(JsonObject other) {
        return new OrgEventRow(jobId, name, at, other);
    }
}
