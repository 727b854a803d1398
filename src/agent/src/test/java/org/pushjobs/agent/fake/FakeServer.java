package org.pushjobs.agent.fake;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.pushjobs.protocol.config.ConfigDocument;
import org.pushjobs.protocol.config.Extensions;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.protocol.keys.Z85;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.OutputChannel;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.protocol.request.RequestAuthenticationException;
import org.pushjobs.protocol.request.SignedRequest;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.protocol.signing.SessionKey;
import org.zeromq.ZMQ.Curve;

/**
 * A push jobs server for one agent, as far as an agent can tell: the configuration by signed HTTP requests, heartbeats, the
 * command port with CURVE and ZAP. It can be stopped, and started again as the same server.
 */
public final class FakeServer implements AutoCloseable {
    public static final String ORG = "acme";
    /** Another one in each JVM, since an agent ends what belongs to its node and job wherever it came from. */
    public static final String NODE = "web " + ProcessHandle.current().pid() + ".example.com";

    private static final KeyPair SIGNING_KEYS = PemKeys.generate();

    private volatile RSAPublicKey clientKey;
    private final byte[] curvePublicKey;
    private final byte[] curveSecretKey;
    private volatile boolean encrypts = true;
    private volatile String listenHost = "127.0.0.1";
    private volatile Optional<String> advertisedHost = Optional.empty();
    private volatile Optional<String> advertisedCommandAddress = Optional.empty();
    private final int httpPort = FreePort.pick();
    private volatile int heartbeatPort = FreePort.pick();
    private volatile int commandPort = FreePort.pick();
    private final Set<String> acceptedKeys = ConcurrentHashMap.newKeySet();
    private final List<AgentMessage> received = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicInteger heartbeatsSent = new AtomicInteger();
    private volatile KeyPair signingKeys = SIGNING_KEYS;
    private volatile SessionKey sessionKey = new SessionKey(new byte[SessionKey.LENGTH_BYTES]);
    private volatile String incarnationId = "first";
    private volatile boolean acceptsNewKeys = true;
    private volatile double intervalSeconds = 0.2;
    private volatile int refusalsLeft;
    private volatile boolean beginning;
    private volatile Duration settling = Duration.ZERO;
    private volatile long portsOpenedNanos;
    private volatile Optional<Extensions> extensions = Optional.empty();
    private volatile boolean acknowledges = true;
    private volatile Duration clockShift = Duration.ZERO;
    private final Map<OutputChannel, ByteArrayOutputStream> output = new EnumMap<>(OutputChannel.class);
    private Optional<HttpServer> http = Optional.empty();
    private Optional<FakePorts> ports = Optional.empty();

    /** @param clientKey of the node */
    public FakeServer(RSAPublicKey clientKey) {
        this.clientKey = clientKey;
        Curve.KeyPair pair = Curve.generateKeyPair();
        this.curvePublicKey = Z85.decode(pair.publicKey);
        this.curveSecretKey = Z85.decode(pair.secretKey);
    }

    /** Has CURVE switched off, as old servers may; to be called before the start. */
    public FakeServer withoutEncryption() {
        encrypts = false;
        return this;
    }

    /** Listens on this IP address from its next start on, an IPv6 address being in brackets. */
    public FakeServer listenOn(String host) {
        listenHost = host;
        return this;
    }

    String listenHost() {
        return listenHost;
    }

    /** Says that agents find it there, instead of where it listens. */
    public FakeServer advertise(String host) {
        advertisedHost = Optional.of(host);
        return this;
    }

    /** Says that agents find its command port there; empty for the truth. */
    public void advertiseCommandAddress(Optional<String> address) {
        advertisedCommandAddress = address;
    }

    boolean encrypts() {
        return encrypts;
    }

    public FakeServer start() {
        startPorts();
        startHttp();
        return this;
    }

    /** Listens on other ports from its next start on, as the same server. */
    public void movePorts() {
        heartbeatPort = FreePort.pick();
        commandPort = FreePort.pick();
    }

    /** Where it says that agents find its heartbeats. */
    public String heartbeatAddress() {
        return "tcp://" + advertisedHost.orElse(listenHost) + ":" + heartbeatPort;
    }

    /** Where it says that agents find its command port. */
    public String commandAddress() {
        return advertisedCommandAddress.orElse("tcp://" + advertisedHost.orElse(listenHost) + ":" + commandPort);
    }

