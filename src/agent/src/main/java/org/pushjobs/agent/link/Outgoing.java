package org.pushjobs.agent.link;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;

/** A message that is still without its envelope: it gets its sequence and its time when it is sent. */
record Outgoing(Optional<String> jobId, Function<AgentEnvelope, AgentMessage> type) {
    Outgoing {
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(type, "type");
    }
}
