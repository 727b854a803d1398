package org.pushjobs.zmtp;

import java.time.Duration;
import java.util.Objects;

/**
 * What one connection may use.
 *
 * @param maxFrameBytes longer frames close the connection
 * @param maxFrames kept of a message; those after them are counted and thrown away
 * @param maxMessageBytes of the frames that are kept; longer messages close the connection
 * @param maxUnwrittenBytes that wait to be read by the peer. Beyond it a ROUTER's peer is closed; other sockets drop the
 *     message. A single message is always taken when nothing waits
 * @param maxSubscriptions of a peer of a PUB, each of at most 255 bytes
 * @param handshakeTimeout for each part of the handshake that waits for the peer, and for the authoriser
 */
public record Limits(
        int maxFrameBytes,
        int maxFrames,
        int maxMessageBytes,
        int maxUnwrittenBytes,
        int maxSubscriptions,
        Duration handshakeTimeout) {
    /** 1 MiB frames, 4 kept, 2 MiB together; 1 MiB unwritten; 64 subscriptions; 10 s. */
    public static final Limits DEFAULT = new Limits(1 << 20, 4, 2 << 20, 1 << 20, 64, Duration.ofSeconds(10));

    public Limits {
        requirePositive(maxFrameBytes, "maxFrameBytes");
        requirePositive(maxFrames, "maxFrames");
        requirePositive(maxMessageBytes, "maxMessageBytes");
        requirePositive(maxUnwrittenBytes, "maxUnwrittenBytes");
        requirePositive(maxSubscriptions, "maxSubscriptions");
        Objects.requireNonNull(handshakeTimeout, "handshakeTimeout");
    }

    static void requirePositive(int value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " has to be above 0, not " + value);
        }
    }

    /** With other limits for messages. */
    public Limits withMessages(int frameBytes, int frames, int messageBytes) {
        return new Limits(frameBytes, frames, messageBytes, maxUnwrittenBytes, maxSubscriptions, handshakeTimeout);
    }

    /** With another bound for what waits to be written. */
    public Limits withMaxUnwrittenBytes(int bytes) {
        return new Limits(maxFrameBytes, maxFrames, maxMessageBytes, bytes, maxSubscriptions, handshakeTimeout);
    }

    /** With another time limit for the handshake. */
    public Limits withHandshakeTimeout(Duration timeout) {
        return new Limits(maxFrameBytes, maxFrames, maxMessageBytes, maxUnwrittenBytes, maxSubscriptions, timeout);
    }
}
