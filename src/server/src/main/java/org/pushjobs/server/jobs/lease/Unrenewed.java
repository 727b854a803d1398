package org.pushjobs.server.jobs.lease;

import java.time.Duration;
import java.util.Objects;
import org.pushjobs.server.store.Lease;
import org.pushjobs.server.time.Schedule;

/**
 * Watches another's lease and tells when it was not renewed for so long that it is over whatever the database's clock says. That
 * clock may be set back, and the lease would last as much longer. Belongs to one event loop.
 */
final class Unrenewed {
    /** More than the longest lease that can be set, and the time in which the database is asked. */
    static final Duration CERTAIN = Duration.ofSeconds(65);

    private final Schedule schedule;
    private String holder = "";
    private long epoch;
    private Duration left = Duration.ZERO;
    private long lookedNanos;
    private long sinceNanos;

    Unrenewed(Schedule schedule) {
        this.schedule = Objects.requireNonNull(schedule, "schedule");
    }

    /** To be told each time that one looks. */
    boolean isOver(String foundHolder, Lease found) {
        long now = schedule.nanos();
        Duration passed = Duration.ofNanos(now - lookedNanos);
        boolean sameTerm = foundHolder.equals(holder) && found.epoch() == epoch;
        if (!sameTerm || found.left().compareTo(left.minus(passed.dividedBy(2))) > 0) {
            sinceNanos = now;
        }
        holder = foundHolder;
        epoch = found.epoch();
        left = found.left();
        lookedNanos = now;
        return now - sinceNanos >= CERTAIN.toNanos();
    }
}
