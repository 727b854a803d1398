package org.pushjobs.server.testing;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pushjobs.protocol.codec.AgentMessageCodec;
import org.pushjobs.protocol.codec.MessageLimits;
import org.pushjobs.protocol.codec.RejectedMessageException;
import org.pushjobs.protocol.codec.ServerMessageReader;
import org.pushjobs.protocol.config.ConfigDocument;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.protocol.signing.SessionKey;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZEvent;
import org.zeromq.ZMQ;

/** An agent that does only what a test tells it to, good or bad. For one thread. */
public final class RawAgent implements AutoCloseable {
    private static final String MONITOR = "inproc://monitor";
    private static final int STUCK_AFTER_MILLIS = 1_500;
    private static final int ATTEMPTS = 6;

    private final ZContext context = new ZContext();
    private final ZMQ.Socket dealer;
    private final ZMQ.Curve.KeyPair curve;
    private final ServerMessageReader reader;
    private final ConfigDocument config;
    private final SessionKey sessionKey;
    private final String incarnationId;
    private long sequence;

    /** Fetches its configuration as the node's client, and connects. */
    public static RawAgent connect(ApiClient api, String node, RSAPrivateKey key) throws Exception {
        return connect(api, node, key, "11111111-2222-4333-8444-555555555555");
    }

    public static RawAgent connect(ApiClient api, String node, RSAPrivateKey key, String incarnationId)
            throws Exception {
        ZMQ.Curve.KeyPair curve = ZMQ.Curve.generateKeyPair();
        ConfigDocument config = fetchConfig(api, node, curve.publicKey);
        return new RawAgent(
                config, curve, SessionKeys.unwrap(config.sessionKey(), key).orElseThrow(), incarnationId);
    }

    public static ConfigDocument fetchConfig(ApiClient api, String node, String curveKey) throws Exception {
        HttpResponse<byte[]> answer =
                api.get("config/" + node + "?ccpk=" + URLEncoder.encode(curveKey, StandardCharsets.UTF_8));
        if (answer.statusCode() != 200) {
            throw new AssertionError("no configuration: " + answer.statusCode() + " " + ApiClient.text(answer));
        }
        return ConfigDocument.parse(answer.body());
    }

    /** Another agent, of another node, that has this one's CURVE key. */
    public RawAgent anotherNodeWithTheSameKey(ApiClient api, String node, RSAPrivateKey key) throws Exception {
        ConfigDocument its = fetchConfig(api, node, curvePublicKey());
        return new RawAgent(
                its, curve, SessionKeys.unwrap(its.sessionKey(), key).orElseThrow(), "the other of one key");
    }

    public RawAgent(ConfigDocument config, ZMQ.Curve.KeyPair curve, SessionKey sessionKey, String incarnationId) {
        this.config = config;
        this.curve = curve;
        this.sessionKey = sessionKey;
        this.incarnationId = incarnationId;
        this.reader = new ServerMessageReader(
                MessageLimits.DEFAULT, Clock.systemUTC(), sessionKey, PemKeys.publicKey(config.publicKey()));
        this.dealer = context.createSocket(SocketType.DEALER);
        dealer.setLinger(0);
        dealer.setHandshakeIvl(2_000);
        config.curvePublicKey().ifPresent(serverKey -> {
            dealer.setCurveServerKey(ZMQ.Curve.z85Decode(serverKey));
            dealer.setCurvePublicKey(ZMQ.Curve.z85Decode(curve.publicKey));
            dealer.setCurveSecretKey(ZMQ.Curve.z85Decode(curve.secretKey));
        });
        connect();
    }

    /**
     * Some of JeroMQ's connections say that they are connected and do nothing more, whoever the peer is; they are made
     * anew until the peer's greeting has come.
     */
    private void connect() {
        dealer.monitor(MONITOR, ZMQ.EVENT_HANDSHAKE_PROTOCOL);
        // stays open: the socket waits for whoever reads its events
        ZMQ.Socket monitor = context.createSocket(SocketType.PAIR);
        monitor.connect(MONITOR);
        monitor.setReceiveTimeOut(STUCK_AFTER_MILLIS);
        dealer.connect(config.commandAddress());
        for (int attempt = 1; attempt < ATTEMPTS && ZEvent.recv(monitor) == null; attempt++) {
            dealer.disconnect(config.commandAddress());
            dealer.connect(config.commandAddress());
        }
    }

    public ConfigDocument config() {
        return config;
    }

    public String curvePublicKey() {
        return curve.publicKey;
    }

    public SessionKey sessionKey() {
        return sessionKey;
    }

    /** What this agent's next message says besides its type. */
    public AgentEnvelope envelope(Optional<String> jobId) {
        return new AgentEnvelope(
                config.node(), "raw.test", config.organization(), ++sequence, Instant.now(), incarnationId, jobId);
    }

    public void heartbeat(JobState state, Optional<String> jobId) {
        send(new AgentMessage.Heartbeat(envelope(jobId), state));
    }

    public void send(AgentMessage message) {
        byte[] body = AgentMessageCodec.encode(message);
        sendFrames(MessageHeader.hmac(body, sessionKey).encode(), body);
    }

    public void sendFrames(byte[]... frames) {
        for (int i = 0; i < frames.length; i++) {
            dealer.send(frames[i], i < frames.length - 1 ? ZMQ.SNDMORE : 0);
        }
    }

    /** The next message of the server, checked; empty when none comes in time. */
    public Optional<ServerMessage> receive(Duration atMost) throws RejectedMessageException {
        dealer.setReceiveTimeOut((int) atMost.toMillis());
        byte[] first = dealer.recv();
        if (first == null) {
            return Optional.empty();
        }
        List<byte[]> frames = new ArrayList<>(List.of(first));
        while (dealer.hasReceiveMore()) {
            frames.add(dealer.recv());
        }
        return Optional.of(reader.readCommand(frames.get(0), frames.get(1)));
    }

    /** Heartbeats until the server has accepted this agent: answers its abort. */
    public void becomeAvailable() throws RejectedMessageException {
        Optional<ServerMessage> answer = Optional.empty();
        for (int attempt = 1; answer.isEmpty() && attempt <= ATTEMPTS; attempt++) {
            if (attempt > 1) {
                // its greeting has come, but it is one of the connections that do nothing more
                dealer.disconnect(config.commandAddress());
                dealer.connect(config.commandAddress());
            }
            heartbeat(JobState.IDLE, Optional.empty());
            answer = receive(Duration.ofSeconds(4));
        }
        ServerMessage first = answer.orElseThrow();
        if (!(first instanceof ServerMessage.Abort)) {
            throw new AssertionError("the server should abort an unknown agent, not " + first);
        }
        send(new AgentMessage.Aborted(envelope(Optional.empty())));
    }

    @Override
    public void close() {
        context.close();
    }
}
