package org.pushjobs.server.jobs;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.JobChanges;

/**
 * Events of one job that were just stored together, for whoever follows the job or its organisation. Published to their
 * addresses on the event bus, in order, one message for each batch whatever the number of nodes.
 *
 * @param upTo sequence number of the newest of them
 * @param events in order; what is between them in the order of sequence numbers does not exist. Empty when another process has
 *     stored them: they are in the database
 */
public record StoredEvents(String jobId, String orgGuid, int upTo, List<EventRow> events) {
    private static final Set<String> OF_ORGANISATION = Set.of("start", "job_complete");

    public StoredEvents {
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(orgGuid, "orgGuid");
        events = List.copyOf(events);
    }

    /** Empty when the changes have no events. */
    static Optional<StoredEvents> of(JobChanges changes) {
        List<EventRow> events = changes.events();
        return events.isEmpty()
                ? Optional.empty()
                : Optional.of(new StoredEvents(
                        changes.jobId(), changes.orgGuid(), events.getLast().seq(), events));
    }

    /** Where a job's events are published. */
    public static String addressOfJob(String jobId) {
        return "pushjobs.events.job." + jobId;
    }

    /** Where batches are published that have an event of the organisation's feed. */
    public static String addressOfOrganisation(String orgGuid) {
        return "pushjobs.events.org." + orgGuid;
    }

    /** Whether one of the events is in the organisation's feed, too. */
    boolean isOfOrganisation() {
        return events.stream().anyMatch(event -> OF_ORGANISATION.contains(event.name()));
    }
}
