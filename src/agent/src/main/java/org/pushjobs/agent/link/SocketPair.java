package org.pushjobs.agent.link;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZEvent;
import org.zeromq.ZMQ;
import org.zeromq.ZMonitor;

/**
 * The agent's two sockets while they are open (wire-protocol.md, "Sockets"): SUB on the heartbeat port, DEALER with CURVE on
 * the command port. Used by one thread.
 */
final class SocketPair implements AutoCloseable {
    /** Where the two ports are. */
    record Addresses(InetSocketAddress heartbeats, InetSocketAddress commands) {
        Addresses {
            Objects.requireNonNull(heartbeats, "heartbeats");
            Objects.requireNonNull(commands, "commands");
        }
    }

    /**
     * What is to be connected to.
     *
     * @param refusals how often in a row the command port did not answer; each doubles the pause between attempts
     * @param heartbeats told of the connection to the heartbeat port
     * @param commands told of the connection to the command port
     */
    record Target(ServerSession session, int refusals, PortConnection heartbeats, PortConnection commands) {
        Target {
            Objects.requireNonNull(session, "session");
            Objects.requireNonNull(heartbeats, "heartbeats");
            Objects.requireNonNull(commands, "commands");
        }
    }

    static final Duration RECONNECT_PAUSE = Duration.ofMillis(500);

    /** Without it a handshake that hangs would hang for 30 s. */
    private static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(4);

    private static final int MOST_DOUBLINGS = 6;
    private static final int SEND_QUEUE_MESSAGES = 3;
    private static final long LONGEST_FRAME_BYTES = 1 << 20;

    private final Mailbox mailbox;
    private final LongSupplier clock;
    private final ZMQ.Socket heartbeats;
    private final ZMQ.Socket commands;
    private final ZMQ.Poller reading;
    private final ZMQ.Poller readingAndWriting;

    /** Opens both. When that fails, what is open already is closed with the context. */
    SocketPair(
            ZContext context, CurveKeys keys, Target target, Addresses addresses, Mailbox mailbox, LongSupplier clock) {
        this.mailbox = mailbox;
        this.clock = clock;
        heartbeats = context.createSocket(SocketType.SUB);
        prepare(heartbeats, RECONNECT_PAUSE, target.heartbeats());
        heartbeats.subscribe(ZMQ.SUBSCRIPTION_ALL);

        commands = context.createSocket(SocketType.DEALER);
        prepare(
                commands,
                RECONNECT_PAUSE.multipliedBy(1L << Math.min(target.refusals(), MOST_DOUBLINGS)),
                target.commands());
        commands.setSndHWM(SEND_QUEUE_MESSAGES);
        commands.setHandshakeIvl((int) HANDSHAKE_LIMIT.toMillis());
        target.session().curveServerKey().ifPresent(serverKey -> {
            commands.setCurveServerKey(serverKey);
            commands.setCurvePublicKey(keys.publicKey());
            commands.setCurveSecretKey(keys.secretKey());
        });
        reading = poller(context, ZMQ.Poller.POLLIN);
        readingAndWriting = poller(context, ZMQ.Poller.POLLIN | ZMQ.Poller.POLLOUT);
        heartbeats.connect(endpoint(addresses.heartbeats()));
        commands.connect(endpoint(addresses.commands()));
    }

    /** Numbers only: JeroMQ would look a name up on the thread that has to see to all connections. */
    private static String endpoint(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return "tcp://" + (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host) + ":"
                + address.getPort();
    }

    private void prepare(ZMQ.Socket socket, Duration reconnectPause, PortConnection connection) {
        socket.setIPv6(true);
        socket.setLinger(0);
        socket.setTCPKeepAlive(1);
        socket.setMaxMsgSize(LONGEST_FRAME_BYTES);
        socket.setReconnectIVL((int) reconnectPause.toMillis());
        socket.setEventHook(
                event -> note(event, connection), zmq.ZMQ.ZMQ_EVENT_CONNECTED | zmq.ZMQ.ZMQ_EVENT_DISCONNECTED);
    }

    private void note(ZEvent event, PortConnection connection) {
        if (event.getEvent() == ZMonitor.Event.CONNECTED) {
            connection.connected(clock.getAsLong());
        } else {
            connection.disconnected(clock.getAsLong());
        }
        mailbox.wake();
    }

    private ZMQ.Poller poller(ZContext context, int commandEvents) {
        ZMQ.Poller poller = context.createPoller(3);
        poller.register(mailbox.channel(), ZMQ.Poller.POLLIN);
        poller.register(heartbeats, ZMQ.Poller.POLLIN);
        poller.register(commands, commandEvents);
        return poller;
    }

    ZMQ.Socket heartbeats() {
        return heartbeats;
    }

    ZMQ.Socket commands() {
        return commands;
    }

    /** Waits for a message, or a wake-up by the mailbox. */
    void awaitReading(long millis) {
        reading.poll(millis);
    }

    /** As {@link #awaitReading}, and for the command port's taking messages again. */
    void awaitReadingOrWriting(long millis) {
        readingAndWriting.poll(millis);
    }

    @Override
    public void close() {
        reading.close();
        readingAndWriting.close();
        heartbeats.close();
        commands.close();
    }
}
