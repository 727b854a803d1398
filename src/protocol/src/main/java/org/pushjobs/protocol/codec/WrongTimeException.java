package org.pushjobs.protocol.codec;

import java.time.Instant;
import java.util.Objects;

/**
 * A message of {@link RejectionReason#CLOCK_SKEW}: it has passed all other checks, so it is authentic and its sender lives.
 * It proves nothing else, because it may be an old one that somebody has kept.
 */
public final class WrongTimeException extends RejectedMessageException {
    private static final long serialVersionUID = 1L;

    private final Instant timestamp;

    /** @param timestamp of the message */
    WrongTimeException(Instant timestamp, String detail) {
        super(RejectionReason.CLOCK_SKEW, detail);
        this.timestamp = Objects.requireNonNull(timestamp, "timestamp");
    }

    public Instant timestamp() {
        return timestamp;
    }
}
