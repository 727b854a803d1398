package org.pushjobs.simulator.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Lets things happen once an interval, each at its own millisecond of it: one slot for each. Times are milliseconds of one
 * monotonic clock. Not thread-safe.
 */
final class HeartbeatWheel {
    private final List<List<Runnable>> slots;
    private long doneUpTo;

    HeartbeatWheel(int intervalMillis, long nowMillis) {
        this.slots = IntStream.range(0, intervalMillis)
                .<List<Runnable>>mapToObj(_ -> new ArrayList<>(2))
                .toList();
        this.doneUpTo = nowMillis;
    }

    /** @param position from 0 to below 1, its place within the interval */
    void add(double position, Runnable beat) {
        slot(position).add(beat);
    }

    /** @param position as it was added */
    void remove(double position, Runnable beat) {
        slot(position).remove(beat);
    }

    private List<Runnable> slot(double position) {
        return slots.get((int) (position * slots.size()));
    }

    /**
     * Does what was due since the last time, at most once.
     *
     * @return how many milliseconds late the first of it was
     */
    long advance(long nowMillis) {
        long late = Math.max(0, nowMillis - doneUpTo - 1);
        doneUpTo = Math.max(doneUpTo, nowMillis - slots.size());
        while (doneUpTo < nowMillis) {
            doneUpTo++;
            slots.get(Math.floorMod(doneUpTo, slots.size())).forEach(Runnable::run);
        }
        return late;
    }
}
