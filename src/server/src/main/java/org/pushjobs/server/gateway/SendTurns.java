package org.pushjobs.server.gateway;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Large messages to many agents take turns: no more than 16 MiB of them lie in memory and wait for their peers to read, however
 * many nodes a job has. What is sent to an agent after a large message waits behind it, so that the order stays. Belongs to one
 * event loop.
 */
final class SendTurns {
    /** Messages up to this size are sent at once. */
    static final int SMALL_BYTES = 16 * 1024;

    static final int MAX_ON_THEIR_WAY_BYTES = 16 << 20;

    private final Map<Long, Deque<Message>> waiting = new LinkedHashMap<>();
    private volatile int count;
    private int onTheirWayBytes;

    /** Sends a message. */
    interface Message {
        int bytes();

        /** @param taken to be called once, on this event loop, when the message needs no memory any more */
        void send(Runnable taken);
    }

    /** @param connection to which it goes, by its id */
    void add(long connection, Message message) {
        Deque<Message> before = waiting.get(connection);
        if (before == null && (message.bytes() <= SMALL_BYTES || hasRoomFor(message))) {
            send(message);
            return;
        }
        waiting.computeIfAbsent(connection, _ -> new ArrayDeque<>()).add(message);
        count++;
    }

    /** Messages that wait for their turn; usable from any thread. */
    int size() {
        return count;
    }

    private boolean hasRoomFor(Message message) {
        return onTheirWayBytes == 0 || onTheirWayBytes + message.bytes() <= MAX_ON_THEIR_WAY_BYTES;
    }

    private void send(Message message) {
        if (message.bytes() <= SMALL_BYTES) {
            message.send(() -> {});
            return;
        }
        onTheirWayBytes += message.bytes();
        message.send(() -> {
            onTheirWayBytes -= message.bytes();
            sendMore();
        });
    }

    private void sendMore() {
        Iterator<Deque<Message>> connections = waiting.values().iterator();
        while (connections.hasNext()) {
            Deque<Message> next = connections.next();
            while (!next.isEmpty() && (next.getFirst().bytes() <= SMALL_BYTES || hasRoomFor(next.getFirst()))) {
                count--;
                send(next.removeFirst());
            }
            if (!next.isEmpty()) {
                return;
            }
            connections.remove();
        }
    }
}
