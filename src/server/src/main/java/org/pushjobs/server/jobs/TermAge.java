package org.pushjobs.server.jobs;

import java.time.Duration;
import java.util.Objects;

/**
 * How far a term is.
 *
 * @param age since it began
 * @param renewed since the lease was last made longer
 * @param left until the term is over unless that is done again
 */
public record TermAge(long epoch, Duration age, Duration renewed, Duration left) {
    public TermAge {
        Objects.requireNonNull(age, "age");
        Objects.requireNonNull(renewed, "renewed");
        Objects.requireNonNull(left, "left");
    }
}
