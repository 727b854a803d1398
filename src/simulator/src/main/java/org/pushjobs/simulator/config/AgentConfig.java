package org.pushjobs.simulator.config;

import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.pushjobs.protocol.codec.MessageLimits;
import org.pushjobs.protocol.codec.ServerMessageReader;
import org.pushjobs.protocol.config.ConfigDocument;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.signing.SessionKey;

/** A configuration document with its keys decoded. Never printed with its session key. */
public record AgentConfig(ConfigDocument document, SessionKey sessionKey, RSAPublicKey serverKey) {
    /** The checks of what the server sends. */
    public ServerMessageReader reader(Clock clock) {
        MessageLimits limits =
                new MessageLimits(document.maxBodySizeBytes(), Duration.ofSeconds(document.maxMessageSkewSeconds()));
        return new ServerMessageReader(limits, clock, sessionKey, serverKey);
    }

    /** As an agent reads it that knows protocol 2.0 only. */
    public AgentConfig plain() {
        return new AgentConfig(document.with(Optional.empty()), sessionKey, serverKey);
    }

    /** Whether both sides speak protocol 2.1. */
    public boolean isExtended() {
        return document.extensions().isPresent();
    }

    /** What messages to the server say that they speak. */
    public String protocolVersion() {
        return isExtended() ? AgentEnvelope.EXTENDED_PROTOCOL_VERSION : AgentEnvelope.PROTOCOL_VERSION;
    }

    /** Between heartbeats, both ways. */
    public int intervalMillis() {
        return (int) Math.max(1, Math.round(document.intervalSeconds() * 1000));
    }

    @Override
    public String toString() {
        return document.toString();
    }
}
