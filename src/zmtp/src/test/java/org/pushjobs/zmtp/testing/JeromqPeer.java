package org.pushjobs.zmtp.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.zmtp.nacl.KeyPair;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZEvent;
import org.zeromq.ZMQ;
import org.zeromq.ZMonitor;

/**
 * A socket of JeroMQ. Of its connections, with JeroMQ on both sides too, some 2 in 100 say that they are connected and then
 * do nothing for ever, not even when the other side closes them (docs/decisions/0013 says why): such a one is given up here
 * and made again. A few stop a
 * step later, when they have the other side's greeting: those are given up when nothing comes over them.
 */
public final class JeromqPeer implements Peer {
    private final ZContext context = new ZContext();
    private static final Set<ZMonitor.Event> CONNECTING =
            Set.of(ZMonitor.Event.CONNECT_DELAYED, ZMonitor.Event.CONNECT_RETRIED);
    private static final String MONITOR = "inproc://monitor";
    private static final long STUCK_AFTER_NANOS = Duration.ofMillis(1_500).toNanos();
    private static final long SILENT_AFTER_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int SLICE_MILLIS = 200;

    private final ZMQ.Socket socket;
    private final ZMQ.Socket monitor;
    private String endpoint = "";
    private boolean connectedOnly;
    private long connectedAt;
    private boolean received;

    public JeromqPeer(SocketType type) {
        context.setLinger(0);
        socket = context.createSocket(type);
        socket.monitor(MONITOR, ZMQ.EVENT_ALL);
        monitor = context.createSocket(SocketType.PAIR);
        monitor.connect(MONITOR);
        monitor.setReceiveTimeOut(SLICE_MILLIS);
    }

    @Override
    public void connect(int port, Optional<ClientKeys> keys) {
        keys.ifPresent(pair -> {
            socket.setCurveServerKey(pair.serverKey());
            socket.setCurvePublicKey(pair.own().publicKey());
            socket.setCurveSecretKey(pair.own().secretKey());
        });
        endpoint = "tcp://127.0.0.1:" + port;
        socket.connect(endpoint);
        connectedOnly = true;
        connectedAt = System.nanoTime();
        while (connectedOnly) {
            watch(0);
        }
    }

    /** Looks whether the connection lives; makes it again when it does not. */
    private void watch(int flags) {
        ZEvent event = ZEvent.recv(monitor, flags);
        if (event != null && event.getEvent() == ZMonitor.Event.CONNECTED) {
            connectedOnly = true;
            received = false;
            connectedAt = System.nanoTime();
        } else if (event != null && !CONNECTING.contains(event.getEvent())) {
            connectedOnly = false;
        } else if (connectedOnly && isOlderThan(STUCK_AFTER_NANOS) || !received && isOlderThan(SILENT_AFTER_NANOS)) {
            reconnect();
        }
    }

    private boolean isOlderThan(long nanos) {
        return System.nanoTime() - connectedAt > nanos;
    }

    @Override
    public void reconnect() {
        socket.disconnect(endpoint);
        socket.connect(endpoint);
        connectedOnly = true;
        connectedAt = System.nanoTime();
    }

    @Override
    public int bind(Optional<KeyPair> keys) {
        keys.ifPresent(pair -> {
            socket.setCurveServer(true);
            socket.setCurvePublicKey(pair.publicKey());
            socket.setCurveSecretKey(pair.secretKey());
        });
        socket.bind("tcp://127.0.0.1:*");
        String endpoint = socket.getLastEndpoint();
        return Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
    }

    @Override
    public void identity(byte[] identity) {
        socket.setIdentity(identity);
    }

    @Override
    public void heartbeat(Duration interval) {
        socket.setHeartbeatIvl((int) interval.toMillis());
        socket.setHeartbeatTimeout((int) interval.multipliedBy(20).toMillis());
    }

    @Override
    public void send(byte[]... frames) {
        for (int i = 0; i < frames.length; i++) {
            socket.send(frames[i], i < frames.length - 1 ? ZMQ.SNDMORE : 0);
        }
    }

    @Override
    public Optional<List<byte[]>> receive(Duration atMost) {
        socket.setReceiveTimeOut(SLICE_MILLIS);
        long deadline = System.nanoTime() + atMost.toNanos();
        byte[] first = socket.recv();
        while (first == null && System.nanoTime() < deadline) {
            watch(ZMQ.DONTWAIT);
            first = socket.recv();
        }
        if (first == null) {
            return Optional.empty();
        }
        received = true;
        List<byte[]> frames = new ArrayList<>(List.of(first));
        while (socket.hasReceiveMore()) {
            frames.add(socket.recv());
        }
        return Optional.of(frames);
    }

    @Override
    public void subscribe(byte[] prefix) {
        socket.subscribe(prefix);
    }

    @Override
    public void unsubscribe(byte[] prefix) {
        socket.unsubscribe(prefix);
    }

    @Override
    public void close() {
        context.close();
    }
}
