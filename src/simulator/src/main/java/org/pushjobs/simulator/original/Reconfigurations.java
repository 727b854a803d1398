package org.pushjobs.simulator.original;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * The configuration requests of an original agent: one after the other, and none while a job is in flight, which each waits
 * for by itself with a look every 5 s. Nothing unites two that wait. What becomes of a request:
 *
 * <ul>
 *   <li>the server says that it is not there (5xx): asked again after {@value #UNAVAILABLE_PAUSE_MILLIS} ms, as measured;
 *   <li>nobody listens: asked again after 5 s, {@value #RETRIES} times, then given up;
 *   <li>anything else: given up.
 * </ul>
 *
 * <p>Times are milliseconds of one monotonic clock. Not thread-safe.
 */
final class Reconfigurations {
    static final long UNAVAILABLE_PAUSE_MILLIS = 110_000;
    static final int RETRIES = 5;

    private static final long RETRY_MILLIS = 5_000;
    private static final long LOOK_MILLIS = 5_000;
    private static final int MOST_WAITING = 100;

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private Optional<OriginalAgent.Reason> inHand = Optional.empty();
    private boolean asked;
    private long askAtMillis;
    private int retriesLeft;

    private static final class Waiting {
        private final OriginalAgent.Reason reason;
        private long lookAtMillis;
        private boolean ready;

        private Waiting(OriginalAgent.Reason reason, long lookAtMillis) {
            this.reason = reason;
            this.lookAtMillis = lookAtMillis;
        }

        private void look(long nowMillis, boolean idle) {
            if (!ready && nowMillis >= lookAtMillis) {
                ready = idle;
                lookAtMillis += LOOK_MILLIS;
            }
        }
    }

    /** A configuration is wanted; beyond the first {@value #MOST_WAITING} that wait they are not kept. */
    void want(OriginalAgent.Reason reason, long nowMillis) {
        if (waiting.size() < MOST_WAITING) {
            waiting.addLast(new Waiting(reason, nowMillis));
        }
    }

    /** What is to be asked for now, once. */
    Optional<OriginalAgent.Reason> due(long nowMillis, boolean idle) {
        waiting.forEach(one -> one.look(nowMillis, idle));
        if (inHand.isEmpty()) {
            takeNext(nowMillis);
        }
        if (inHand.isEmpty() || asked || nowMillis < askAtMillis) {
            return Optional.empty();
        }
        asked = true;
        return inHand;
    }

    private void takeNext(long nowMillis) {
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting one = all.next();
            if (one.ready) {
                all.remove();
                inHand = Optional.of(one.reason);
                askAtMillis = nowMillis;
                retriesLeft = RETRIES;
                return;
            }
        }
    }

    /** The request was answered with a configuration. */
    void succeeded() {
        asked = false;
        inHand = Optional.empty();
    }

    /** It was not; returns whether it was given up. */
    boolean failed(OriginalAgent.Failure failure, long nowMillis) {
        asked = false;
        switch (failure) {
            case UNAVAILABLE -> askAtMillis = nowMillis + UNAVAILABLE_PAUSE_MILLIS;
            case UNREACHABLE -> {
                askAtMillis = nowMillis + RETRY_MILLIS;
                if (retriesLeft-- == 0) {
                    inHand = Optional.empty();
                }
            }
            case REFUSED -> inHand = Optional.empty();
        }
        return inHand.isEmpty();
    }

    /** How many wait or are in hand. */
    int pending() {
        return waiting.size() + (inHand.isPresent() ? 1 : 0);
    }
}
