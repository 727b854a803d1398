package org.pushjobs.server.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jctools.queues.MpscArrayQueue;
import org.pushjobs.protocol.keys.Z85;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import zmq.Msg;
import zmq.io.Metadata;

/**
 * The one thread that owns the ZeroMQ sockets. Others hand it messages through a bounded queue and wake it by a byte in a
 * pipe; it hands on what arrives in batches. Only this class and {@link ZapGate}'s caller know JeroMQ.
 */
final class ZmqLoop {
    /** Frames of one message that are looked at; what follows is dropped. */
    static final int MAX_FRAMES = 4;

    private static final Logger LOG = LoggerFactory.getLogger(ZmqLoop.class);
    private static final String ZAP_ENDPOINT = "inproc://zeromq.zap.01";
    private static final int QUEUE_CAPACITY = 1 << 16;
    private static final int MAX_BATCH = 256;
    /** Messages handed on but not yet worked off, beyond which the command port is not read. */
    private static final int MAX_IN_FLIGHT = 4_096;

    private static final int OVERSIZE_FACTOR = 4;
    private static final long STOP_TIMEOUT_MILLIS = 5_000;
    private static final int LINGER_MILLIS = 200;

    private final ZmqSettings settings;
    private final ZapGate zapGate;
    private final Consumer<List<Inbound>> receiver;
    private final KeyRing keys;
    private final MpscArrayQueue<Runnable> tasks = new MpscArrayQueue<>(QUEUE_CAPACITY);
    private final AtomicBoolean awake = new AtomicBoolean();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final CompletableFuture<Ports> started = new CompletableFuture<>();
    private final Pipe wakeUp;
    private final Thread thread;
    private volatile boolean stopping;
    private ZMQ.Socket router;
    private ZMQ.Socket publisher;
    private ZMQ.Socket zap;

    /** The ports that the sockets are bound to. */
    record Ports(int heartbeat, int command) {}

    /** @param receiver called on the loop's thread; must hand on quickly and call {@link #workedOff} later */
    ZmqLoop(ZmqSettings settings, KeyRing keys, ZapGate zapGate, Consumer<List<Inbound>> receiver) {
        this.settings = Objects.requireNonNull(settings, "settings");
        this.keys = Objects.requireNonNull(keys, "keys");
        this.zapGate = Objects.requireNonNull(zapGate, "zapGate");
        this.receiver = Objects.requireNonNull(receiver, "receiver");
        try {
            this.wakeUp = Pipe.open();
            wakeUp.source().configureBlocking(false);
            wakeUp.sink().configureBlocking(false);
        } catch (IOException e) {
            throw new UncheckedIOException("no pipe for waking the ZeroMQ thread", e);
        }
        this.thread = new Thread(this::run, "zmq-loop");
    }

    /** Binds the sockets; fails with the reason when a port is taken. */
    CompletableFuture<Ports> start() {
        thread.start();
        return started;
    }

    /** Any thread. False when the queue is full and the message was dropped. */
    boolean send(Route route, byte[] header, byte[] body) {
        return execute(() -> sendNow(route, header, body));
    }

    /** Any thread. False when the queue is full and the message was dropped. */
    boolean broadcast(byte[] header, byte[] body) {
        return execute(() -> {
            publisher.send(header, ZMQ.SNDMORE | ZMQ.DONTWAIT);
            publisher.send(body, ZMQ.DONTWAIT);
        });
    }

    /** Any thread. Says that so many received messages have been dealt with. */
    void workedOff(int messages) {
        inFlight.addAndGet(-messages);
    }

    /** Any thread. Messages and other work that wait for the loop's thread. */
    int waiting() {
        return tasks.size();
    }

    /** Any thread. Messages that were handed on and not dealt with. */
    int inFlight() {
        return inFlight.get();
    }

    /** Any thread. Whether the sockets are served. */
    boolean isRunning() {
        return started.isDone() && thread.isAlive() && !stopping;
    }

