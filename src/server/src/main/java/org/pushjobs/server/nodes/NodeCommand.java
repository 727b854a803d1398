package org.pushjobs.server.nodes;

import java.util.List;
import org.pushjobs.protocol.message.ServerMessage;

/** What jobs want of the node sessions; sent to {@link NodeSessions#COMMANDS}, handled in order. */
public sealed interface NodeCommand {
    /**
     * A new job is live. Nodes that are not available are reported down at once, the others when they go down.
     *
     * @param nodes of the organisation
     */
    record Watch(String jobId, String orgGuid, List<String> nodes) implements NodeCommand {}

    /**
     * A job of an earlier life of the server is live again. Its nodes have a grace period to come back before they are
     * reported down, and are not aborted when they do.
     */
    record WatchResumed(String jobId, String orgGuid, List<String> nodes) implements NodeCommand {}

    /** The job has ended. */
    record Unwatch(String jobId) implements NodeCommand {}

    /**
     * Sends a message to each of the nodes that has a session; for the others it is lost. Nodes in rehab get nothing but
     * aborts and acknowledgements of results, and agents of protocol 2.0 no run time. For an agent that does not take a commit
     * of its size {@link NodeReport.Refuses} comes back.
     */
    record Send(String orgGuid, List<String> nodes, ServerMessage message) implements NodeCommand {}

    /** Aborts each of the nodes until it answers {@code aborted}. */
    record Rehabilitate(String orgGuid, List<String> nodes) implements NodeCommand {}
}
