package org.pushjobs.zmtp;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * The costly steps of handshakes. They get a slice of time in each turn of the event loop, so that a storm of them does
 * not keep ready connections waiting; addresses take turns, so that one address does not keep the others waiting. A
 * connection has at most one step here. One event loop.
 */
final class HandshakeQueue {
    private final EventLoop eventLoop;
    private final long sliceNanos;
    private final Map<String, Queue<Runnable>> steps = new LinkedHashMap<>();
    private boolean scheduled;

    HandshakeQueue(EventLoop eventLoop, Duration slice) {
        this.eventLoop = eventLoop;
        this.sliceNanos = slice.toNanos();
    }

    void add(String address, Runnable step) {
        steps.computeIfAbsent(address, _ -> new ArrayDeque<>()).add(step);
        if (!scheduled) {
            scheduled = true;
            eventLoop.execute(this::run);
        }
    }

    private void run() {
        long start = System.nanoTime();
        try {
            do {
                next().run();
            } while (!steps.isEmpty() && System.nanoTime() - start < sliceNanos);
        } finally {
            // Even when the memory was not enough for one of them the others go on.
            goOn();
        }
    }

    private void goOn() {
        scheduled = !steps.isEmpty();
        if (scheduled) {
            // Not execute(): that runs again before the sockets are looked at.
            eventLoop.schedule(this::run, 1, TimeUnit.MICROSECONDS);
        }
    }

    /** The first step of the address whose turn it is, which then goes to the end. */
    private Runnable next() {
        Iterator<Map.Entry<String, Queue<Runnable>>> addresses =
                steps.entrySet().iterator();
        Map.Entry<String, Queue<Runnable>> first = addresses.next();
        Queue<Runnable> queue = first.getValue();
        String address = first.getKey();
        Runnable step = queue.remove();
        addresses.remove();
        if (!queue.isEmpty()) {
            steps.put(address, queue);
        }
        return step;
    }
}