    /** Any thread but the loop's. Sends what is queued, closes the sockets and waits for the thread, 5 s at most. */
    void stop() {
        stopping = true;
        wake();
        try {
            thread.join(STOP_TIMEOUT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("the ZeroMQ thread did not stop in time [waited: {} ms]", STOP_TIMEOUT_MILLIS);
        }
    }

    private boolean execute(Runnable task) {
        boolean queued = tasks.offer(task);
        if (queued && awake.compareAndSet(false, true)) {
            wake();
        }
        return queued;
    }

    private void wake() {
        try {
            wakeUp.sink().write(ByteBuffer.wrap(new byte[1]));
        } catch (IOException e) {
            LOG.warn("the ZeroMQ thread could not be woken [error: {}]", e.getMessage());
        }
    }

    private void run() {
        try (ZContext context = new ZContext()) {
            context.setLinger(LINGER_MILLIS);
            Ports ports = bind(context);
            started.complete(ports);
            loop(context);
        } catch (RuntimeException e) {
            if (!started.completeExceptionally(e)) {
                LOG.error("the ZeroMQ thread died, no node can be reached", e);
            }
        } finally {
            closePipe();
        }
    }

    private Ports bind(ZContext context) {
        zap = context.createSocket(SocketType.ROUTER);
        zap.bind(ZAP_ENDPOINT);
        publisher = context.createSocket(SocketType.PUB);
        router = context.createSocket(SocketType.ROUTER);
        router.setRouterMandatory(true);
        router.setMaxMsgSize((long) OVERSIZE_FACTOR * settings.maxBodySizeBytes());
        settings.curveSecretKey().ifPresent(secret -> {
            router.setZapDomain("pushjobs");
            router.setCurveServer(true);
            router.setCurveSecretKey(Z85.decode(secret));
        });
        return new Ports(
                bind(publisher, "server_heartbeat_port", settings.heartbeatPort()),
                bind(router, "command_port", settings.commandPort()));
    }

    private int bind(ZMQ.Socket socket, String setting, int port) {
        String address = settings.listenAddress() + ":" + (port == 0 ? "*" : port);
        try {
            socket.bind(address);
        } catch (ZMQException e) {
            throw new IllegalStateException(
                    setting + " cannot be opened at " + address + ": " + e.getMessage()
                            + "; is another server running?",
                    e);
        }
        String bound = socket.getLastEndpoint();
        return Integer.parseInt(bound.substring(bound.lastIndexOf(':') + 1));
    }

    private void loop(ZContext context) {
        try (ZMQ.Poller poller = context.createPoller(3)) {
            int zapItem = poller.register(zap, ZMQ.Poller.POLLIN);
            int wakeItem = poller.register(wakeUp.source(), ZMQ.Poller.POLLIN);
            int routerItem = poller.register(router, ZMQ.Poller.POLLIN);
            boolean reading = true;
            while (!stopping) {
                boolean room = inFlight.get() < MAX_IN_FLIGHT;
                if (room && !reading) {
                    routerItem = poller.register(router, ZMQ.Poller.POLLIN);
                } else if (!room && reading) {
                    poller.unregister(router);
                }
                reading = room;
                poller.poll(reading ? 1_000 : 5);
                if (poller.pollin(wakeItem)) {
                    drainPipe();
                }
                runTasks();
                if (poller.pollin(zapItem)) {
                    answerZap();
                }
                if (reading && poller.pollin(routerItem)) {
                    receive();
                }
            }
            runTasks();
        }
    }

    private void drainPipe() {
        ByteBuffer bytes = ByteBuffer.allocate(64);
        try {
            while (wakeUp.source().read(bytes) > 0) {
                bytes.clear();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the pipe that wakes the ZeroMQ thread broke", e);
        }
    }

    private void runTasks() {
        awake.set(false);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.run();
            } catch (ZMQException e) {
                LOG.warn("sending failed [error: {}]", e.getMessage());
            }
        }
    }

