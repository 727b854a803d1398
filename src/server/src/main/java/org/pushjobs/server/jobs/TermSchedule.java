package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.pushjobs.server.time.Schedule;

/**
 * The turns, timers and waits of one term: with it they end, whatever is still to come. Before anything is done it is looked
 * whether the term is over, so that a process which was paused for longer than the lease does nothing of it any more.
 */
final class TermSchedule implements Schedule {
    private final Schedule schedule;
    private final BooleanSupplier holdsLease;
    private final Set<Runnable> cancellations = new HashSet<>();
    private boolean over;

    TermSchedule(Schedule schedule, BooleanSupplier holdsLease) {
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.holdsLease = Objects.requireNonNull(holdsLease, "holdsLease");
    }

    /** For good; nothing that waits will be done. */
    void end() {
        over = true;
        List.copyOf(cancellations).forEach(Runnable::run);
        cancellations.clear();
    }

    /** Whether nothing may be done any more. */
    boolean isOver() {
        over |= !holdsLease.getAsBoolean();
        return over;
    }

    @Override
    public void soon(Runnable action) {
        schedule.soon(() -> {
            if (!isOver()) {
                action.run();
            }
        });
    }

    @Override
    public Runnable after(long millis, Runnable action) {
        Timer timer = new Timer(action);
        timer.cancellation = schedule.after(millis, timer);
        cancellations.add(timer.cancellation);
        return timer::cancel;
    }

    private final class Timer implements Runnable {
        private final Runnable action;
        private Runnable cancellation = () -> {};

        private Timer(Runnable action) {
            this.action = action;
        }

        @Override
        public void run() {
            cancellations.remove(cancellation);
            if (!isOver()) {
                action.run();
            }
        }

        private void cancel() {
            cancellations.remove(cancellation);
            cancellation.run();
        }
    }

    @Override
    public long nanos() {
        return schedule.nanos();
    }

    /** Never completed once the term is over. */
    @Override
    public <T> Future<T> within(long millis, Future<T> future) {
        Promise<T> whileHeld = Promise.promise();
        future.onComplete(result -> {
            if (!isOver()) {
                whileHeld.handle(result);
            }
        });
        return Schedule.super.within(millis, whileHeld.future());
    }
}
