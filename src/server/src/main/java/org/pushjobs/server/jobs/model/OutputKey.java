package org.pushjobs.server.jobs.model;

import java.util.Objects;

/** One of the two channels of one node's command in one job. */
public record OutputKey(String jobId, String node, Channel channel) {
    public OutputKey {
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(channel, "channel");
    }
}
