package org.pushjobs.protocol.codec;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.signing.HeaderRules;
import org.pushjobs.protocol.signing.HmacSignature;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.protocol.signing.SessionKey;
import org.pushjobs.protocol.signing.SigningMethod;

/**
 * The server's checks of a message from an agent, in the order of wire-protocol.md: sizes, header, JSON, signature,
 * timestamp. Immutable, usable from any thread.
 */
public final class AgentMessageReader {
    private final MessageLimits limits;
    private final Clock clock;

    public AgentMessageReader(MessageLimits limits, Clock clock) {
        this.limits = Objects.requireNonNull(limits, "limits");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** Finds the key that has to have signed a message. */
    @FunctionalInterface
    public interface KeyLookup {
        /**
         * @param message decoded but not yet authentic
         * @throws RejectedMessageException {@code WRONG_NODE} or {@code UNKNOWN_NODE}
         */
        SessionKey keyFor(AgentMessage message) throws RejectedMessageException;
    }

    /**
     * @param header the first frame after the routing id
     * @param body the second one
     * @return a message that is authentic and recent
     * @throws WrongTimeException the message is authentic and not recent; the last check
     * @throws RejectedMessageException says which check failed
     */
    public AgentMessage read(byte[] header, byte[] body, KeyLookup keys) throws RejectedMessageException {
        limits.checkSizes(header, body);
        MessageHeader parsed = MessageHeader.parse(header, HeaderRules.SERVER);
        if (parsed.method() != SigningMethod.HMAC_SHA256) {
            throw new RejectedMessageException(
                    RejectionReason.BAD_HEADER, "signing method of the command port must be hmac_sha256");
        }
        AgentMessage message = AgentMessageCodec.decode(body);
        SessionKey key = keys.keyFor(message);
        if (!HmacSignature.verify(parsed.signature(), body, key)) {
            throw new RejectedMessageException(
                    RejectionReason.BAD_SIGNATURE, "signature does not match the node's session key");
        }
        Duration skew = Duration.between(message.envelope().timestamp(), clock.instant());
        if (skew.abs().compareTo(limits.maxMessageSkew()) > 0) {
            throw new WrongTimeException(
                    message.envelope().timestamp(),
                    "timestamp is " + skew.abs().toSeconds() + " s " + (skew.isNegative() ? "ahead" : "behind")
                            + ", at most " + limits.maxMessageSkew().toSeconds() + " s are allowed");
        }
        return message;
    }
}
