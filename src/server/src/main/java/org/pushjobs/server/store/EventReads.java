package org.pushjobs.server.store;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.OrgEventRow;

/** What feeds read of the stored events; usable from any verticle. Fails as {@link JobStore} does. */
public interface EventReads {
    /**
     * A job's events in order.
     *
     * @param afterSeq only those with a higher sequence number; 0 for all
     * @param atMost how many, the oldest first
     */
    Future<List<EventRow>> ofJob(String jobId, int afterSeq, int atMost);

    /**
     * The nodes on which a job's command has begun, or has ended, in no particular order.
     *
     * @param upToSeq as of the event with this sequence number
     */
    Future<List<String>> nodesThatBegan(String jobId, int upToSeq);

    /**
     * The events of an organisation's feed in order.
     *
     * @param after only later ones
     * @param atMost how many, the oldest first
     */
    Future<List<OrgEventRow>> ofOrganisation(String orgGuid, Instant after, int atMost);

    /** When the newest event of an organisation's feed was; empty when there is none. */
    Future<Optional<Instant>> newestOfOrganisation(String orgGuid);

    /** Whether an organisation's feed has an event of exactly this time. */
    Future<Boolean> isOfOrganisation(String orgGuid, Instant at);
}
