package org.pushjobs.simulator.fleet;

import java.util.ArrayDeque;
import java.util.Deque;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.simulator.config.AgentConfig;
import org.pushjobs.simulator.report.Tally.Count;
import org.pushjobs.simulator.wire.Wire.Listener;
import org.pushjobs.zmtp.ZmtpConnection;
import org.pushjobs.zmtp.nacl.KeyPair;

/**
 * An agent's DEALER socket: a connection to the command port that is opened again whenever it breaks, and a short queue for
 * messages that cannot be sent yet, which outlives the connection but not the socket (linger 0). Belongs to a loop's thread.
 */
final class CommandPort {
    /** What a connection takes before messages stay in the queue; a healthy one has less at the end of each turn. */
    private static final long MOST_UNWRITTEN_BYTES = 1_000_000;

    private final FleetLoop loop;
    private final int capacity;
    private final Events events;
    private final Deque<Message> queue = new ArrayDeque<>();
    private AgentConfig config;
    private KeyPair keys;
    private ZmtpConnection<Listener> connection;
    private int attempt;

    private record Message(byte[] header, byte[] body) {}

    /** What happens to it. An agent need not see more than messages, as with a socket of ZeroMQ. */
    interface Events {
        void message(byte[] header, byte[] body);

        default void connected() {}

        /** Somebody else closed the connection. */
        default void lost() {}
    }

    /** @param capacity how many messages wait for a connection at most; 0 keeps none */
    CommandPort(FleetLoop loop, int capacity, Events events) {
        this.loop = loop;
        this.capacity = capacity;
        this.events = events;
    }

    /** Opens it, after closing it when it is open. */
    void open(AgentConfig newConfig, KeyPair newKeys) {
        close();
        config = newConfig;
        keys = newKeys;
        connect();
    }

    /** Closes it, and drops what waits. */
    void close() {
        drop();
        queue.clear();
        config = null;
    }

    /** Breaks the connection, if there is one, and connects again at once. */
    void reconnect() {
        if (connection != null) {
            drop();
            connect();
        }
    }

    private void drop() {
        attempt++;
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    boolean isConnected() {
        return connection != null;
    }

    /**
     * Sends a message over the connection, or lets it wait for one.
     *
     * @return false when it was dropped, because too many wait
     */
    boolean send(byte[] body) {
        flush();
        Message message =
                new Message(MessageHeader.hmac(body, config.sessionKey()).encode(), body);
        if (queue.isEmpty() && isWritable()) {
            return connection.send(message.header(), message.body());
        }
        return queue.size() < capacity && queue.add(message);
    }

    /** Sends what waits as far as the connection takes it. */
    void flush() {
        while (!queue.isEmpty() && isWritable()) {
            Message message = queue.removeFirst();
            connection.send(message.header(), message.body());
        }
    }

    private boolean isWritable() {
        return connection != null && connection.unwrittenBytes() < MOST_UNWRITTEN_BYTES;
    }

    private void connect() {
        int mine = ++attempt;
        loop.wire()
                .connectDealer(
                        config.document().commandAddress(), config.document().curvePublicKey(), keys, new Listener() {
                            @Override
                            public void message(byte[] header, byte[] body) {
                                if (mine == attempt) {
                                    events.message(header, body);
                                }
                            }

                            @Override
                            public void closed() {
                                if (mine == attempt) {
                                    lost();
                                }
                            }
                        })
                .onComplete(connected -> {
                    if (mine != attempt) {
                        if (connected.succeeded()) {
                            connected.result().close();
                        }
                    } else if (connected.succeeded()) {
                        loop.tally().add(Count.CONNECTIONS);
                        connection = connected.result();
                        flush();
                        events.connected();
                    } else {
                        loop.tally().add(Count.CONNECTIONS_FAILED);
                        loop.tally().error("command port: " + connected.cause().getMessage());
                        connectLater();
                    }
                });
    }

    private void lost() {
        loop.tally().add(Count.CONNECTIONS_LOST);
        connection = null;
        events.lost();
        connectLater();
    }

    private void connectLater() {
        int mine = attempt;
        loop.later(loop.reconnectPause(), () -> {
            if (mine == attempt && config != null) {
                connect();
            }
        });
    }
}
