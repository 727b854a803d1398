package org.pushjobs.agent.fake;

import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.pushjobs.protocol.codec.AgentMessageReader;
import org.pushjobs.protocol.codec.MessageLimits;
import org.pushjobs.protocol.codec.RejectedMessageException;
import org.pushjobs.protocol.codec.ServerMessageCodec;
import org.pushjobs.protocol.keys.Z85;
import org.pushjobs.protocol.message.ServerHeartbeat;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.protocol.signing.RsaBodySignature;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** The fake server's ZeroMQ side: one thread with ROUTER, PUB and the ZAP handler. */
final class FakePorts implements AutoCloseable {
    private static final long POLL_MILLIS = 5;

    private final FakeServer server;
    private final AgentMessageReader reader;
    private final ZContext context = new ZContext();
    private final Queue<byte[][]> outgoing = new ConcurrentLinkedQueue<>();
    private final CountDownLatch bound = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean running = true;
    private volatile boolean heartbeats = true;
    private volatile Optional<ServerMessage> greeting = Optional.of(new ServerMessage.Ack());
    private volatile byte[] peer = {};
    private long sequence;

    FakePorts(FakeServer server) {
        this.server = server;
        this.reader = new AgentMessageReader(MessageLimits.DEFAULT, server.clock());
        this.thread = Thread.ofPlatform().name("fake-server").start(this::run);
        try {
            bound.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        ZMQ.Socket zap = context.createSocket(SocketType.REP);
        zap.bind("inproc://zeromq.zap.01");
        ZMQ.Socket publisher = context.createSocket(SocketType.PUB);
        publisher.setLinger(0);
        publisher.setIPv6(true);
        publisher.bind("tcp://" + server.listenHost() + ":" + server.heartbeatPort());
        ZMQ.Socket router = context.createSocket(SocketType.ROUTER);
        router.setLinger(0);
        router.setIPv6(true);
        if (server.encrypts()) {
            router.setCurveServer(true);
            router.setCurvePublicKey(server.curvePublicKey());
            router.setCurveSecretKey(server.curveSecretKey());
        }
        router.bind("tcp://" + server.listenHost() + ":" + server.commandPort());
        bound.countDown();

        ZMQ.Poller poller = context.createPoller(2);
        poller.register(zap, ZMQ.Poller.POLLIN);
        poller.register(router, ZMQ.Poller.POLLIN);
        long nextHeartbeat = System.nanoTime();
        while (running) {
            poller.poll(POLL_MILLIS);
            answerZap(zap);
            receive(router);
            for (byte[][] frames = outgoing.poll(); frames != null; frames = outgoing.poll()) {
                sendFrames(router, frames);
            }
            if (heartbeats && System.nanoTime() - nextHeartbeat >= 0) {
                publish(publisher);
                nextHeartbeat = System.nanoTime() + (long) (server.intervalSeconds() * 1e9);
            }
        }
        context.close();
    }

    private void answerZap(ZMQ.Socket zap) {
        byte[] version = zap.recv(ZMQ.DONTWAIT);
        if (version == null) {
            return;
        }
        byte[] requestId = zap.recv();
        byte[] last = requestId;
        while (zap.hasReceiveMore()) {
            last = zap.recv();
        }
        String status = server.accepts(Z85.encode(last)) ? "200" : "400";
        zap.send(version, ZMQ.SNDMORE);
        zap.send(requestId, ZMQ.SNDMORE);
        zap.send(status, ZMQ.SNDMORE);
        zap.send("", ZMQ.SNDMORE);
        zap.send("", ZMQ.SNDMORE);
        zap.send("");
    }

    private void receive(ZMQ.Socket router) {
        byte[] routingId = router.recv(ZMQ.DONTWAIT);
        while (routingId != null) {
            byte[] header = router.recv();
            byte[] body = router.recv();
            server.heard(body);
            try {
                server.heard(reader.read(header, body, _ -> server.sessionKey()));
            } catch (RejectedMessageException e) {
                routingId = router.recv(ZMQ.DONTWAIT);
                continue;
            }
            if (!Arrays.equals(peer, routingId)) {
                peer = routingId;
                greeting.ifPresent(this::send);
            }
            routingId = router.recv(ZMQ.DONTWAIT);
        }
    }

    private void publish(ZMQ.Socket publisher) {
        byte[] body = ServerMessageCodec.encode(new ServerHeartbeat(
                "127.0.0.1", server.incarnationId(), sequence++, server.clock().instant()));
        publisher.send(RsaBodySignature.header(body, server.signingKey()).encode(), ZMQ.SNDMORE);
        publisher.send(body);
        server.heartbeatSent();
    }

    private void sendFrames(ZMQ.Socket router, byte[][] frames) {
        router.send(peer, ZMQ.SNDMORE);
        for (int i = 0; i < frames.length; i++) {
            router.send(frames[i], i + 1 < frames.length ? ZMQ.SNDMORE : 0);
        }
    }

    void send(ServerMessage message) {
        byte[] body =
                ServerMessageCodec.encode(message, sequence++, server.clock().instant());
        sendRaw(MessageHeader.hmac(body, server.sessionKey()).encode(), body);
    }

    void sendRaw(byte[]... frames) {
        outgoing.add(frames);
    }

    void heartbeats(boolean on) {
        heartbeats = on;
    }

    void greetWith(Optional<ServerMessage> newGreeting) {
        greeting = newGreeting;
    }

    @Override
    public void close() {
        running = false;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
