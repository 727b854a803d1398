package org.pushjobs.agent.link;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.pushjobs.protocol.codec.RejectedMessageException;
import org.pushjobs.protocol.codec.RejectionReason;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZEvent;
import org.zeromq.ZMQ;
import org.zeromq.ZMonitor;

/**
 * The agent's two sockets (wire-protocol.md, "Sockets"): SUB on the heartbeat port, DEALER with CURVE on the command port.
 * Used by one thread. TCP breaks are healed below; {@link #commandConnectionWasLost} tells of them, and while there is no
 * connection nothing is taken, so that old heartbeats do not wait for a server that comes back.
 */
final class ServerPorts implements AutoCloseable {
    static final Duration RECONNECT_PAUSE = Duration.ofMillis(500);

    /** JeroMQ leaves some of its CURVE handshakes hanging; left alone they would hang for 30 s. */
    private static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(4);

    private static final Duration LAST_MESSAGE_LIMIT = Duration.ofSeconds(1);

    private static final int MOST_DOUBLINGS = 6;
    private static final int SEND_QUEUE_MESSAGES = 3;
    private static final long LONGEST_FRAME_BYTES = 1 << 20;

    /** What a socket's I/O thread tells of its connection. */
    private static final class Connection {
        private final AtomicBoolean lost = new AtomicBoolean();
        private volatile boolean up;
    }

    private final ZContext context;
    private final CurveKeys keys;
    private final Mailbox mailbox;
    private ZMQ.Socket heartbeats;
    private ZMQ.Socket commands;
    private ZMQ.Poller reading;
    private ZMQ.Poller readingAndWriting;
    private Connection heartbeatConnection = new Connection();
    private Connection commandConnection = new Connection();

    /** @param mailbox woken when a connection is lost, and waking the thread that waits in {@link #await} */
    ServerPorts(ZContext context, CurveKeys keys, Mailbox mailbox) {
        this.context = context;
        this.keys = keys;
        this.mailbox = mailbox;
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
        heartbeatConnection = new Connection();
        commandConnection = new Connection();
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

    private void prepare(ZMQ.Socket socket, Duration reconnectPause, Connection connection) {
        socket.setLinger(0);
        socket.setTCPKeepAlive(1);
        socket.setMaxMsgSize(LONGEST_FRAME_BYTES);
        socket.setReconnectIVL((int) reconnectPause.toMillis());
        socket.setEventHook(
                event -> note(event, connection), zmq.ZMQ.ZMQ_EVENT_CONNECTED | zmq.ZMQ.ZMQ_EVENT_DISCONNECTED);
    }

    private void note(ZEvent event, Connection connection) {
        if (event.getEvent() == ZMonitor.Event.CONNECTED) {
            connection.up = true;
        } else {
            connection.up = false;
            connection.lost.set(true);
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
        (toWrite && commandConnection.up ? readingAndWriting : reading).poll(millis);
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
        return commandConnection.up
                && commands.send(message.header(), ZMQ.DONTWAIT | ZMQ.SNDMORE)
                && commands.send(message.body(), ZMQ.DONTWAIT);
    }

    /** Sends the last message: when the ports are closed, it has a moment to leave. */
    void sendLast(Frames message) {
        if (trySend(message)) {
            commands.setLinger((int) LAST_MESSAGE_LIMIT.toMillis());
        }
    }

    /** Whether the connection to the heartbeat port broke since this was last asked. */
    boolean heartbeatConnectionWasLost() {
        return heartbeatConnection.lost.getAndSet(false);
    }

    /** Whether the connection to the command port broke, or was refused, since this was last asked. */
    boolean commandConnectionWasLost() {
        return commandConnection.lost.getAndSet(false);
    }

    private void closeSockets() {
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
