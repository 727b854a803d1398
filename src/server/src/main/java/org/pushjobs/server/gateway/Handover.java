package org.pushjobs.server.gateway;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.pushjobs.protocol.NodeRef;

/**
 * Hands messages from the event loops that read them to the one that works on them, many at a time. A connection whose
 * message comes when {@value #MAX_WAITING} wait already is not read until they are worked off, so that no more than one
 * reading of each connection comes on top. {@link #put} is for any thread.
 */
final class Handover {
    static final int MAX_WAITING = 4_096;
    private static final int MAX_AT_ONCE = 1_024;
    private static final int CHUNK = 1_024;

    private final Executor target;
    private final CommandPort.Receiver receiver;
    private final Queue<Task> waiting = new MpscUnboundedArrayQueue<>(CHUNK);
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicBoolean underWay = new AtomicBoolean();
    private final Queue<AgentConnection> paused = new ArrayDeque<>();

    private record Task(AgentConnection from, Runnable work) {}

    /**
     * @param target runs tasks later, one after the other
     * @param receiver called by the target; its failure closes the connection that the message came over
     */
    Handover(Executor target, CommandPort.Receiver receiver) {
        this.target = Objects.requireNonNull(target, "target");
        this.receiver = Objects.requireNonNull(receiver, "receiver");
    }

    /** On the event loop of the connection. */
    void put(AgentConnection from, NodeRef node, MessageCheck.Checked message) {
        put(from, () -> receiver.received(from, node, message));
    }

    /** The same for something else that happened to a connection. */
    void put(AgentConnection from, Runnable work) {
        waiting.add(new Task(from, work));
        if (count.incrementAndGet() > MAX_WAITING) {
            from.pause();
            synchronized (paused) {
                paused.add(from);
            }
        }
        if (underWay.compareAndSet(false, true)) {
            target.execute(this::workOff);
        }
    }

    /** Messages that wait. */
    int size() {
        return count.get();
    }

    private void workOff() {
        underWay.set(false);
        for (int done = 0; done < MAX_AT_ONCE; done++) {
            Task next = waiting.poll();
            if (next == null) {
                resumeReading();
                return;
            }
            count.decrementAndGet();
            workOn(next);
        }
        if (underWay.compareAndSet(false, true)) {
            target.execute(this::workOff);
        }
    }

    private void workOn(Task next) {
        try {
            next.work().run();
        } catch (RuntimeException e) {
            next.from().fail(e);
        }
    }

    private void resumeReading() {
        synchronized (paused) {
            paused.forEach(AgentConnection::resume);
            paused.clear();
        }
    }
}
