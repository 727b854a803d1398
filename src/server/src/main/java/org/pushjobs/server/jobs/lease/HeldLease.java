package org.pushjobs.server.jobs.lease;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.pushjobs.server.store.Leases;
import org.pushjobs.server.time.Schedule;

/**
 * The lease of one term: renews it again and again, and tells when it is lost. It is over, by this process's monotonic clock,
 * before it can end elsewhere: it counts from the moment in which the statement that made it longer was <em>sent</em>, and a
 * {@linkplain #MARGIN part} of it is left over for clocks that do not run alike. Belongs to the event loop of its schedule, but
 * for {@link #isOver} and {@link #state}.
 */
final class HeldLease {
    /** Renewed so often in its time. */
    private static final int RENEWALS = 3;

    /** Between renewals at most, when one was not answered. */
    private static final long PAUSE_MILLIS = 1_000;

    /**
     * The part of the lease that is not used, one of so many. A clock that is being set right may run faster by a twelfth, as
     * chrony does it.
     */
    private static final int MARGIN = 6;

    private static final String NO_ANSWER = "the database has not answered, or this process stood still";

    private final Schedule schedule;
    private final Leases leases;
    private final String self;
    private final Duration lease;
    private final Consumer<String> lost;
    private volatile LeaseState.Held state;
    private Runnable cancelNext = () -> {};
    private String notRenewed = NO_ANSWER;
    private boolean renewed;
    private boolean ended;

    /**
     * @param sentNanos when the statement that took it, or made it longer, was sent
     * @param lost gets the reason, once
     */
    HeldLease(
            Schedule schedule,
            Leases leases,
            String self,
            Duration lease,
            long epoch,
            long sentNanos,
            Consumer<String> lost) {
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.leases = Objects.requireNonNull(leases, "leases");
        this.self = Objects.requireNonNull(self, "self");
        this.lease = Objects.requireNonNull(lease, "lease");
        this.lost = Objects.requireNonNull(lost, "lost");
        this.state = held(epoch, sentNanos);
    }

    private LeaseState.Held held(long epoch, long sentNanos) {
        return new LeaseState.Held(epoch, sentNanos, sentNanos + lease.toNanos() - lease.toNanos() / MARGIN);
    }

    long epoch() {
        return state.epoch();
    }

    LeaseState.Held state() {
        return state;
    }

    /** Whether its time has passed. Cheap. */
    boolean isOver() {
        return schedule.nanos() - state.untilNanos() >= 0;
    }

    /** Whether it was renewed since it was taken. */
    boolean wasRenewed() {
        return renewed;
    }

    /** From now on it is renewed. */
    void begin() {
        watch();
        renewIn(untilRenewal());
    }

    /** It is not renewed any more, and nothing is told. */
    void end() {
        ended = true;
        cancelNext.run();
    }

    /** Whoever finds that its time has passed has that told by this. */
    void endIfOver() {
        if (!ended && isOver()) {
            lose("the lease could not be renewed for "
                    + TimeUnit.NANOSECONDS.toMillis(schedule.nanos() - state.renewedNanos()) + " ms: " + notRenewed);
        }
    }

    private void lose(String reason) {
        end();
        lost.accept(reason);
    }

    private void watch() {
        schedule.after(Math.max(0, schedule.millisUntil(state.untilNanos())) + 1, () -> {
            endIfOver();
            if (!ended) {
                watch();
            }
        });
    }

    private long renewalMillis() {
        return lease.toMillis() / RENEWALS;
    }

    private long untilRenewal() {
        return Math.max(1, renewalMillis() + schedule.millisUntil(state.renewedNanos()));
    }

    private void renewIn(long millis) {
        cancelNext.run();
        cancelNext = schedule.after(millis, this::renew);
    }

    private void renew() {
        endIfOver();
        if (ended) {
            return;
        }
        long sent = schedule.nanos();
        renewIn(Math.min(renewalMillis(), PAUSE_MILLIS));
        leases.renew(self, epoch(), lease).onComplete(answer -> {
            endIfOver();
            if (ended) {
                return;
            }
            if (answer.failed()) {
                notRenewed = answer.cause().getMessage();
            } else if (answer.result()) {
                renewed(sent);
            } else {
                lose("another server has taken the lease");
            }
        });
    }

    /** Answers may come in another order than they were asked for. */
    private void renewed(long sentNanos) {
        if (sentNanos - state.renewedNanos() > 0) {
            renewed = true;
            state = held(epoch(), sentNanos);
            notRenewed = NO_ANSWER;
            renewIn(untilRenewal());
        }
    }
}
