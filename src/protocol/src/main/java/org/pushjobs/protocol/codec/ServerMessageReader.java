package org.pushjobs.protocol.codec;

import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import org.pushjobs.protocol.message.ServerHeartbeat;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.protocol.signing.HeaderRules;
import org.pushjobs.protocol.signing.HmacSignature;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.protocol.signing.RsaBodySignature;
import org.pushjobs.protocol.signing.SessionKey;

/**
 * An agent's checks of what the server sends, with the Ruby agent's rules: the header's version is not looked at, either
 * signing method is taken on either port, and only a timestamp in the future is refused. Immutable, usable from any
 * thread.
 */
public final class ServerMessageReader {
    private final MessageLimits limits;
    private final Clock clock;
    private final SessionKey sessionKey;
    private final RSAPublicKey serverKey;

    /** @param limits as the configuration document gave them */
    public ServerMessageReader(MessageLimits limits, Clock clock, SessionKey sessionKey, RSAPublicKey serverKey) {
        this.limits = Objects.requireNonNull(limits, "limits");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.sessionKey = Objects.requireNonNull(sessionKey, "sessionKey");
        this.serverKey = Objects.requireNonNull(serverKey, "serverKey");
    }

    /**
     * @throws WrongTimeException the message is authentic and from the future
     * @throws RefusedCommitException the message is a commit that cannot be taken, and authentic
     * @throws RejectedMessageException says which check failed
     */
    public ServerMessage readCommand(byte[] header, byte[] body) throws RejectedMessageException {
        MessageLimits.checkHeader(header);
        BodyFields fields = authenticFields(header, body);
        checkNotAhead(fields.timestamp());
        try {
            if (body.length > limits.maxCommandBytes()) {
                throw MessageLimits.bodyTooLong(body, limits.maxCommandBytes());
            }
            return ServerMessageCodec.decode(fields);
        } catch (RejectedMessageException e) {
            throw ServerMessageCodec.commitOf(fields)
                    .<RejectedMessageException>map(jobId -> new RefusedCommitException(jobId, e))
                    .orElse(e);
        }
    }

    /**
     * @throws WrongTimeException the message is authentic and from the future
     * @throws RejectedMessageException says which check failed
     */
    public ServerHeartbeat readHeartbeat(byte[] header, byte[] body) throws RejectedMessageException {
        limits.checkSizes(header, body);
        BodyFields fields = authenticFields(header, body);
        checkNotAhead(fields.timestamp());
        return ServerMessageCodec.decodeHeartbeat(fields);
    }

    private BodyFields authenticFields(byte[] header, byte[] body) throws RejectedMessageException {
        MessageHeader parsed = MessageHeader.parse(header, HeaderRules.AGENT);
        boolean authentic = switch (parsed.method()) {
            case HMAC_SHA256 -> HmacSignature.verify(parsed.signature(), body, sessionKey);
            case RSA2048_SHA1 -> RsaBodySignature.verify(parsed.signature(), body, serverKey);
        };
        if (!authentic) {
            throw new RejectedMessageException(RejectionReason.BAD_SIGNATURE, "signature does not match");
        }
        return BodyFields.parse(body);
    }

    private void checkNotAhead(Instant timestamp) throws RejectedMessageException {
        if (timestamp.isAfter(clock.instant().plus(limits.maxMessageSkew()))) {
            throw new WrongTimeException(
                    timestamp,
                    "the server's timestamp is more than "
                            + limits.maxMessageSkew().toSeconds() + " s in the future");
        }
    }
}
