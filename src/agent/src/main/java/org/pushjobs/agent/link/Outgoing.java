package org.pushjobs.agent.link;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;

/**
 * A message that is still without its envelope: it gets its sequence and its time when it is sent.
 *
 * @param audience who understands it
 */
record Outgoing(Optional<String> jobId, Audience audience, Function<AgentEnvelope, AgentMessage> type) {
    /** Servers that understand a message. */
    enum Audience {
        ALL,
        /** Those that speak protocol 2.1; others are not sent it. */
        EXTENDED
    }

    Outgoing {
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(audience, "audience");
        Objects.requireNonNull(type, "type");
    }

    /** A message for all servers. */
    Outgoing(Optional<String> jobId, Function<AgentEnvelope, AgentMessage> type) {
        this(jobId, Audience.ALL, type);
    }
}
