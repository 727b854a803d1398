package org.pushjobs.zmtp;

import java.time.Duration;
import java.util.Objects;

/**
 * What handshakes may cost one server (one event loop).
 *
 * @param maxConcurrent connections that are not ready; when there are more, the one that has waited longest for its peer
 *     is closed
 * @param slice time that handshakes get between two visits to the sockets
 * @param maxPendingAuthorisations answers of the {@link Authoriser} that are waited for; beyond it peers are refused for
 *     now
 * @param refusalDelay how long a peer that is refused for now is kept waiting before it is closed. Old agents come back
 *     at once after that
 */
public record HandshakeLimits(int maxConcurrent, Duration slice, int maxPendingAuthorisations, Duration refusalDelay) {
    /** 20,000 at once, 2 ms between visits, 1,000 authorisations, 1 s until a refusal. */
    public static final HandshakeLimits DEFAULT =
            new HandshakeLimits(20_000, Duration.ofMillis(2), 1_000, Duration.ofSeconds(1));

    public HandshakeLimits {
        Limits.requirePositive(maxConcurrent, "maxConcurrent");
        Limits.requirePositive(maxPendingAuthorisations, "maxPendingAuthorisations");
        Objects.requireNonNull(slice, "slice");
        Objects.requireNonNull(refusalDelay, "refusalDelay");
    }
}
