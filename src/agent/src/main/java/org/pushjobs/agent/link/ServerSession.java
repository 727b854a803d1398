package org.pushjobs.agent.link;

import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.protocol.codec.MessageLimits;
import org.pushjobs.protocol.codec.ServerMessageReader;
import org.pushjobs.protocol.config.ConfigDocument;
import org.pushjobs.protocol.config.InvalidConfigDocumentException;
import org.pushjobs.protocol.keys.InvalidKeyTextException;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.protocol.keys.Z85;
import org.pushjobs.protocol.signing.SessionKey;

/**
 * A configuration document that this agent can work with: every address and key in it was checked and decoded. Never
 * printed with its key.
 *
 * @param document what the server sent
 * @param sessionKey signs the messages of both sides
 * @param serverKey signs the server's heartbeats
 * @param curveServerKey empty when the command port is in clear text
 */
record ServerSession(
        ConfigDocument document, SessionKey sessionKey, RSAPublicKey serverKey, Optional<byte[]> curveServerKey) {
    private static final int CURVE_KEY_BYTES = 32;

    ServerSession {
        Objects.requireNonNull(document, "document");
        Objects.requireNonNull(sessionKey, "sessionKey");
        Objects.requireNonNull(serverKey, "serverKey");
        Objects.requireNonNull(curveServerKey, "curveServerKey");
    }

    /** @throws ConfigFetchException says what in the document is unusable */
    static ServerSession open(byte[] json, AgentSettings settings) throws ConfigFetchException {
        ConfigDocument document;
        try {
            document = ConfigDocument.parse(json);
        } catch (InvalidConfigDocumentException e) {
            throw new ConfigFetchException(e.getMessage());
        }
        check(document.node().equals(settings.nodeName()), "is for another node: " + document.node());
        checkAddress("out_addr", document.heartbeatAddress());
        checkAddress("command_addr", document.commandAddress());
        SessionKey sessionKey = SessionKeys.unwrap(document.sessionKey(), settings.clientKey())
                .orElseThrow(() -> new ConfigFetchException(
                        "the configuration document's session key is not for this node's client key"));
        return new ServerSession(document, sessionKey, serverKey(document), curveServerKey(document, settings));
    }

    private static void checkAddress(String member, String address) throws ConfigFetchException {
        check(
                PortAddress.parse(address).isPresent(),
                "has no tcp:// " + member + ": " + address + "; it must be tcp://HOST:PORT, the port from 1 to 65535");
    }

    private static RSAPublicKey serverKey(ConfigDocument document) throws ConfigFetchException {
        try {
            return PemKeys.publicKey(document.publicKey());
        } catch (InvalidKeyTextException e) {
            throw new ConfigFetchException("the configuration document's public_key: " + e.getMessage());
        }
    }

    private static Optional<byte[]> curveServerKey(ConfigDocument document, AgentSettings settings)
            throws ConfigFetchException {
        if (document.curvePublicKey().isEmpty()) {
            check(settings.allowUnencrypted(), "offers no encryption; set allow_unencrypted to accept that");
            return Optional.empty();
        }
        try {
            byte[] key = Z85.decode(document.curvePublicKey().get());
            check(key.length == CURVE_KEY_BYTES, "has a curve_public_key of " + key.length + " bytes");
            return Optional.of(key);
        } catch (IllegalArgumentException e) {
            throw new ConfigFetchException("the configuration document's curve_public_key: " + e.getMessage());
        }
    }

    private static void check(boolean fine, String problem) throws ConfigFetchException {
        if (!fine) {
            throw new ConfigFetchException("the configuration document " + problem);
        }
    }

    /** Whether sockets opened for the other one serve this one as well. */
    boolean sameConnectionAs(ServerSession other) {
        return document.heartbeatAddress().equals(other.document.heartbeatAddress())
                && document.commandAddress().equals(other.document.commandAddress())
                && document.curvePublicKey().equals(other.document.curvePublicKey())
                && document.publicKey().equals(other.document.publicKey())
                && document.incarnationId().equals(other.document.incarnationId())
                && document.extensions().equals(other.document.extensions())
                && sessionKey.equals(other.sessionKey);
    }

    ServerMessageReader reader(Clock clock) {
        MessageLimits limits =
                new MessageLimits(document.maxBodySizeBytes(), Duration.ofSeconds(document.maxMessageSkewSeconds()));
        return new ServerMessageReader(limits, clock, sessionKey, serverKey);
    }

    PortAddress heartbeatPort() {
        return PortAddress.parse(document.heartbeatAddress()).orElseThrow();
    }

    PortAddress commandPort() {
        return PortAddress.parse(document.commandAddress()).orElseThrow();
    }

    /** Between heartbeats, both ways. */
    long intervalMillis() {
        return Math.max(1, Math.round(document.intervalSeconds() * 1000));
    }

    @Override
    public String toString() {
        return document.toString();
    }
}
