package org.pushjobs.server.jobs.model;

import java.util.Objects;

/**
 * A part of what a command wrote while it ran. Never printed with its data.
 *
 * @param channel what it was written to
 * @param position bytes of the channel before it
 * @param data treat as read-only
 */
public record OutputPart(String jobId, String node, Channel channel, long position, byte[] data) {
    public OutputPart {
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(data, "data");
    }

    /** The position after it. */
    public long end() {
        return position + data.length;
    }

    @Override
    public String toString() {
        return "OutputPart[jobId=" + jobId + ", node=" + node + ", channel=" + channel + ", position=" + position
                + ", data=" + data.length + " bytes]";
    }
}
