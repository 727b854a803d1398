package org.pushjobs.server.api;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Lets a bounded number of things go on at a time. Those that have to wait take turns by who asks, so that many from one
 * place do not keep one from another waiting. Not thread-safe.
 */
final class FairTurns {
    private final int atOnce;
    private final int maxWaiting;
    private final LinkedHashMap<String, Queue<Runnable>> waitingBy = new LinkedHashMap<>();
    private int goingOn;
    private int waiting;
    private boolean starting;

    /**
     * @param atOnce how many go on at a time, 1 or more
     * @param maxWaiting how many may wait
     */
    FairTurns(int atOnce, int maxWaiting) {
        this.atOnce = atOnce;
        this.maxWaiting = maxWaiting;
    }

    /**
     * Starts it, now or when it is its turn; to be followed by {@link #leave} when it has ended.
     *
     * @return false when too many wait already; then it is never started
     */
    boolean enter(String who, Runnable start) {
        if (goingOn < atOnce) {
            start(start);
            return true;
        }
        if (waiting >= maxWaiting) {
            return false;
        }
        waiting++;
        waitingBy.computeIfAbsent(who, _ -> new ArrayDeque<>()).add(start);
        return true;
    }

    /** One that was started has ended. */
    void leave() {
        goingOn--;
        if (!starting) {
            starting = true;
            try {
                startWaiting();
            } finally {
                starting = false;
            }
        }
    }

    /** Goes round for those that end at once: they call {@link #leave} from within. */
    private void startWaiting() {
        while (goingOn < atOnce && !waitingBy.isEmpty()) {
            Map.Entry<String, Queue<Runnable>> next = waitingBy.pollFirstEntry();
            Runnable start = next.getValue().remove();
            if (!next.getValue().isEmpty()) {
                waitingBy.put(next.getKey(), next.getValue());
            }
            waiting--;
            start(start);
        }
    }

    /** One that fails to start gives its turn back. */
    private void start(Runnable start) {
        goingOn++;
        try {
            start.run();
        } catch (RuntimeException e) {
            goingOn--;
            throw e;
        }
    }
}
