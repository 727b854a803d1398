package org.pushjobs.agent.link;

import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.message.JobState;

/**
 * What an agent is doing, as a snapshot.
 *
 * @param connection to its server
 * @param jobState what its heartbeats say
 * @param jobId the job that its heartbeats name
 * @param configFetches how often it has got its configuration
 * @param problem why a port of the server cannot be reached, for people; empty when all can be, or that is not known
 */
public record AgentStatus(
        Connection connection, JobState jobState, Optional<String> jobId, int configFetches, Optional<String> problem) {
    /** The connection of an agent to its server. */
    public enum Connection {
        /** Waiting for the first configuration. */
        STARTING,
        /** Server heartbeats arrive, or should; nothing has arrived on the command port yet. */
        CONNECTING,
        /** Both ports work. */
        ONLINE,
        /** Server heartbeats are missing. */
        OFFLINE,
        /** Closed, or stopped by an error. */
        STOPPED
    }

    /** The status of an agent that has not started. */
    public static final AgentStatus INITIAL =
            new AgentStatus(Connection.STARTING, JobState.IDLE, Optional.empty(), 0, Optional.empty());

    public AgentStatus {
        Objects.requireNonNull(connection, "connection");
        Objects.requireNonNull(jobState, "jobState");
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(problem, "problem");
    }
}
