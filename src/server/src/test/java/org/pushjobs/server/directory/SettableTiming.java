package org.pushjobs.server.directory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Stands still until it is told to go on. */
final class SettableTiming implements Timing {
    private record Waiting(long at, Runnable action) {}

    private final List<Waiting> waiting = new ArrayList<>();
    private long now = Long.MAX_VALUE - 1_000_000_000L;

    @Override
    public synchronized long nanos() {
        return now;
    }

    @Override
    public synchronized void after(Duration delay, Runnable action) {
        waiting.add(new Waiting(now + delay.toNanos(), action));
    }

    void forward(Duration by) {
        long end = nanos() + by.toNanos();
        for (Optional<Waiting> next = next(end); next.isPresent(); next = next(end)) {
            next.get().action().run();
        }
        synchronized (this) {
            now = end;
        }
    }

    private synchronized Optional<Waiting> next(long end) {
        Optional<Waiting> next = waiting.stream()
                .filter(one -> end - one.at() >= 0)
                .min(Comparator.comparingLong(one -> one.at() - now));
        next.ifPresent(one -> {
            waiting.remove(one);
            now = one.at();
        });
        return next;
    }
}
