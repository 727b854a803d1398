package org.pushjobs.zmtp;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The time limit of one connection's handshake. One event loop, whose timers it uses; nothing is left of it when stopped. */
final class HandshakeClock {
    private final EventLoop eventLoop;
    private final Runnable overdue;
    private long deadline;
    private ScheduledFuture<?> next;

    /** @param overdue called when the time is over; may start the clock again */
    HandshakeClock(EventLoop eventLoop, Runnable overdue) {
        this.eventLoop = eventLoop;
        this.overdue = overdue;
    }

    void start(Duration limit) {
        stop();
        deadline = System.nanoTime() + limit.toNanos();
        next = eventLoop.schedule(this::tick, limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Moves the end of the running time. */
    void extend(Duration limit) {
        deadline = System.nanoTime() + limit.toNanos();
    }

    void stop() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
    }

    private void tick() {
        long left = deadline - System.nanoTime();
        if (left > 0) {
            next = eventLoop.schedule(this::tick, left, TimeUnit.NANOSECONDS);
        } else {
            next = null;
            overdue.run();
        }
    }
}
