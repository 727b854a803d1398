package org.pushjobs.zmtp;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Hands a publication to many connections, some in each turn of the event loop, so that the others on it do not wait for
 * all of them. Publications keep their order. One event loop.
 */
final class Fanout<U> {
    static final int PER_TURN = 256;
    /** Publications that are begun or wait; the oldest is finished at once when there are more. */
    static final int MAX_WAITING = 32;

    private final EventLoop eventLoop;
    private final Queue<Publication<U>> waiting = new ArrayDeque<>();
    private boolean scheduled;

    private record Publication<U>(Iterator<ZmtpChannel<U>> targets, Consumer<ZmtpChannel<U>> delivery, Runnable end) {}

    Fanout(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
    }

    /**
     * Begins at once when nothing is before it.
     *
     * @param end called when all have it
     */
    void add(List<ZmtpChannel<U>> targets, Consumer<ZmtpChannel<U>> delivery, Runnable end) {
        waiting.add(new Publication<>(targets.iterator(), delivery, end));
        if (waiting.size() > MAX_WAITING) {
            deliver(Integer.MAX_VALUE);
        } else if (!scheduled) {
            run();
        }
    }

    /** Gives up what has not been handed out. */
    void clear() {
        waiting.forEach(publication -> publication.end().run());
        waiting.clear();
    }

    private void run() {
        deliver(PER_TURN);
        scheduled = !waiting.isEmpty();
        if (scheduled) {
            // Not execute(): that runs again before the sockets are looked at.
            eventLoop.schedule(this::run, 1, TimeUnit.MICROSECONDS);
        }
    }

    /** Goes on with the oldest publication. */
    private void deliver(int atMost) {
        Publication<U> oldest = waiting.peek();
        if (oldest == null) {
            return;
        }
        for (int i = 0; i < atMost && oldest.targets().hasNext(); i++) {
            oldest.delivery().accept(oldest.targets().next());
        }
        if (!oldest.targets().hasNext()) {
            waiting.remove();
            oldest.end().run();
        }
    }
}
