package org.pushjobs.server.jobs;

import java.util.Objects;
import java.util.Set;
import org.pushjobs.server.jobs.model.OutputKey;

/**
 * Output of one job that was just stored, for whoever follows it. Published to its address on the event bus.
 *
 * @param channels whose output it is; empty when another process has stored it, and it may be that of any
 */
public record StoredOutput(String jobId, String orgGuid, Set<OutputKey> channels) {
    public StoredOutput {
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(orgGuid, "orgGuid");
        channels = Set.copyOf(channels);
    }

    /** Where a job's output is announced. */
    public static String addressOfJob(String jobId) {
        return "pushjobs.output.job." + jobId;
    }
}
