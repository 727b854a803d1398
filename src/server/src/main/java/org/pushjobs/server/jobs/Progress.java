package org.pushjobs.server.jobs;

import java.util.List;
import java.util.Objects;

/**
 * How far jobs have got, for those in other processes who follow them: numbers only, what they stand for is in the database.
 * What several jobs have done within {@link AnnouncementsOverBus#GATHER_MILLIS} goes together.
 *
 * @param process where it was announced already
 */
record Progress(String process, List<OfJob> jobs) {
    Progress {
        Objects.requireNonNull(process, "process");
        jobs = List.copyOf(jobs);
    }

    /**
     * Something of a job is new in the database.
     *
     * @param events up to this sequence number there are; 0 when no events are new
     * @param inOrganisation whether one of them is in the organisation's feed, too
     * @param output whether there is more output
     */
    record OfJob(String jobId, String orgGuid, int events, boolean inOrganisation, boolean output) {
        OfJob {
            Objects.requireNonNull(jobId, "jobId");
            Objects.requireNonNull(orgGuid, "orgGuid");
        }

        /** What is new by one or the other. */
        OfJob and(OfJob other) {
            return new OfJob(
                    jobId,
                    orgGuid,
                    Math.max(events, other.events),
                    inOrganisation || other.inOrganisation,
                    output || other.output);
        }
    }
}
