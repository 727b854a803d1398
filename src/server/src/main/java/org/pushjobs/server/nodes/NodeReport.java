package org.pushjobs.server.nodes;

import org.pushjobs.protocol.message.AgentMessage;

/** What the node sessions tell the jobs that watch a node; sent to {@link NodeSessions#REPORTS}. */
public sealed interface NodeReport {
    String jobId();

    String node();

    /** The agent sent a message about the job; a heartbeat when it is at work on it. */
    record Said(String jobId, String node, AgentMessage message) implements NodeReport {}

    /** The agent's heartbeats say that it does nothing, and have said so twice. */
    record Idle(String jobId, String node) implements NodeReport {}

    /** The node has no session, is in rehab when the job starts, or its agent was lost or restarted. */
    record Down(String jobId, String node) implements NodeReport {}
}
