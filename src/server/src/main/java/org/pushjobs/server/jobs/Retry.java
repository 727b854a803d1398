package org.pushjobs.server.jobs;

import java.util.concurrent.TimeUnit;
import org.pushjobs.server.time.Schedule;

/** Pauses between attempts that fail, from 0.2 s rising to 5 s. */
final class Retry {
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private int failures;
    private long dueNanos;

    void failed(Schedule schedule) {
        failures++;
        long pause = Math.min(FIRST_PAUSE_MILLIS << Math.min(failures - 1, 10), LONGEST_PAUSE_MILLIS);
        dueNanos = schedule.nanos() + TimeUnit.MILLISECONDS.toNanos(pause);
    }

    void succeeded() {
        failures = 0;
    }

    int failures() {
        return failures;
    }

    /** Whether the log should say that it has failed again: the longer it lasts, the less often. */
    boolean isWorthALine() {
        return Integer.bitCount(failures) == 1;
    }

    boolean isDue(Schedule schedule) {
        return failures == 0 || dueNanos - schedule.nanos() <= 0;
    }

    /** 0 when it is due. */
    long millisUntilDue(Schedule schedule) {
        return isDue(schedule) ? 0 : TimeUnit.NANOSECONDS.toMillis(dueNanos - schedule.nanos()) + 1;
    }
}
