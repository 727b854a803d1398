package org.pushjobs.server.simulated;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The row of {@code coordinator_epoch} and its locks: a write of a term shares the row from its first statement to its commit, a
 * take-over has it alone. Nobody overtakes somebody who waits.
 */
final class EpochRow {
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long epoch;
    private int shares;
    private boolean alone;

    private static final class Waiting {
        private final boolean wantsAlone;
        private final Runnable granted;
        private boolean gaveUp;

        private Waiting(boolean wantsAlone, Runnable granted) {
            this.wantsAlone = wantsAlone;
            this.granted = granted;
        }
    }

    long epoch() {
        return epoch;
    }

    void raise(long newEpoch) {
        epoch = newEpoch;
    }

    /** @return gives up waiting */
    Runnable share(Runnable granted) {
        return enqueue(new Waiting(false, granted));
    }

    /** @return gives up waiting */
    Runnable alone(Runnable granted) {
        return enqueue(new Waiting(true, granted));
    }

    private Runnable enqueue(Waiting last) {
        waiting.addLast(last);
        grant();
        return () -> {
            last.gaveUp = true;
            grant();
        };
    }

    void releaseShare() {
        shares--;
        grant();
    }

    void releaseAlone() {
        alone = false;
        grant();
    }

    private void grant() {
        while (!waiting.isEmpty()) {
            Waiting first = waiting.getFirst();
            if (!first.gaveUp && (alone || first.wantsAlone && shares > 0)) {
                return;
            }
            waiting.removeFirst();
            if (!first.gaveUp) {
                alone = first.wantsAlone;
                shares += first.wantsAlone ? 0 : 1;
                first.granted.run();
            }
        }
    }
}
