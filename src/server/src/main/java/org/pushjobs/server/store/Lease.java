package org.pushjobs.server.store;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Who has the right to run the jobs.
 *
 * @param holder empty when it was given back, or nobody ever had it
 * @param epoch of the holder's term, or of the last one; 0 when there was none
 * @param left until when others may take it, by the database's clock; zero when they may
 */
public record Lease(Optional<String> holder, long epoch, Duration left) {
    public Lease {
        Objects.requireNonNull(holder, "holder");
        Objects.requireNonNull(left, "left");
    }

    boolean mayBeTakenBy(String other) {
        return left.isZero() || holder.equals(Optional.of(other));
    }
}
