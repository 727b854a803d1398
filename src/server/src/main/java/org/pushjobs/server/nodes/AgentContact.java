package org.pushjobs.server.nodes;

import java.time.Instant;
import java.util.Objects;
import org.pushjobs.protocol.message.AgentEnvelope;

/**
 * The last that was heard of a node's agent, for people.
 *
 * @param lastSeen when its last valid message arrived
 * @param lastHeartbeat when its last heartbeat arrived, or its session began if there was none
 * @param address IP address that it connected from
 * @param client host name as it states it, at most {@value #MAX_TEXT_CHARACTERS} characters
 * @param protocolVersion as it states it, at most {@value #MAX_TEXT_CHARACTERS} characters
 */
public record AgentContact(
        Instant lastSeen, Instant lastHeartbeat, String address, String client, String protocolVersion) {
    static final int MAX_TEXT_CHARACTERS = 255;

    public AgentContact {
        Objects.requireNonNull(lastSeen, "lastSeen");
        Objects.requireNonNull(lastHeartbeat, "lastHeartbeat");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(protocolVersion, "protocolVersion");
    }

    static String client(AgentEnvelope envelope) {
        return cut(envelope.client());
    }

    static String protocolVersion(AgentEnvelope envelope) {
        return cut(envelope.protocolVersion());
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT_CHARACTERS ? text : text.substring(0, MAX_TEXT_CHARACTERS);
    }
}
