package org.pushjobs.simulator.job;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.pushjobs.simulator.job.Agenda.Hands;
import org.pushjobs.simulator.job.Agenda.JobResult;

/**
 * Results of a simulated agent on their way to the server. One that cannot be sent waits. One that the server will acknowledge
 * is kept until then, and sent again on each new connection and, ever more rarely, while the acknowledgement is missing, as our
 * agents do it (docs/decisions/0016, "Results"). Not thread-safe.
 */
final class Results {
    static final long FIRST_PAUSE_MILLIS = 5_000;
    static final long LONGEST_PAUSE_MILLIS = 60_000;

    private static final int CAPACITY = 16;

    private final Hands hands;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Deque<Unacknowledged> unacknowledged = new ArrayDeque<>();

    /** @param said how often it was sent */
    private record Waiting(JobResult result, int said) {}

    /** @param againMillis when it is to be sent again */
    private record Unacknowledged(Waiting sent, long pauseMillis, long againMillis) {}

    Results(Hands hands) {
        this.hands = hands;
    }

    /** Takes a result that has to be sent so many times; what is too much is dropped. */
    void add(JobResult result, int copies) {
        for (int copy = 0; copy < copies && waiting.size() < CAPACITY; copy++) {
            waiting.addLast(new Waiting(result, copy));
        }
    }

    /** Sends what waits as far as that is possible. */
    void flush() {
        while (!waiting.isEmpty() && say(waiting.getFirst(), FIRST_PAUSE_MILLIS)) {
            waiting.removeFirst();
        }
    }

    /** Returns whether it was sent; then it is kept if it has to be. */
    private boolean say(Waiting next, long pauseMillis) {
        return switch (hands.trySend(next.result(), next.said())) {
            case NOT_NOW -> false;
            case FORGET -> true;
            case KEEP -> {
                if (unacknowledged.size() == CAPACITY) {
                    unacknowledged.removeFirst();
                }
                Waiting sent = new Waiting(next.result(), next.said() + 1);
                unacknowledged.addLast(new Unacknowledged(sent, pauseMillis, hands.now() + pauseMillis));
                yield true;
            }
        };
    }

    /** The connection is a new one: what is not acknowledged is sent again, before all else. */
    void sayAgain() {
        while (!unacknowledged.isEmpty()) {
            waiting.addFirst(unacknowledged.removeLast().sent());
        }
        flush();
    }

    /** Sends those again whose acknowledgement is overdue. */
    void sayOverdue() {
        for (int left = unacknowledged.size(); left > 0; left--) {
            Unacknowledged first = unacknowledged.removeFirst();
            boolean said = first.againMillis() <= hands.now()
                    && say(first.sent(), Math.min(2 * first.pauseMillis(), LONGEST_PAUSE_MILLIS));
            if (!said) {
                unacknowledged.addLast(first);
            }
        }
    }

    /** The server has the result of this job, or does not want it. */
    void acknowledged(String jobId) {
        waiting.removeIf(next -> next.result().jobId().equals(jobId));
        unacknowledged.removeIf(kept -> kept.sent().result().jobId().equals(jobId));
    }

    /** Drops all. */
    void clear() {
        waiting.clear();
        unacknowledged.clear();
    }

    /** The job whose result waits to be sent. */
    Optional<String> nextJob() {
        return Optional.ofNullable(waiting.peekFirst())
                .map(next -> next.result().jobId());
    }
}