    public void startHttp() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(listenHost, httpPort), 0);
            server.createContext("/", this::answer);
            server.start();
            http = Optional.of(server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Refuses to say whether it has moved until its ports have been open for so long, as the real server does. Those requests
     * do not count as fetches.
     */
    public FakeServer settle(Duration time) {
        settling = time;
        return this;
    }

    /** Answers HTTP, but its ports are not there yet: it holds requests until they are, as far as clients wait. */
    public void beginStart() {
        beginning = true;
        startHttp();
    }

    /** What {@link #beginStart} began has ended. */
    public void endStart() {
        startPorts();
        beginning = false;
    }

    public void startPorts() {
        ports = Optional.of(new FakePorts(this));
        portsOpenedNanos = System.nanoTime();
    }

    /** Goes away as a killed process does. */
    public void stop() {
        ports.ifPresent(FakePorts::close);
        ports = Optional.empty();
        http.ifPresent(server -> server.stop(0));
        http = Optional.empty();
    }

    @Override
    public void close() {
        stop();
    }

    public String url() {
        return "http://" + listenHost + ":" + httpPort + "/organizations/" + ORG;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean asksWhetherItMoved =
                    "wait=0".equals(exchange.getRequestHeaders().getFirst("Prefer"));
            if (asksWhetherItMoved && System.nanoTime() - portsOpenedNanos < settling.toNanos()) {
                respond(exchange, 503, "{\"error\":[\"look at the ports\"]}".getBytes(StandardCharsets.UTF_8));
                return;
            }
            fetches.incrementAndGet();
            if (beginning) {
                if (asksWhetherItMoved) {
                    respond(exchange, 503, "{\"error\":[\"starting\"]}".getBytes(StandardCharsets.UTF_8));
                    return;
                }
                Until.isTrue("the start has ended", () -> !beginning);
            }
            String query = exchange.getRequestURI().getQuery();
            if (!exchange.getRequestURI().getPath().equals("/organizations/" + ORG + "/pushy/config/" + NODE)
                    || !query.endsWith("&version=2.0")) {
                respond(exchange, 404, "{\"error\":[\"no such node\"]}".getBytes(StandardCharsets.UTF_8));
            } else if (!isSigned(exchange)) {
                respond(exchange, 401, "{\"error\":[\"Invalid signature\"]}".getBytes(StandardCharsets.UTF_8));
            } else if (refusalsLeft > 0) {
                refusalsLeft--;
                respond(exchange, 503, "{\"error\":[\"not now\"]}".getBytes(StandardCharsets.UTF_8));
            } else {
                if (acceptsNewKeys) {
                    acceptedKeys.add(query.substring("ccpk=".length(), query.length() - "&version=2.0".length()));
                }
                respond(
                        exchange,
                        200,
                        encrypts
                                ? document().toJson()
                                : withoutCurveKey(document().toJson()));
            }
        }
    }

    private static byte[] withoutCurveKey(byte[] document) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode tree = (ObjectNode) json.readTree(document);
        tree.remove("curve_public_key");
        return json.writeValueAsBytes(tree);
    }

    private boolean isSigned(HttpExchange exchange) {
        try {
            SignedRequest request = SignedRequest.parse(
                    name -> Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)),
                    Clock.systemUTC().instant());
            return request.userId().equals(NODE)
                    && request.serverApiVersion().equals("1")
                    && request.verify("GET", exchange.getRequestURI().getRawPath(), new byte[0], clientKey);
        } catch (RequestAuthenticationException e) {
            return false;
        }
    }

    private static void respond(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private ConfigDocument document() {
        return new ConfigDocument(
                        "127.0.0.1",
                        heartbeatAddress(),
                        commandAddress(),
                        intervalSeconds,
                        3,
                        2,
                        NODE,
                        ORG,
                        PemKeys.toPem((RSAPublicKey) signingKeys.getPublic()),
                        Optional.of(Z85.encode(curvePublicKey)),
                        SessionKeys.wrap(sessionKey, clientKey),
                        3600,
                        300,
                        65_536,
                        incarnationId)
                .with(extensions);
    }

    /** Speaks protocol 2.1. */
    public FakeServer extended(Extensions offered) {
        extensions = Optional.of(offered);
        return this;
    }

    /** Speaks protocol 2.0. */
    public void notExtended() {
        extensions = Optional.empty();
    }

    /** Whether results and output are acknowledged, by a server of protocol 2.1. */
    public void acknowledge(boolean yes) {
        acknowledges = yes;
    }

    /** What has arrived of a channel of the job whose output came last, by the rules of a server that stores it. */
    public synchronized byte[] output(OutputChannel channel) {
        return output.computeIfAbsent(channel, _ -> new ByteArrayOutputStream()).toByteArray();
    }

    /** Heartbeats both ways come at this interval; 0.2 s where nothing is said. */
    public void interval(double seconds) {
        intervalSeconds = seconds;
    }

    /** Answers the next requests for the configuration with 503. */
    public void refuseFetches(int count) {
        refusalsLeft = count;
    }

    /** Whether agents' keys are remembered when they fetch their configuration. */
    public void acceptNewKeys(boolean accept) {
        acceptsNewKeys = accept;
    }

    /** The agents' keys are refused from now on. */
    public void forgetKeys() {
        acceptedKeys.clear();
    }

    /** Becomes another server: incarnation, session key and the key that signs heartbeats are new. */
    public void becomeAnother(String newIncarnationId) {
        byte[] key = new byte[SessionKey.LENGTH_BYTES];
        key[0] = (byte) newIncarnationId.hashCode();
        sessionKey = new SessionKey(key);
        incarnationId = newIncarnationId;
    }

    /** The node has this key from now on, and no other. */
    public void changeClientKey(RSAPublicKey key) {
        clientKey = key;
    }

    /** Signs heartbeats with a new key. */
    public void changeSigningKeys() {
        signingKeys = PemKeys.generate();
    }

    /** Sends no heartbeats, or sends them again. */
    public void heartbeats(boolean on) {
        ports.orElseThrow().heartbeats(on);
    }

    /** What a new connection is told: {@code Ack}, {@code Abort}, or nothing. */
    public void greetWith(Optional<ServerMessage> greeting) {
        ports.orElseThrow().greetWith(greeting);
    }

    public void send(ServerMessage message) {
        ports.orElseThrow().send(message);
    }

    /** Sends a body as it is, with a signature that is right. */
    public void sendSigned(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        sendRaw(MessageHeader.hmac(bytes, sessionKey).encode(), bytes);
    }

    /** Sends frames as they are. */
    public void sendRaw(byte[]... frames) {
        ports.orElseThrow().sendRaw(frames);
    }

    /** How often the configuration was asked for. */
    public int fetches() {
        return fetches.get();
    }

    /** All that arrived and was authentic, in order. */
    public List<AgentMessage> received() {
        return received;
    }

    public <T extends AgentMessage> List<T> received(Class<T> type) {
        return received.stream().flatMap(message -> cast(message, type)).toList();
    }

    /** How many heartbeats went out. */
    public int heartbeatsSent() {
        return heartbeatsSent.get();
    }

    void heartbeatSent() {
        heartbeatsSent.incrementAndGet();
    }

    /** Its machine's clock is wrong by so much. */
    public void shiftClock(Duration by) {
        clockShift = by;
    }

    /** What its machine shows. */
    Clock clock() {
        InstantSource source = () -> Instant.now().plus(clockShift);
        return source.withZone(ZoneOffset.UTC);
    }

    /** Waits for a message of that type and returns the first one. */
    public <T extends AgentMessage> T await(Class<T> type) {
        return await(type, _ -> true);
    }

    /** Waits for such a message and returns the first one. */
    public <T extends AgentMessage> T await(Class<T> type, Predicate<T> condition) {
        Until.isTrue(
                () -> type.getSimpleName() + " arrives, there are " + received,
                () -> received(type).stream().anyMatch(condition));
        return received(type).stream().filter(condition).findFirst().orElseThrow();
    }

    private static <T> Stream<T> cast(Object value, Class<T> type) {
        return type.isInstance(value) ? Stream.of(type.cast(value)) : Stream.empty();
    }

    /** The body frames that arrived, as they were on the wire. */
    public List<String> bodies() {
        return bodies;
    }

    void heard(byte[] body) {
        bodies.add(new String(body, StandardCharsets.UTF_8));
    }

    void heard(AgentMessage message) {
        received.add(message);
        if (acknowledges) {
            acknowledge(message);
        }
    }

    private void acknowledge(AgentMessage message) {
        switch (message) {
            case AgentMessage.OutputChunk chunk -> send(store(chunk));
            case AgentMessage.Succeeded result when result.ending().isPresent() -> acknowledgeResult(result);
            case AgentMessage.Failed result when result.ending().isPresent() -> acknowledgeResult(result);
            default -> {
                // nothing that is acknowledged
            }
        }
    }

    private void acknowledgeResult(AgentMessage result) {
        send(new ServerMessage.AckResult(result.jobId().orElseThrow()));
    }

    private synchronized ServerMessage store(AgentMessage.OutputChunk chunk) {
        ByteArrayOutputStream stored = output.computeIfAbsent(chunk.channel(), _ -> new ByteArrayOutputStream());
        if (chunk.offset() == stored.size()) {
            stored.writeBytes(chunk.data());
        }
        return new ServerMessage.AckOutput(chunk.jobId().orElseThrow(), chunk.channel(), stored.size(), true);
    }

    boolean accepts(String curveKey) {
        return acceptedKeys.contains(curveKey);
    }

    double intervalSeconds() {
        return intervalSeconds;
    }

    byte[] curvePublicKey() {
        return curvePublicKey;
    }

    byte[] curveSecretKey() {
        return curveSecretKey;
    }

    RSAPrivateKey signingKey() {
        return (RSAPrivateKey) signingKeys.getPrivate();
    }

    SessionKey sessionKey() {
        return sessionKey;
    }

    String incarnationId() {
        return incarnationId;
    }

    int heartbeatPort() {
        return heartbeatPort;
    }

    int commandPort() {
        return commandPort;
    }
}
