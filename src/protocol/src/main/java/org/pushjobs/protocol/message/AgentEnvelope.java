package org.pushjobs.protocol.message;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The fields that every message of an agent carries (wire-protocol.md, "Agent → server, every message").
 *
 * @param node the node's name
 * @param client host name of the agent's machine, informational
 * @param org the organisation's NAME, not its guid
 * @param sequence rising per agent process
 * @param timestamp when the agent wrote the message, whole seconds
 * @param incarnationId of the agent process, new at each of its starts
 * @param jobId the job the message is about; empty when the agent names none. An id that no job can have
 *     (longer than {@link #MAX_JOB_ID_BYTES}) arrives as {@link #IMPOSSIBLE_JOB_ID}
 * @param protocolVersion as the agent states it, informational; empty when it does not
 */
public record AgentEnvelope(
        String node,
        String client,
        String org,
        long sequence,
        Instant timestamp,
        String incarnationId,
        Optional<String> jobId,
        String protocolVersion) {
    /** What every agent speaks. */
    public static final String PROTOCOL_VERSION = "2.0";

    /** What our agents speak to a server whose configuration document announces it. */
    public static final String EXTENDED_PROTOCOL_VERSION = "2.1";

    /** Longest job id a message may name, in bytes of UTF-8. */
    public static final int MAX_JOB_ID_BYTES = 64;

    /** Stands for an id that no job can have. */
    public static final String IMPOSSIBLE_JOB_ID = "?";

    public AgentEnvelope {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(org, "org");
        Objects.requireNonNull(timestamp, "timestamp");
        Objects.requireNonNull(incarnationId, "incarnationId");
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(protocolVersion, "protocolVersion");
    }

    /** Whether the message may have the fields of protocol {@value #EXTENDED_PROTOCOL_VERSION}. */
    public boolean isExtended() {
        return protocolVersion.equals(EXTENDED_PROTOCOL_VERSION);
    }

    /** Of an agent that speaks {@value #PROTOCOL_VERSION}. */
    public AgentEnvelope(
            String node,
            String client,
            String org,
            long sequence,
            Instant timestamp,
            String incarnationId,
            Optional<String> jobId) {
        this(node, client, org, sequence, timestamp, incarnationId, jobId, PROTOCOL_VERSION);
    }
}