    private void sendNow(Route route, byte[] header, byte[] body) {
        try {
            if (router.send(route.bytes(), ZMQ.SNDMORE | ZMQ.DONTWAIT)) {
                router.send(header, ZMQ.SNDMORE | ZMQ.DONTWAIT);
                router.send(body, ZMQ.DONTWAIT);
            } else {
                LOG.debug("message dropped: the agent does not read");
            }
        } catch (ZMQException e) {
            if (e.getErrorCode() != ZMQ.Error.EHOSTUNREACH.getCode()) {
                throw e;
            }
            LOG.debug("message dropped: the agent's connection is gone");
        }
    }

    private void receive() {
        List<Inbound> batch = new ArrayList<>();
        while (batch.size() < MAX_BATCH) {
            Msg routingId = router.recvMsg(ZMQ.DONTWAIT);
            if (routingId == null) {
                break;
            }
            batch.add(message(routingId));
        }
        if (!batch.isEmpty()) {
            inFlight.addAndGet(batch.size());
            receiver.accept(batch);
        }
    }

    private Inbound message(Msg routingId) {
        List<byte[]> frames = new ArrayList<>(2);
        Metadata metadata = null;
        boolean more = routingId.hasMore();
        while (more) {
            Msg frame = router.recvMsg();
            if (frame == null) {
                break;
            }
            if (frames.size() < MAX_FRAMES) {
                frames.add(frame.data());
                metadata = frame.getMetadata();
            }
            more = frame.hasMore();
        }
        Optional<Metadata> facts = Optional.ofNullable(metadata);
        String address = facts.map(data -> data.get(Metadata.PEER_ADDRESS))
                .map(ZmqLoop::withoutPort)
                .orElse("unknown");
        Optional<AdmittedNode> peer =
                facts.map(data -> data.get(Metadata.USER_ID)).flatMap(keys::find);
        return new Inbound(Route.of(routingId.data(), address), peer, frames);
    }

    private static String withoutPort(String addressAndPort) {
        int colon = addressAndPort.lastIndexOf(':');
        return colon < 0 ? addressAndPort : addressAndPort.substring(0, colon);
    }

    /** ZMQ RFC 27: version, request id, domain, address, identity, mechanism, credentials, after the reply envelope. */
    private void answerZap() {
        List<byte[]> frames = new ArrayList<>();
        byte[] frame = zap.recv(ZMQ.DONTWAIT);
        while (frame != null) {
            frames.add(frame);
            frame = zap.hasReceiveMore() ? zap.recv() : null;
        }
        int delimiter = 0;
        while (delimiter < frames.size() && frames.get(delimiter).length > 0) {
            delimiter++;
        }
        List<byte[]> request = delimiter < frames.size() ? frames.subList(delimiter + 1, frames.size()) : List.of();
        if (request.size() < 7 || request.get(6).length != 32) {
            LOG.warn("a malformed authentication request was dropped [frames: {}]", frames.size());
            return;
        }
        List<byte[]> envelope = List.copyOf(frames.subList(0, delimiter + 1));
        byte[] requestId = request.get(1);
        String address = new String(request.get(3), StandardCharsets.US_ASCII);
        zapGate.check(address, request.get(6), this::execute, verdict -> reply(envelope, requestId, verdict));
    }

    private void reply(List<byte[]> envelope, byte[] requestId, ZapGate.Verdict verdict) {
        envelope.forEach(zap::sendMore);
        zap.sendMore("1.0");
        zap.sendMore(requestId);
        zap.sendMore(verdict.status());
        zap.sendMore(verdict.text());
        zap.sendMore(verdict.userId());
        zap.send(new byte[0]);
    }

    private void closePipe() {
        try {
            wakeUp.source().close();
            wakeUp.sink().close();
        } catch (IOException e) {
            LOG.debug("closing the wake-up pipe failed [error: {}]", e.getMessage());
        }
    }
}
