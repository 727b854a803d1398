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
import org.pushjobs.protocol.keys.Z85;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.protocol.signing.SessionKey;
import org.pushjobs.zmtp.Security;
import org.pushjobs.zmtp.nacl.Crypto;
import org.pushjobs.zmtp.nacl.KeyPair;
import org.pushjobs.zmtp.nacl.Nacl;

/** An agent that does only what a test tells it to, good or bad. For one thread. */
public final class RawAgent implements AutoCloseable {
    private static final Nacl NACL = Crypto.AUTO.nacl();
    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(2);
    private static final int ATTEMPTS = 15;

    private final Dealer dealer;
    private final KeyPair curve;
    private final ServerMessageReader reader;
    private final ConfigDocument config;
    private final SessionKey sessionKey;
    private final String incarnationId;
    private long sequence;
    private boolean greeted;
    private boolean disconnected;

    /** A key pair as an agent makes one when it starts. */
    public static KeyPair newKeys() {
        return NACL.newKeyPair();
    }

    /** Fetches its configuration as the node's client, and connects. */
    public static RawAgent connect(ApiClient api, String node, RSAPrivateKey key) throws Exception {
        return connect(api, node, key, "11111111-2222-4333-8444-555555555555");
    }

    public static RawAgent connect(ApiClient api, String node, RSAPrivateKey key, String incarnationId)
            throws Exception {
        KeyPair curve = newKeys();
        ConfigDocument config = fetchConfig(api, node, curve);
        return new RawAgent(
                config, curve, SessionKeys.unwrap(config.sessionKey(), key).orElseThrow(), incarnationId);
    }

    public static ConfigDocument fetchConfig(ApiClient api, String node, KeyPair curve) throws Exception {
        return fetchConfig(api, node, Z85.encode(curve.publicKey()));
    }

    /** @param curveKey the public one, as text */
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
        ConfigDocument its = fetchConfig(api, node, curve);
        return new RawAgent(
                its, curve, SessionKeys.unwrap(its.sessionKey(), key).orElseThrow(), "the other of one key");
    }

    /** Another connection of the same agent; it has sent nothing yet. */
    public RawAgent connectAgain() {
        return new RawAgent(config, curve, sessionKey, incarnationId);
    }

    /** Connects; returns when that is done, or was refused. */
    public RawAgent(ConfigDocument config, KeyPair curve, SessionKey sessionKey, String incarnationId) {
        this.config = config;
        this.curve = curve;
        this.sessionKey = sessionKey;
        this.incarnationId = incarnationId;
        this.reader = new ServerMessageReader(
                MessageLimits.DEFAULT, Clock.systemUTC(), sessionKey, PemKeys.publicKey(config.publicKey()));
        Security security = config.curvePublicKey()
                .<Security>map(serverKey -> new Security.CurveClient(Z85.decode(serverKey), curve))
                .orElseGet(Security.Plain::new);
        this.dealer = new Dealer(config.commandAddress(), security, NACL);
        this.greeted = config.curvePublicKey().isEmpty();
    }

    public ConfigDocument config() {
        return config;
    }

    public String curvePublicKey() {
        return Z85.encode(curve.publicKey());
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

    /** Says something over this agent's connection that is another agent's message, and signed by it. */
    public void sendFor(RawAgent other, AgentMessage message) {
        byte[] body = AgentMessageCodec.encode(message);
        sendFrames(MessageHeader.hmac(body, other.sessionKey).encode(), body);
    }

    public void sendFrames(byte[]... frames) {
        dealer.send(frames);
    }

    /**
     * The next message of the server, checked, after the {@code ack} that greets a connection; empty when none comes in
     * time.
     */
    public Optional<ServerMessage> receive(Duration atMost) throws RejectedMessageException {
        Optional<ServerMessage> message = receiveAny(atMost);
        if (!greeted && message.isPresent()) {
            greeted = true;
            return message.get() instanceof ServerMessage.Ack ? receiveAny(atMost) : message;
        }
        return message;
    }

    /**
     * The bodies of what comes, whoever it is signed for, until nothing came for a while.
     *
     * @param quiet how long that is
     */
    public List<String> receiveUnchecked(Duration quiet) {
        List<String> bodies = new ArrayList<>();
        for (Optional<List<byte[]>> next = dealer.receive(quiet); next.isPresent(); next = dealer.receive(quiet)) {
            bodies.add(new String(next.get().get(1), StandardCharsets.UTF_8));
        }
        return bodies;
    }

    private Optional<ServerMessage> receiveAny(Duration atMost) throws RejectedMessageException {
        Optional<List<byte[]>> frames = dealer.receive(atMost);
        return frames.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        reader.readCommand(frames.get().get(0), frames.get().get(1)));
    }

    /** Ends the connection without another one, as when the machine vanishes. */
    public void disconnect() {
        if (!disconnected) {
            disconnected = true;
            dealer.close();
        }
    }

    /** Heartbeats until the server has accepted this agent: answers its abort. A greeting may come before that. */
    public void becomeAvailable() throws RejectedMessageException {
        Optional<ServerMessage> answer = Optional.empty();
        for (int attempt = 1; answer.isEmpty() && attempt <= ATTEMPTS; attempt++) {
            heartbeat(JobState.IDLE, Optional.empty());
            answer = receive(ANSWER_PATIENCE);
            while (answer.isPresent() && answer.get() instanceof ServerMessage.Ack) {
                answer = receive(ANSWER_PATIENCE);
            }
        }
        ServerMessage first = answer.orElseThrow(() -> new AssertionError("the server does not answer"));
        if (!(first instanceof ServerMessage.Abort)) {
            throw new AssertionError("the server should abort an unknown agent, not " + first);
        }
        send(new AgentMessage.Aborted(envelope(Optional.empty())));
    }

    @Override
    public void close() {
        disconnect();
    }
}
