package org.pushjobs.zmtp;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/** Connections with something to write; they write once, at the end of the event loop's turn. One event loop. */
final class FlushQueue {
    private final EventLoop eventLoop;
    private List<Outbox> waiting = new ArrayList<>();
    private List<Outbox> flushing = new ArrayList<>();

    FlushQueue(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
    }

    void add(Outbox outbox) {
        if (waiting.isEmpty()) {
            eventLoop.execute(this::flush);
        }
        waiting.add(outbox);
    }

    private void flush() {
        List<Outbox> turn = waiting;
        waiting = flushing;
        flushing = turn;
        for (int i = 0; i < turn.size(); i++) {
            turn.get(i).flush();
        }
        turn.clear();
    }
}
