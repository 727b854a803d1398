package org.pushjobs.server.jobs;

import io.vertx.core.eventbus.EventBus;
import java.util.Objects;
import java.util.Set;
import org.pushjobs.server.bus.LocalCodec;
import org.pushjobs.server.jobs.model.OutputKey;

/** Output of one job that was just stored, for whoever follows it. Published to its address on the event bus. */
public record StoredOutput(String jobId, Set<OutputKey> channels) {
    public StoredOutput {
        Objects.requireNonNull(jobId, "jobId");
        channels = Set.copyOf(channels);
    }

    /** Where a job's output is announced. */
    public static String addressOfJob(String jobId) {
        return "pushjobs.output.job." + jobId;
    }

    void publish(EventBus bus) {
        bus.publish(addressOfJob(jobId), this, LocalCodec.options());
    }
}
