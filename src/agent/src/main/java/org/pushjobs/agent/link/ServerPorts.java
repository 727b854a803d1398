package org.pushjobs.agent.link;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.pushjobs.protocol.codec.RejectedMessageException;
import org.pushjobs.protocol.codec.RejectionReason;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZEvent;
import org.zeromq.ZMQ;
import org.zeromq.ZMonitor;

/**
 * The agent's two sockets (wire-protocol.md, "Sockets"): SUB on the heartbeat port, DEALER with CURVE on the command port.
 * Used by one thread. TCP breaks are healed below; {@link PortConnection} tells of them, and while there is no connection
 * nothing is taken, so that old heartbeats do not wait for a server that comes back.
 */
final class ServerPorts implements AutoCloseable {
    static final Duration RECONNECT_PAUSE = Duration.ofMillis(500);

    /** Without it a handshake that hangs would hang for 30 s. */
    private static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(4);

    private static final Duration LAST_MESSAGE_LIMIT = Duration.ofSeconds(1);

    private static final int MOST_DOUBLINGS = 6;
    private static final int SEND_QUEUE_MESSAGES = 3;
    private static final long LONGEST_FRAME_BYTES = 1 << 20;

    private final ZContext context;
    private final CurveKeys keys;
    private final Mailbox mailbox;
    private final LongSupplier clock;
    private final Nudge nudge;
    private ZMQ.Socket heartbeats;
    private ZMQ.Socket commands;
    private ZMQ.Poller reading;
    private ZMQ.Poller readingAndWriting;
    private PortConnection heartbeatConnection = new PortConnection("", 0);
    private PortConnection commandConnection = new PortConnection("", 0);

    /**
     * @param mailbox woken when a connection is made or lost, and waking the thread that waits in {@link #await}
     * @param clock monotonic, in milliseconds
     */
    ServerPorts(ZContext context, CurveKeys keys, Mailbox mailbox, LongSupplier clock) {
        this.context = context;
        this.keys = keys;
        this.mailbox = mailbox;
        this.clock = clock;
        this.nudge = new Nudge(context);
        this.reading = poller(ZMQ.Poller.POLLIN);
        this.readingAndWriting = poller(ZMQ.Poller.POLLIN);
    }

    /**
     * Opens both sockets, after closing those that are open.
     *
     * @param refusals how often in a row the command port did not answer; each doubles the pause between attempts
     */
    void open(ServerSession session, int refusals) {
        closeSockets();
        heartbeatConnection = new PortConnection(session.document().heartbeatAddress(), clock.getAsLong());
        commandConnection = new PortConnection(session.document().commandAddress(), clock.getAsLong());
        heartbeats = context.createSocket(SocketType.SUB);
        prepare(heartbeats, RECONNECT_PAUSE, heartbeatConnection);
        heartbeats.subscribe(ZMQ.SUBSCRIPTION_ALL);
        heartbeats.connect(session.document().heartbeatAddress());

        commands = context.createSocket(SocketType.DEALER);
        prepare(commands, RECONNECT_PAUSE.multipliedBy(1L << Math.min(refusals, MOST_DOUBLINGS)), commandConnection);
        commands.setSndHWM(SEND_QUEUE_MESSAGES);
        commands.setHandshakeIvl((int) HANDSHAKE_LIMIT.toMillis());
        session.curveServerKey().ifPresent(serverKey -> {
            commands.setCurveServerKey(serverKey);
            commands.setCurvePublicKey(keys.publicKey());
            commands.setCurveSecretKey(keys.secretKey());
        });
        commands.connect(session.document().commandAddress());
        reading = poller(ZMQ.Poller.POLLIN);
        readingAndWriting = poller(ZMQ.Poller.POLLIN | ZMQ.Poller.POLLOUT);
    }

    private void prepare(ZMQ.Socket socket, Duration reconnectPause, PortConnection connection) {
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

    private ZMQ.Poller poller(int commandEvents) {
        ZMQ.Poller poller = context.createPoller(3);
        poller.register(mailbox.channel(), ZMQ.Poller.POLLIN);
        if (heartbeats != null) {
            poller.register(heartbeats, ZMQ.Poller.POLLIN);
            poller.register(commands, commandEvents);
        }
        return poller;
    }

    /**
     * Waits for a message, a wake-up or the time to pass.
     *
     * @param toWrite whether the command port's taking messages again ends the wait too; a new connection always does
     */
    void await(long millis, boolean toWrite) {
        (toWrite && commandConnection.isUp() ? readingAndWriting : reading).poll(millis);
    }

    /** @throws RejectedMessageException when the message has not two frames */
    Optional<Frames> receiveHeartbeat() throws RejectedMessageException {
        return receive(heartbeats);
    }

    /** @throws RejectedMessageException when the message has not two frames */
    Optional<Frames> receiveCommand() throws RejectedMessageException {
        return receive(commands);
    }

    private static Optional<Frames> receive(ZMQ.Socket socket) throws RejectedMessageException {
        byte[] header = socket.recv(ZMQ.DONTWAIT);
        if (header == null) {
            return Optional.empty();
        }
        byte[] body = {};
        int frames = 1;
        while (socket.hasReceiveMore()) {
            body = socket.recv(ZMQ.DONTWAIT);
            frames++;
        }
        if (frames != 2) {
            throw new RejectedMessageException(RejectionReason.WRONG_FRAME_COUNT, "message has " + frames + " frames");
        }
        return Optional.of(new Frames(header, body));
    }

    /** Whether the command port took the message. Never blocks. */
    boolean trySend(Frames message) {
        return commandConnection.isUp()
                && commands.send(message.header(), ZMQ.DONTWAIT | ZMQ.SNDMORE)
                && commands.send(message.body(), ZMQ.DONTWAIT);
    }

    /** Sends the last message: when the ports are closed, it has a moment to leave. */
    void sendLast(Frames message) {
        if (trySend(message)) {
            commands.setLinger((int) LAST_MESSAGE_LIMIT.toMillis());
        }
    }

    PortConnection heartbeatConnection() {
        return heartbeatConnection;
    }

    PortConnection commandConnection() {
        return commandConnection;
    }

    /** Sees to new connections; to be called after each wait. */
    void tend() {
        long now = clock.getAsLong();
        for (PortConnection connection : List.of(heartbeatConnection, commandConnection)) {
            if (connection.wasMade()) {
                nudge.start(now);
            }
        }
        nudge.stopIfDue(now);
    }

    /** When {@link #tend} is worth calling, if nothing happens until then. */
    long nextCheckMillis() {
        return nudge.nextCheckMillis();
    }

    private void closeSockets() {
        nudge.close();
        reading.close();
        readingAndWriting.close();
        if (heartbeats != null) {
            heartbeats.close();
            commands.close();
        }
    }

    @Override
    public void close() {
        closeSockets();
    }
}
