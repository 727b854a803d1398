package org.pushjobs.server.api;

import java.time.Duration;
import java.util.Objects;

/**
 * Bounds on what one HTTP client may take of the server.
 *
 * @param maxBodyBytes largest request body; a longer one is answered with 413 and never held in memory
 * @param headTimeout from the opening of a connection until its first request's head is complete
 * @param bodyTimeout from a request's head until the end of its body
 * @param idleTimeout between the end of a request and the complete head of the next one on the same connection
 * @param drainTimeout how long the rest of a body is read and thrown away when the answer did not wait for it
 */
public record HttpLimits(
        int maxBodyBytes, Duration headTimeout, Duration bodyTimeout, Duration idleTimeout, Duration drainTimeout) {
    /** 1,000,000 bytes (rest-api.md); 15 s, 60 s, 75 s and 10 s. */
    public static final HttpLimits DEFAULT = new HttpLimits(
            1_000_000, Duration.ofSeconds(15), Duration.ofSeconds(60), Duration.ofSeconds(75), Duration.ofSeconds(10));

    public HttpLimits {
        if (maxBodyBytes < 1) {
            throw new IllegalArgumentException("maxBodyBytes must be positive, is " + maxBodyBytes);
        }
        Objects.requireNonNull(headTimeout, "headTimeout");
        Objects.requireNonNull(bodyTimeout, "bodyTimeout");
        Objects.requireNonNull(idleTimeout, "idleTimeout");
        Objects.requireNonNull(drainTimeout, "drainTimeout");
    }
}
