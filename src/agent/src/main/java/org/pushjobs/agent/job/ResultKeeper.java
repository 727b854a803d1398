package org.pushjobs.agent.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Results on their way to the server.
 *
 * <p>A server of protocol 2.0 says nothing about them: a result is sent once while all is well; one that was produced while
 * the server is away, or was sent so shortly before that it may be lost, is kept until the server is back.
 *
 * <p>A server of protocol 2.1 acknowledges them: each is kept until then, and sent again after a new connection and, ever
 * more rarely, while the acknowledgement is missing.
 *
 * <p>While a result waits to be sent the agent says that its job still runs. Times are milliseconds of one monotonic clock.
 * Not thread-safe.
 */
public final class ResultKeeper {
    /** More can hardly wait: no new job is taken while one does. */
    static final int CAPACITY = 16;

    static final long FIRST_PAUSE_MILLIS = 5_000;
    static final long LONGEST_PAUSE_MILLIS = 60_000;

    private record Sent(JobResult result, long atMillis) {}

    private record Unacknowledged(JobResult result, long againMillis, long pauseMillis) {}

    private final Deque<JobResult> waiting = new ArrayDeque<>();
    private final Deque<Sent> recentlySent = new ArrayDeque<>();
    private final Deque<Unacknowledged> unacknowledged = new ArrayDeque<>();

    /** Takes a result that has to be sent. */
    public void add(JobResult result) {
        if (waiting.size() == CAPACITY) {
            waiting.removeFirst().discard();
        }
        waiting.addLast(result);
    }

    /** The result to be sent next. */
    public Optional<JobResult> next() {
        return Optional.ofNullable(waiting.peekFirst());
    }

    /** The one that {@link #next} gave was sent, to a server that will not say whether it has arrived. */
    public void sent(long nowMillis) {
        if (recentlySent.size() == CAPACITY) {
            recentlySent.removeFirst().result().discard();
        }
        recentlySent.addLast(new Sent(waiting.removeFirst(), nowMillis));
    }

    /** The one that {@link #next} gave was sent, to a server that will acknowledge it. */
    public void sentToBeAcknowledged(long nowMillis) {
        if (unacknowledged.size() == CAPACITY) {
            unacknowledged.removeFirst().result().discard();
        }
        unacknowledged.addLast(
                new Unacknowledged(waiting.removeFirst(), nowMillis + FIRST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS));
    }

    /** One whose acknowledgement is overdue: it is to be sent again. */
    public Optional<JobResult> overdue(long nowMillis) {
        return unacknowledged.stream()
                .filter(sent -> sent.againMillis() <= nowMillis)
                .map(Unacknowledged::result)
                .findFirst();
    }

    /** The one that {@link #overdue} gave was sent again. */
    public void sentAgain(JobResult result, long nowMillis) {
        unacknowledged.stream()
                .filter(sent -> sent.result().equals(result))
                .findFirst()
                .ifPresent(sent -> {
                    unacknowledged.remove(sent);
                    long pause = Math.min(2 * sent.pauseMillis(), LONGEST_PAUSE_MILLIS);
                    unacknowledged.addLast(new Unacknowledged(result, nowMillis + pause, pause));
                });
    }

    /** When {@link #overdue} is worth asking. */
    public long nextOverdueMillis() {
        return unacknowledged.stream()
                .mapToLong(Unacknowledged::againMillis)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** The server has the result of this job, or does not want it. */
    public void acknowledged(String jobId) {
        unacknowledged.removeIf(sent -> isOf(sent.result(), jobId));
        waiting.removeIf(result -> isOf(result, jobId));
    }

    private static boolean isOf(JobResult result, String jobId) {
        boolean is = result.jobId().equals(jobId);
        if (is) {
            result.discard();
        }
        return is;
    }

    /** The connection is a new one, or the server another: what is not acknowledged has to be sent again, before all else. */
    public void keepUnacknowledged() {
        while (!unacknowledged.isEmpty()) {
            waiting.addFirst(unacknowledged.removeLast().result());
        }
    }

    /**
     * What was sent since then may be lost: it has to be sent again.
     *
     * @return the results it is about
     */
    public List<JobResult> keepSentSince(long thenMillis) {
        List<JobResult> doubtful = new ArrayList<>();
        for (Sent sent : recentlySent) {
            if (sent.atMillis() >= thenMillis) {
                doubtful.add(sent.result());
            } else {
                sent.result().discard();
            }
        }
        recentlySent.clear();
        doubtful.reversed().forEach(waiting::addFirst);
        return doubtful;
    }

    /** Whether a result was sent since then to a server that does not acknowledge it. */
    public boolean sentSince(long thenMillis) {
        return !recentlySent.isEmpty() && recentlySent.getLast().atMillis() >= thenMillis;
    }

    /** Drops everything: the server does not want it. */
    public void clear() {
        waiting.forEach(JobResult::discard);
        recentlySent.forEach(sent -> sent.result().discard());
        unacknowledged.forEach(sent -> sent.result().discard());
        waiting.clear();
        recentlySent.clear();
        unacknowledged.clear();
    }
}
