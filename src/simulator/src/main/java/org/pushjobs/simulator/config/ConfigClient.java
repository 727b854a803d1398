package org.pushjobs.simulator.config;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.pushjobs.protocol.config.ConfigDocument;
import org.pushjobs.protocol.config.InvalidConfigDocumentException;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.protocol.request.RequestSigner;
import org.pushjobs.protocol.request.SigningVersion;
import org.pushjobs.protocol.signing.SessionKey;

/**
 * Fetches configuration documents by signed requests, for all agents of the process over a few connections, as a proxy in
 * front of a server would. The agents share one RSA key pair. Its slow operations run on a pool of their own, and each
 * result is used for as long as it holds, because the machine that simulates usually serves as well: a signature does not
 * cover the query and is good for {@link #SIGNATURE_LIFE}, and a session key stays the same within an incarnation of the
 * server (architecture.md). Usable from any thread; futures complete on the caller's context.
 */
public final class ConfigClient implements AutoCloseable {
    private static final Duration SIGNATURE_LIFE = Duration.ofMinutes(5);
    private static final String SERVER_API_VERSION = "1";
    private static final byte[] NO_BODY = {};
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    private static final long WAIT_FOR_CONNECTION_MILLIS = TimeUnit.MINUTES.toMillis(10);
    private static final long IDLE_TIMEOUT_MILLIS = 30_000;
    private static final int OK = 200;
    private static final int LONGEST_ERROR_TEXT = 200;

    private final URI organisation;
    private final RSAPrivateKey key;
    private final Clock clock;
    private final HttpClient http;
    private final WorkerExecutor workers;
    private final Map<String, Signed> signatures = new ConcurrentHashMap<>();
    private final Map<String, Unwrapped> sessionKeys = new ConcurrentHashMap<>();
    private final Map<String, RSAPublicKey> serverKeys = new ConcurrentHashMap<>();

    private record Signed(Instant at, Map<String, String> headers) {}

    private record Unwrapped(String incarnationId, SessionKey key) {}

    /**
     * @param organisation {@code http://HOST:PORT/organizations/ORG}
     * @param key of all agents
     * @param connections to the server at most; further requests wait for them
     */
    public ConfigClient(
            Vertx vertx, WorkerExecutor workers, URI organisation, RSAPrivateKey key, int connections, Clock clock) {
        this.organisation = organisation;
        this.key = key;
        this.clock = clock;
        this.workers = workers;
        this.http = vertx.createHttpClient(
                new HttpClientOptions()
                        .setDefaultHost(organisation.getHost())
                        .setDefaultPort(organisation.getPort())
                        .setConnectTimeout(CONNECT_TIMEOUT_MILLIS),
                new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(-1));
    }

    /**
     * The configuration of a node.
     *
     * @param curveKey the agent's public key, Z85
     */
    public Future<AgentConfig> fetch(String node, String curveKey) {
        String path = organisation.getRawPath() + "/pushy/config/" + node;
        return signature(node, path)
                .compose(headers ->
                        request(path + "?ccpk=" + URLEncoder.encode(curveKey, StandardCharsets.UTF_8), headers))
                .compose(document -> workers.executeBlocking(() -> open(node, document), false));
    }

    private Future<Map<String, String>> signature(String node, String path) {
        Signed known = signatures.get(node);
        Instant now = clock.instant();
        if (known != null && now.isBefore(known.at().plus(SIGNATURE_LIFE))) {
            return Future.succeededFuture(known.headers());
        }
        return workers.executeBlocking(
                () -> {
                    RequestSigner signer = new RequestSigner(node, key, SigningVersion.V1_3);
                    Map<String, String> headers = signer.sign("GET", path, NO_BODY, now, SERVER_API_VERSION);
                    signatures.put(node, new Signed(now, headers));
                    return headers;
                },
                false);
    }

    private Future<byte[]> request(String uri, Map<String, String> headers) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setURI(uri)
                .setConnectTimeout(WAIT_FOR_CONNECTION_MILLIS)
                .setIdleTimeout(IDLE_TIMEOUT_MILLIS)
                .putHeader("Accept", "application/json")
                .putHeader("X-Ops-Server-API-Version", SERVER_API_VERSION);
        headers.forEach(options::putHeader);
        return http.request(options)
                .compose(request -> request.send())
                .compose(response -> response.body().compose(body -> {
                    if (response.statusCode() == OK) {
                        return Future.succeededFuture(body.getBytes());
                    }
                    String text = body.toString(StandardCharsets.UTF_8);
                    return Future.failedFuture(new ConfigFetchException(
                            response.statusCode(), text.substring(0, Math.min(text.length(), LONGEST_ERROR_TEXT))));
                }));
    }

    private AgentConfig open(String node, byte[] json) throws InvalidConfigDocumentException, ConfigFetchException {
        ConfigDocument document = ConfigDocument.parse(json);
        RSAPublicKey serverKey = serverKeys.computeIfAbsent(document.publicKey(), PemKeys::publicKey);
        Unwrapped known = sessionKeys.get(node);
        if (known == null || !known.incarnationId().equals(document.incarnationId())) {
            known = new Unwrapped(
                    document.incarnationId(),
                    SessionKeys.unwrap(document.sessionKey(), key)
                            .orElseThrow(() -> new ConfigFetchException("the session key is not for our client key")));
            sessionKeys.put(node, known);
        }
        return new AgentConfig(document, known.key(), serverKey);
    }

    @Override
    public void close() {
        http.close();
    }
}
