package org.pushjobs.chefhttp;

import java.time.Duration;
import java.util.Objects;

/**
 * How long requests may take.
 *
 * @param connect until there is a connection, above 0
 * @param answer from a request to the end of its answer, or to the beginning of one that is read as a stream; above 0
 */
public record TimeLimits(Duration connect, Duration answer) {
    public TimeLimits {
        Objects.requireNonNull(connect, "connect");
        Objects.requireNonNull(answer, "answer");
    }
}
