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

    /**
     * Largest body of a commit, in bytes, that our agents take and our servers send to them (docs/decisions/0016). A request
     * for a job, of 1,000,000 bytes at most, fits; and encrypted it fits into a frame of 1 MiB.
     */
    public static final int MAX_COMMIT_SIZE_BYTES = 1_048_000;

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

    /** Also the commits of servers that say less of themselves are taken up to {@link #MAX_COMMIT_SIZE_BYTES}. */
    int maxCommandBytes() {
        return Math.max(maxBodySizeBytes, MAX_COMMIT_SIZE_BYTES);
    }

    void checkSizes(byte[] header, byte[] body) throws RejectedMessageException {
        checkHeader(header);
        if (body.length > maxBodySizeBytes) {
            throw bodyTooLong(body, maxBodySizeBytes);
        }
    }

    static void checkHeader(byte[] header) throws RejectedMessageException {
        if (header.length > MAX_HEADER_SIZE_BYTES) {
            throw new RejectedMessageException(
                    RejectionReason.HEADER_TOO_LONG,
                    "header has " + header.length + " bytes, at most " + MAX_HEADER_SIZE_BYTES + " are allowed");
        }
    }

    static RejectedMessageException bodyTooLong(byte[] body, int limitBytes) {
        return new RejectedMessageException(
                RejectionReason.BODY_TOO_LONG,
                "body has " + body.length + " bytes, at most " + limitBytes + " are allowed");
    }
}
