package org.pushjobs.server.nodes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Whose connection ended and was not replaced, and for how long. A node is not available for new jobs after
 * {@value #UNAVAILABLE_AFTER_MILLIS} ms, and cannot be waited for in a vote after {@value #UNREACHABLE_AFTER_MILLIS} ms;
 * agents that are alive connect again sooner. Times are those of {@link ListeningTime}. Belongs to the event loop of
 * {@link NodeSessions}.
 */
final class LostConnections<N> {
    static final long UNAVAILABLE_AFTER_MILLIS = 2_000;
    static final long UNREACHABLE_AFTER_MILLIS = 5_000;

    private final Map<N, Loss> losses = new LinkedHashMap<>();

    private static final class Loss {
        private final long atMillis;
        private boolean unavailable;
        private boolean unreachable;

        private Loss(long atMillis) {
            this.atMillis = atMillis;
        }
    }

    void lost(N node, long nowMillis) {
        losses.putIfAbsent(node, new Loss(nowMillis));
    }

    /** The node has a connection again, or no session any more. */
    void over(N node) {
        losses.remove(node);
    }

    boolean isLost(N node) {
        return losses.containsKey(node);
    }

    boolean isUnavailable(N node) {
        Loss loss = losses.get(node);
        return loss != null && loss.unavailable;
    }

    boolean isUnreachable(N node) {
        Loss loss = losses.get(node);
        return loss != null && loss.unreachable;
    }

    /** Those that have just become unavailable. */
    List<N> newlyUnavailable(long nowMillis) {
        return newly(loss -> {
            boolean due = !loss.unavailable && nowMillis - loss.atMillis >= UNAVAILABLE_AFTER_MILLIS;
            loss.unavailable |= due;
            return due;
        });
    }

    /** Those that have just become unreachable. */
    List<N> newlyUnreachable(long nowMillis) {
        return newly(loss -> {
            boolean due = !loss.unreachable && nowMillis - loss.atMillis >= UNREACHABLE_AFTER_MILLIS;
            loss.unreachable |= due;
            return due;
        });
    }

    private List<N> newly(Predicate<Loss> isDue) {
        List<N> found = new ArrayList<>();
        losses.forEach((node, loss) -> {
            if (isDue.test(loss)) {
                found.add(node);
            }
        });
        return found;
    }
}
