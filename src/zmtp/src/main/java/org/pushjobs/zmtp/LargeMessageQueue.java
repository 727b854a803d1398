package org.pushjobs.zmtp;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Connections of which a large message has begun to come. Some in each turn of the event loop may read on, so that
 * thousands of large messages that come at once do not keep small ones, and the event loop's timers, waiting. One event
 * loop.
 */
final class LargeMessageQueue {
    /** In one turn of the event loop; each takes parts of a millisecond. */
    static final int AT_ONCE = 8;

    private final EventLoop eventLoop;
    private final Queue<Reader> waiting = new ArrayDeque<>();
    private final List<Reader> reading = new ArrayList<>(AT_ONCE);
    private boolean scheduled;

    /** Who waits. */
    interface Reader {
        /** It may read on. */
        void turn();

        /** The event loop has looked at its socket since. */
        void turnIsOver();
    }

    LargeMessageQueue(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
    }

    /** @param reader that does not wait yet */
    void add(Reader reader) {
        waiting.add(reader);
        if (!scheduled) {
            scheduled = true;
            eventLoop.execute(this::run);
        }
    }

    private void run() {
        try {
            reading.forEach(Reader::turnIsOver);
            reading.clear();
            while (reading.size() < AT_ONCE && !waiting.isEmpty()) {
                Reader next = waiting.remove();
                reading.add(next);
                next.turn();
            }
        } finally {
            // Even when the memory was not enough for one of them the others go on.
            goOn();
        }
    }

    private void goOn() {
        scheduled = !reading.isEmpty();
        if (scheduled) {
            // Not execute(): that runs again before the sockets are looked at.
            eventLoop.schedule(this::run, 1, TimeUnit.MICROSECONDS);
        }
    }
}
