package org.pushjobs.protocol.codec;

import java.time.Duration;

/**
 * Bounds that a received message has to keep (wire-protocol.md, "Sockets" and "Body frame").
 *
 * @param maxBodySizeBytes largest body frame, in bytes
 * @param maxMessageSkew how far a timestamp may be from now
 */
public record MessageLimits(int maxBodySizeBytes, Duration maxMessageSkew) {
    /** Largest header frame, in bytes. */
    public static final int MAX_HEADER_SIZE_BYTES = 2048;

    /** The defaults of the original: 65,536 bytes and 300 s. */
    public static final MessageLimits DEFAULT = new MessageLimits(65_536, Duration.ofSeconds(300));

    public MessageLimits {
        if (maxBodySizeBytes <= 0) {
            throw new IllegalArgumentException("maxBodySizeBytes must be positive, is " + maxBodySizeBytes);
        }
        if (maxMessageSkew.isNegative()) {
            throw new IllegalArgumentException("maxMessageSkew must not be negative, is " + maxMessageSkew);
        }
    }

    void checkSizes(byte[] header, byte[] body) throws RejectedMessageException {
        if (header.length > MAX_HEADER_SIZE_BYTES) {
            throw new RejectedMessageException(
                    RejectionReason.HEADER_TOO_LONG,
                    "header has " + header.length + " bytes, at most " + MAX_HEADER_SIZE_BYTES + " are allowed");
        }
        if (body.length > maxBodySizeBytes) {
            throw new RejectedMessageException(
                    RejectionReason.BODY_TOO_LONG,
                    "body has " + body.length + " bytes, at most " + maxBodySizeBytes + " are allowed");
        }
    }
}
