package org.pushjobs.server.gateway;

import java.util.HashSet;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.pushjobs.zmtp.ZmtpConnection;
import org.pushjobs.zmtp.ZmtpListener;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Frames;

/**
 * The agents that listen for heartbeats at one event loop's share of the port. Nothing tells which nodes they are of: that port
 * knows no keys. Some of them may have been asked to fetch their configuration: these get heartbeats of their own, with an
 * incarnation that no configuration has, for as long as they stay connected or until it is taken back. They must not hear
 * another one in between, or agents of the original fetch it twice. Belongs to the event loop, but for {@link #asked} and
 * {@link #unasked}.
 */
final class Subscribers implements ZmtpListener<Void> {
    private final Set<ZmtpConnection<Void>> unasked = new HashSet<>();
    private final Set<ZmtpConnection<Void>> asked = new HashSet<>();
    /** Both to be had from any thread. */
    private volatile int askedCount;

    private volatile int unaskedCount;
    /** Its frames; null before the first. */
    private byte[][] lastHeartbeat;

    /** Sends a heartbeat to those among all subscribers who are to get it. */
    interface Publisher extends BiConsumer<Predicate<ZmtpConnection<Void>>, byte[][]> {}

    /**
     * An agent that subscribes has just missed a heartbeat and would wait an interval for the next: it gets the last one
     * (wire-protocol.md, "CURVE and ZAP", rule 5).
     */
    @Override
    public void subscribed(ZmtpConnection<Void> connection) {
        unasked.add(connection);
        count();
        if (lastHeartbeat != null) {
            connection.send(lastHeartbeat);
        }
    }

    @Override
    public void message(ZmtpConnection<Void> connection, Frames frames) {
        throw new IllegalStateException("a PUB gets no messages");
    }

    @Override
    public void closed(ZmtpConnection<Void> connection, CloseReason reason) {
        unasked.remove(connection);
        asked.remove(connection);
        count();
    }

    private void count() {
        askedCount = asked.size();
        unaskedCount = unasked.size();
    }

    /** The heartbeat of those who have not been asked. */
    void publish(byte[][] heartbeat, Publisher publisher) {
        lastHeartbeat = heartbeat;
        publisher.accept(asked.isEmpty() ? _ -> true : connection -> !asked.contains(connection), heartbeat);
    }

    /** The heartbeat of those who have. */
    void publishToAsked(byte[][] heartbeat, Publisher publisher) {
        if (!asked.isEmpty()) {
            publisher.accept(asked::contains, heartbeat);
        }
    }

    /** Asks so many more, whichever, by this heartbeat; fewer when there are not as many. */
    void ask(int count, byte[][] heartbeat) {
        Objects.requireNonNull(heartbeat, "heartbeat");
        Iterator<ZmtpConnection<Void>> candidates = unasked.iterator();
        for (int i = 0; i < count && candidates.hasNext(); i++) {
            ZmtpConnection<Void> connection = candidates.next();
            candidates.remove();
            asked.add(connection);
            connection.send(heartbeat);
        }
        count();
    }

    /** Takes back what those were asked who are still there. */
    void takeBack() {
        unasked.addAll(asked);
        asked.clear();
        count();
    }

    /** How many of those who were asked are still there. */
    int asked() {
        return askedCount;
    }

    /** How many there are who were not asked. */
    int unasked() {
        return unaskedCount;
    }
}
