package org.pushjobs.agent.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Results on their way to the server. A result is sent once while all is well; one that was produced while the server is
 * away, or was sent so shortly before that it may be lost, is kept until the server is back. While a result is kept the
 * agent says that its job still runs. Times are milliseconds of one monotonic clock. Not thread-safe.
 */
public final class ResultKeeper {
    /** More can hardly wait: no new job is taken while one does. */
    static final int CAPACITY = 16;

    private record Sent(JobResult result, long atMillis) {}

    private final Deque<JobResult> waiting = new ArrayDeque<>();
    private final Deque<Sent> recentlySent = new ArrayDeque<>();

    /** Takes a result that has to be sent. */
    public void add(JobResult result) {
        if (waiting.size() == CAPACITY) {
            waiting.removeFirst();
        }
        waiting.addLast(result);
    }

    /** The result to be sent next. */
    public Optional<JobResult> next() {
        return Optional.ofNullable(waiting.peekFirst());
    }

    /** The one that {@link #next} gave was sent. */
    public void sent(long nowMillis) {
        if (recentlySent.size() == CAPACITY) {
            recentlySent.removeFirst();
        }
        recentlySent.addLast(new Sent(waiting.removeFirst(), nowMillis));
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
            }
        }
        recentlySent.clear();
        doubtful.reversed().forEach(waiting::addFirst);
        return doubtful;
    }

    /** Whether a result was sent since then. */
    public boolean sentSince(long thenMillis) {
        return !recentlySent.isEmpty() && recentlySent.getLast().atMillis() >= thenMillis;
    }

    /** Drops everything: the server does not want it. */
    public void clear() {
        waiting.clear();
        recentlySent.clear();
    }
}
