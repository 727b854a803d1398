package org.pushjobs.server.jobs.lease;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.server.time.Schedule;

/** Leaves the lease to others, for ever or until nobody has wanted it for some time. Belongs to one event loop. */
final class Abstention {
    private final Schedule schedule;
    private final Optional<Duration> patience;
    /** When it was first seen to be free; empty when it is not, or that is not known. */
    private Optional<Long> freeSinceNanos = Optional.empty();

    Abstention(Schedule schedule, Optional<Duration> patience) {
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.patience = Objects.requireNonNull(patience, "patience");
    }

    /** To be told each time that one looks. */
    void saw(boolean free) {
        freeSinceNanos = free ? Optional.of(freeSinceNanos.orElseGet(schedule::nanos)) : Optional.empty();
    }

    /** The lease could not be looked at: others may not have been able to, either. */
    void isNotKnown() {
        freeSinceNanos = Optional.empty();
    }

    /** Whether it is still left to others. */
    boolean lasts() {
        return patience.isEmpty()
                || freeSinceNanos.isEmpty()
                || schedule.nanos() - freeSinceNanos.get() < patience.get().toNanos();
    }
}
