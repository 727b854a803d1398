package org.pushjobs.agent.link;

import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.pushjobs.protocol.codec.AgentMessageCodec;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;

/** Writes the agent's messages: who it is, when it is, and a sequence that rises as long as the process lives. */
final class MessageWriter {
    private final String node;
    private final String org;
    private final String client;
    private final Clock clock;
    private final String incarnationId = UUID.randomUUID().toString();
    private long sequence;

    /** @param client host name of this machine */
    MessageWriter(String node, String org, String client, Clock clock) {
        this.node = node;
        this.org = org;
        this.client = client;
        this.clock = clock;
    }

    /**
     * The body frame of a message about a job, or about none.
     *
     * @param protocolVersion that the server understands
     */
    byte[] body(String protocolVersion, Optional<String> jobId, Function<AgentEnvelope, AgentMessage> type) {
        return AgentMessageCodec.encode(type.apply(new AgentEnvelope(
                node, client, org, sequence++, clock.instant(), incarnationId, jobId, protocolVersion)));
    }

    /** New at each start of the process. */
    String incarnationId() {
        return incarnationId;
    }
}
