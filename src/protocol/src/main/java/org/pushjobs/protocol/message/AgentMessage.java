package org.pushjobs.protocol.message;

import java.util.Optional;

/** A message from an agent to the server on the command port (wire-protocol.md, "Body frame"). */
public sealed interface AgentMessage {
    AgentEnvelope envelope();

    /** The job this message is about, see {@link AgentEnvelope#jobId()}. */
    default Optional<String> jobId() {
        return envelope().jobId();
    }

    /** Periodic sign of life with what the agent is doing. */
    record Heartbeat(AgentEnvelope envelope, JobState jobState) implements AgentMessage {}

    /** Vote: ready to run the job. */
    record AckCommit(AgentEnvelope envelope) implements AgentMessage {}

    /** Vote: will not run the job. */
    record NackCommit(AgentEnvelope envelope) implements AgentMessage {}

    /** The command was started. */
    record AckRun(AgentEnvelope envelope) implements AgentMessage {}

    /** The command was not started. */
    record NackRun(AgentEnvelope envelope) implements AgentMessage {}

    /** The command ended with exit status 0. */
    record Succeeded(AgentEnvelope envelope, Optional<Output> output) implements AgentMessage {}

    /** The command ended with another exit status, or by a signal. */
    record Failed(AgentEnvelope envelope, Optional<Output> output) implements AgentMessage {}

    /** Answer to an abort: whatever the agent did, it now does nothing. */
    record Aborted(AgentEnvelope envelope) implements AgentMessage {}
}
