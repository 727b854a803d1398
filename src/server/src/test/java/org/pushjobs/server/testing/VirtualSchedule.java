package org.pushjobs.server.testing;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.pushjobs.server.time.Schedule;

/** An event loop whose time passes when the test says so. */
public final class VirtualSchedule implements Schedule {
    /** In one moment; more is a loop without a pause. */
    private static final int MOST_ACTIONS = 50_000;

    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private final PriorityQueue<Action> actions =
            new PriorityQueue<>(Comparator.comparingLong(Action::millis).thenComparingLong(Action::number));
    private long nowMillis;
    private long number;
    private int inThisMoment;

    private record Action(long millis, long number, Runnable work) {}

    @Override
    public void soon(Runnable action) {
        after(0, action);
    }

    @Override
    public Runnable after(long millis, Runnable work) {
        Action action = new Action(nowMillis + millis, number++, work);
        actions.add(action);
        return () -> actions.remove(action);
    }

    @Override
    public long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(nowMillis);
    }

    public long millis() {
        return nowMillis;
    }

    public void pass(long millis) {
        long until = nowMillis + millis;
        while (!actions.isEmpty() && actions.peek().millis <= until) {
            Action next = actions.remove();
            if (next.millis > nowMillis) {
                nowMillis = next.millis;
                inThisMoment = 0;
            }
            if (++inThisMoment > MOST_ACTIONS) {
                throw new AssertionError("so much is done at once that it never ends");
            }
            next.work.run();
        }
        nowMillis = until;
        inThisMoment = 0;
    }

    /** Time passes, and nothing is done: that comes all at once when it goes on. */
    public void standStill(long millis) {
        nowMillis += millis;
    }

    public Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return START.plusMillis(nowMillis);
            }
        };
    }
}
