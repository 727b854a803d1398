package org.pushjobs.simulator.config;

import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import org.pushjobs.protocol.codec.MessageLimits;
import org.pushjobs.protocol.codec.ServerMessageReader;
import org.pushjobs.protocol.config.ConfigDocument;
import org.pushjobs.protocol.signing.SessionKey;

/** A configuration document with its keys decoded. Never printed with its session key. */
public record AgentConfig(ConfigDocument document, SessionKey sessionKey, RSAPublicKey serverKey) {
    /** The checks of what the server sends. */
    public ServerMessageReader reader(Clock clock) {
        MessageLimits limits =
                new MessageLimits(document.maxBodySizeBytes(), Duration.ofSeconds(document.maxMessageSkewSeconds()));
        return new ServerMessageReader(limits, clock, sessionKey, serverKey);
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
