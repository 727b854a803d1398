package org.pushjobs.server.nodes;

import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.NackReason;

/** What the node sessions tell the jobs that watch a node; sent to {@link NodeSessions#REPORTS}. */
public sealed interface NodeReport {
    String jobId();

    String node();

    /** The agent sent a message about the job; a heartbeat when it is at work on it. */
    record Said(String jobId, String node, AgentMessage message) implements NodeReport {}

    /** The agent's heartbeats say that it does nothing, and have said so twice. */
    record Idle(String jobId, String node) implements NodeReport {}

    /**
     * Nothing more is heard of the node, but its agent may still be at work: its connection was closed and not replaced, or
     * it is silent over an open one.
     */
    record Unreachable(String jobId, String node) implements NodeReport {}

    /** The node has a new connection, or is back: what was on its way over the old one may be lost. */
    record InDoubt(String jobId, String node) implements NodeReport {}

    /** The node's agent is known not to take the job, and was not asked. */
    record Refuses(String jobId, String node, NackReason reason) implements NodeReport {}

    /** The node has no session, is not available when the job starts, or its agent was lost, stopped or restarted. */
    record Down(String jobId, String node) implements NodeReport {}
}
