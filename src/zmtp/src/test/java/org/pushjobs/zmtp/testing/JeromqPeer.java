package org.pushjobs.zmtp.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pushjobs.zmtp.nacl.KeyPair;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** A socket of JeroMQ. */
public final class JeromqPeer implements Peer {
    private final ZContext context = new ZContext();
    private final ZMQ.Socket socket;

    public JeromqPeer(SocketType type) {
        context.setLinger(0);
        socket = context.createSocket(type);
    }

    @Override
    public void connect(int port, Optional<ClientKeys> keys) {
        keys.ifPresent(pair -> {
            socket.setCurveServerKey(pair.serverKey());
            socket.setCurvePublicKey(pair.own().publicKey());
            socket.setCurveSecretKey(pair.own().secretKey());
        });
        socket.connect("tcp://127.0.0.1:" + port);
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
        socket.setReceiveTimeOut((int) atMost.toMillis());
        byte[] first = socket.recv();
        if (first == null) {
            return Optional.empty();
        }
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
