package org.pushjobs.server.jobs;

import java.util.List;
import java.util.Set;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.OutputChannel;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.jobs.directory.NodeDirectory;
import org.pushjobs.server.jobs.model.Channel;
import org.pushjobs.server.jobs.model.OutputKey;
import org.pushjobs.server.jobs.model.OutputPart;
import org.pushjobs.server.store.OutputEnds;
import org.pushjobs.server.store.TermWrites;
import org.pushjobs.server.time.Schedule;

/**
 * Takes the output that agents send while commands run: has it stored, acknowledges what is, and announces it to those who
 * follow. What nobody wants is refused, so that the agent need not keep it. Belongs to the coordinator's event loop.
 */
final class OutputIntake implements OutputWriter.Listener {
    /** Room for the notice with which an agent ends output that was cut off. */
    private static final int NOTICE_BYTES = 256;

    private final NodeDirectory nodes;
    private final Announcements announcements;
    private final OutputWriter writer;
    private final int maxOutputBytes;

    /**
     * @param stored what is there of jobs that an earlier term has started
     * @param maxOutputBytes of each channel, as agents are told; 0 for nothing
     */
    OutputIntake(
            Schedule schedule,
            TermWrites writes,
            OutputEnds stored,
            int maxOutputBytes,
            NodeDirectory nodes,
            Announcements announcements) {
        this.nodes = nodes;
        this.announcements = announcements;
        this.writer = new OutputWriter(schedule, writes, stored, maxOutputBytes + NOTICE_BYTES, this);
        this.maxOutputBytes = maxOutputBytes;
    }

    /** A node that has a part in the job has sent it. */
    void arrived(LiveJob job, String node, AgentMessage.OutputChunk chunk) {
        Channel channel = switch (chunk.channel()) {
            case STDOUT -> Channel.STDOUT;
            case STDERR -> Channel.STDERR;
        };
        boolean wanted = maxOutputBytes > 0
                && job.terms().spec().capture()
                && !job.machine().nodes().get(node).isTerminal();
        if (wanted) {
            writer.arrived(job, new OutputPart(job.id(), node, channel, chunk.offset(), chunk.data()));
        } else {
            acknowledge(job, new OutputKey(job.id(), node, channel), chunk.offset(), false);
        }
    }

    long waitingBytes() {
        return writer.waitingBytes();
    }

    @Override
    public void stored(LiveJob job, OutputKey key, long end) {
        acknowledge(job, key, end, true);
    }

    @Override
    public void enough(LiveJob job, OutputKey key, long end) {
        acknowledge(job, key, end, false);
    }

    private void acknowledge(LiveJob job, OutputKey key, long end, boolean more) {
        OutputChannel channel = switch (key.channel()) {
            case STDOUT -> OutputChannel.STDOUT;
            case STDERR -> OutputChannel.STDERR;
        };
        ServerMessage ack = new ServerMessage.AckOutput(job.id(), channel, end, more);
        nodes.send(job.orgGuid(), List.of(key.node()), ack);
    }

    @Override
    public void announced(LiveJob job, Set<OutputKey> keys) {
        announcements.stored(new StoredOutput(job.id(), job.orgGuid(), keys));
    }
}
