package org.pushjobs.agent.link;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.pushjobs.protocol.codec.RejectedMessageException;
import org.pushjobs.protocol.codec.RejectionReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * The server's two ports, with sockets or, before {@link #connect} and when that failed, without. Used by one thread. TCP
 * breaks are healed below; {@link PortConnection} tells of them, and while there is no connection nothing is taken, so that
 * old heartbeats do not wait for a server that comes back.
 */
final class ServerPorts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerPorts.class);
    private static final Duration LAST_MESSAGE_LIMIT = Duration.ofSeconds(1);

    /** Of two sockets, their connections and what nudges them, with some to spare. */
    private static final int DESCRIPTORS = 28;

    /** Of what JeroMQ needs besides. */
    private static final int DESCRIPTORS_OF_CONTEXT = 16;

    /** So long after the last message the sockets are waited for. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);

    private final CurveKeys keys;
    private final Mailbox mailbox;
    private final LongSupplier clock;
    private final AtomicReference<Optional<ZContext>> broken = new AtomicReference<>(Optional.empty());
    private PortConnection heartbeatConnection = new PortConnection("", 0);
    private PortConnection commandConnection = new PortConnection("", 0);
    private Optional<SocketPair.Target> target = Optional.empty();
    private Optional<ZContext> context = Optional.empty();
    private Optional<SocketPair> sockets = Optional.empty();
    private Optional<Nudge> nudge = Optional.empty();

    /**
     * @param mailbox woken when a connection is made or lost, and waking the thread that waits in {@link #await}
     * @param clock monotonic, in milliseconds
     */
    ServerPorts(CurveKeys keys, Mailbox mailbox, LongSupplier clock) {
        this.keys = keys;
        this.mailbox = mailbox;
        this.clock = clock;
    }

    /**
     * Closes the sockets that are open; those for the ports of this session come with {@link #connect}.
     *
     * @param refusals how often in a row the command port did not answer; each doubles the pause between attempts
     */
    void aim(ServerSession session, int refusals) {
        closeSockets();
        heartbeatConnection = new PortConnection(session.document().heartbeatAddress(), clock.getAsLong());
        commandConnection = new PortConnection(session.document().commandAddress(), clock.getAsLong());
        target = Optional.of(new SocketPair.Target(session, refusals, heartbeatConnection, commandConnection));
    }

    /**
     * Opens both sockets.
     *
     * @throws IOException when that is impossible now; there are no sockets then, and it may be tried again
     */
    void connect(SocketPair.Addresses addresses) throws IOException {
        closeSockets();
        try {
            Descriptors.requireRoomFor(context.isPresent() ? DESCRIPTORS : DESCRIPTORS + DESCRIPTORS_OF_CONTEXT);
            if (context.isEmpty()) {
                context = Optional.of(newContext());
            }
            sockets = Optional.of(new SocketPair(context.get(), keys, target.orElseThrow(), addresses, mailbox, clock));
            nudge = Optional.of(new Nudge(context.get()));
        } catch (RuntimeException e) {
            discardContext();
            throw new IOException(e.toString(), e);
        }
    }

    private ZContext newContext() {
        ZContext made = new ZContext();
        made.setUncaughtExceptionHandler((_, error) -> {
            LOG.error("a thread of the sockets broke off, they are opened anew", error);
            broken.set(Optional.of(made));
            mailbox.wake();
        });
        made.setNotificationExceptionHandler((_, error) -> LOG.debug("an error on a connection", error));
        return made;
    }

    private void discardContext() {
        sockets = Optional.empty();
        nudge = Optional.empty();
        context.ifPresent(ServerPorts::closeElsewhere);
        context = Optional.empty();
    }

    /** On a thread of its own: if one of JeroMQ's threads is gone it is never done. */
    private static Thread closeElsewhere(ZContext old) {
        return Thread.ofPlatform().daemon().name("close-sockets").start(() -> {
            try {
                old.close();
            } catch (RuntimeException e) {
                LOG.debug("sockets could not be closed", e);
            }
        });
    }

    /** Gives up sockets that have failed; returns whether there were any. */
    boolean closeIfBroken() {
        Optional<ZContext> failed = broken.getAndSet(Optional.empty());
        boolean isOurs = failed.isPresent() && failed.equals(context);
        if (isOurs) {
            discardContext();
        }
        return isOurs;
    }

    /** Whether there are sockets. */
    boolean areOpen() {
        return sockets.isPresent();
    }

    /**
     * Waits for a message, a wake-up or the time to pass.
     *
     * @param toWrite whether the command port's taking messages again ends the wait too; a new connection always does
     */
    void await(long millis, boolean toWrite) {
        if (sockets.isEmpty()) {
            mailbox.await(millis);
        } else if (toWrite && commandConnection.isUp()) {
            sockets.get().awaitReadingOrWriting(millis);
        } else {
            sockets.get().awaitReading(millis);
        }
    }

    /** @throws RejectedMessageException when the message has not two frames */
    Optional<Frames> receiveHeartbeat() throws RejectedMessageException {
        return sockets.isEmpty() ? Optional.empty() : receive(sockets.get().heartbeats());
    }

    /** @throws RejectedMessageException when the message has not two frames */
    Optional<Frames> receiveCommand() throws RejectedMessageException {
        return sockets.isEmpty() ? Optional.empty() : receive(sockets.get().commands());
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
        if (sockets.isEmpty() || !commandConnection.isUp()) {
            return false;
        }
        ZMQ.Socket commands = sockets.get().commands();
        return commands.send(message.header(), ZMQ.DONTWAIT | ZMQ.SNDMORE)
                && commands.send(message.body(), ZMQ.DONTWAIT);
    }

    /** Sends the last message: when the ports are closed, it has a moment to leave. */
    void sendLast(Frames message) {
        if (trySend(message)) {
            sockets.ifPresent(open -> open.commands().setLinger((int) LAST_MESSAGE_LIMIT.toMillis()));
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
                nudge.ifPresent(connecting -> connecting.start(now));
            }
        }
        nudge.ifPresent(connecting -> connecting.tend(now));
    }

    /** When {@link #tend} is worth calling, if nothing happens until then. */
    long nextCheckMillis() {
        return nudge.map(Nudge::nextCheckMillis).orElse(Long.MAX_VALUE);
    }

    private void closeSockets() {
        nudge.ifPresent(Nudge::close);
        nudge = Optional.empty();
        sockets.ifPresent(SocketPair::close);
        sockets = Optional.empty();
    }

    @Override
    public void close() {
        closeSockets();
        Optional<Thread> closing = context.map(ServerPorts::closeElsewhere);
        context = Optional.empty();
        try {
            if (closing.isPresent() && !closing.get().join(CLOSE_LIMIT)) {
                LOG.warn("sockets are not closed after {} s", CLOSE_LIMIT.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
