package org.pushjobs.simulator.fleet;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Lets what takes long happen step by step, with pauses in which the loop does everything else: ten thousand agents that have
 * megabytes to send on as many machines do not keep each other from their heartbeats. Not thread-safe.
 */
final class LongSteps {
    /** Work without a pause, but for the step that ends it. */
    static final long SLICE_MILLIS = 2;

    /** Before each slice. */
    static final long PAUSE_MILLIS = 2;

    private final Consumer<Runnable> afterPause;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean scheduled;

    /** @param afterPause runs something on the same thread when {@value #PAUSE_MILLIS} ms have passed */
    LongSteps(Consumer<Runnable> afterPause) {
        this.afterPause = Objects.requireNonNull(afterPause, "afterPause");
    }

    /** Takes a step when those before it are done, after a pause at least: thousands may be added in one turn of the loop. */
    void add(Runnable step) {
        waiting.add(step);
        if (!scheduled) {
            scheduled = true;
            afterPause.accept(this::work);
        }
    }

    private void work() {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SLICE_MILLIS);
        try {
            do {
                waiting.remove().run();
            } while (!waiting.isEmpty() && System.nanoTime() - until < 0);
        } finally {
            scheduled = !waiting.isEmpty();
            if (scheduled) {
                afterPause.accept(this::work);
            }
        }
    }
}
