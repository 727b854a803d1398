package org.pushjobs.server.store;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.server.jobs.model.StoredJob;

/** What a term reads of the stored jobs. */
public interface TermReads extends JobStarts {
    /** What time it is for the database, by which times of different lives of the server are compared. */
    Future<Instant> now();

    /** Since when the database has been ours, by its clock; before it may have been the original server's. Empty before. */
    Future<Optional<Instant>> oursSince();

    /** The jobs that have not ended, oldest first. */
    Future<List<StoredJob>> live();

    /** When the newest event of each job that has not ended was; without those that have none. */
    Future<Map<String, Instant>> newestEvents();

    /** Empty when the organisation has no such job. */
    Future<Optional<StoredJob>> find(String orgGuid, String id);
}
