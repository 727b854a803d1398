package org.pushjobs.chefhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pushjobs.chefhttp.NoAnswerException.Reason;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.request.RequestSigner;
import org.pushjobs.protocol.request.SignedRequest;
import org.pushjobs.protocol.request.SigningVersion;

@Timeout(60)
class ServerHttpIT {
    private static final KeyPair KEYS = PemKeys.generate();
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final RequestSigner SIGNER =
            new RequestSigner("alice", (RSAPrivateKey) KEYS.getPrivate(), SigningVersion.V1_3);
    private static final TimeLimits PATIENT = new TimeLimits(Duration.ofSeconds(30), Duration.ofSeconds(30));
    private static final TimeLimits IMPATIENT = new TimeLimits(Duration.ofSeconds(30), Duration.ofMillis(300));
    private static final byte[] BODY = "{\"a\": 1}".getBytes(StandardCharsets.UTF_8);

    private final List<Headers> received = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Boolean> verified = new CompletableFuture<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            received.add(exchange.getRequestHeaders());
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            verified.complete(isSignedByAlice(exchange));
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        done.countDown();
        server.stop(0);
    }

    private static boolean isSignedByAlice(HttpExchange exchange) throws IOException {
        Headers headers = exchange.getRequestHeaders();
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (!headers.containsKey("X-Ops-Sign")) {
            return false;
        }
        try {
            return SignedRequest.parse(name -> Optional.ofNullable(headers.getFirst(name)), NOW)
                    .verify(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getRawPath(),
                            body,
                            (RSAPublicKey) KEYS.getPublic());
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private URI at(String host, String path) {
        return URI.create("http://" + host + ":" + server.getAddress().getPort() + path);
    }

    private static ServerHttp http(URI uri, Optional<ProxyAddress> proxy, TimeLimits limits, HostLookup lookup) {
        Route route = new Route(ServerHost.of(uri).orElseThrow(), proxy, TlsContexts.believingNobody());
        return new ServerHttp(route, limits, lookup, InstantSource.fixed(NOW));
    }

    private static ServerHttp http(URI uri, TimeLimits limits) {
        return http(uri, Optional.empty(), limits, HostLookup.OF_THIS_MACHINE);
    }

    private static void assertNoAnswer(URI uri, TimeLimits limits, Reason reason) {
        try (ServerHttp http = http(uri, limits)) {
            assertThatExceptionOfType(NoAnswerException.class)
                    .isThrownBy(() -> http.send(http.unsigned(uri).build(), BodyHandlers.discarding()))
                    .matches(failure -> failure.reason() == reason, "for the reason " + reason);
        }
    }

    @Test
    void requestIsSignedAsItIsSentAndItsAnswerTakenWhateverItIs() throws Exception {
        URI uri = at("127.0.0.1", "/organizations/a%20b/pushy/jobs?x=1");
        try (ServerHttp http = http(uri, PATIENT)) {
            HttpResponse<Void> answer = http.send(
                    http.signed(SIGNER, "POST", uri, BODY)
                            .header("Content-Type", "application/json")
                            .build(),
                    BodyHandlers.discarding());

            assertThat(answer.statusCode()).as("no redirect is followed").isEqualTo(302);
            assertThat(verified.join()).isTrue();
            assertThat(received)
                    .singleElement()
                    .satisfies(headers -> assertThat(headers.getFirst("X-Ops-Server-API-Version"))
                            .isEqualTo("1"));
        }
    }

    @Test
    void requestWithoutSignatureHasNone() throws Exception {
        URI uri = at("127.0.0.1", "/");
        try (ServerHttp http = http(uri, PATIENT)) {
            http.send(http.unsigned(uri).build(), BodyHandlers.discarding());

            assertThat(verified.join()).isFalse();
        }
    }

    @Test
    void proxyIsAskedWithNameAndPassword() throws Exception {
        URI uri = URI.create("http://chef.example.com/x");
        ProxyAddress proxy = new ProxyAddress("localhost", server.getAddress().getPort(), Optional.of("anna:geheim"));
        try (ServerHttp http = http(uri, Optional.of(proxy), PATIENT, HostLookup.OF_THIS_MACHINE)) {
            http.send(http.signed(SIGNER, "GET", uri, new byte[0]).build(), BodyHandlers.discarding());

            assertThat(received).singleElement().satisfies(headers -> {
                assertThat(headers.getFirst("Host")).isEqualTo("chef.example.com");
                assertThat(headers.getFirst("Proxy-Authorization"))
                        .isEqualTo(proxy.authorization().orElseThrow());
            });
        }
    }

    @Test
    void serverWithUnderscoreInItsNameIsAskedByItsAddress() throws Exception {
        URI uri = at("chef_server", "/x");
        HostLookup lookup = host -> {
            assertThat(host).isEqualTo("chef_server");
            return List.of(InetAddress.ofLiteral("127.0.0.1"));
        };
        try (ServerHttp http = http(uri, Optional.empty(), PATIENT, lookup)) {
            http.send(http.signed(SIGNER, "GET", uri, new byte[0]).build(), BodyHandlers.discarding());

            assertThat(verified.join()).isTrue();
            assertThat(received)
                    .singleElement()
                    .satisfies(headers -> assertThat(headers.getFirst("Host")).isEqualTo(uri.getAuthority()));
        }
    }

    @Test
    void nameThatIsNotKnownOrNotInTimeIsUnknown() {
        URI uri = at("chef_server", "/x");
        HostLookup unknown = host -> {
            throw new UnknownHostException(host);
        };
        HostLookup silent = host -> {
            awaitTheEnd();
            return List.of();
        };
        for (HostLookup lookup : List.of(unknown, silent)) {
            try (ServerHttp http = http(uri, Optional.empty(), IMPATIENT, lookup)) {
                assertThatExceptionOfType(NoAnswerException.class)
                        .isThrownBy(() -> http.unsigned(uri))
                        .withMessage("unknown host")
                        .matches(failure -> failure.reason() == Reason.UNKNOWN_HOST);
            }
        }
        assertNoAnswer(URI.create("http://no-such-host.invalid/"), PATIENT, Reason.UNKNOWN_HOST);
    }

    private void awaitTheEnd() {
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void reasonForNoAnswerIsTold() throws Exception {
        int closed;
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = silent.getLocalPort();
            assertNoAnswer(URI.create("http://127.0.0.1:" + closed), IMPATIENT, Reason.NO_ANSWER_IN_TIME);
        }
        assertNoAnswer(URI.create("http://127.0.0.1:" + closed), PATIENT, Reason.REFUSED);
    }

    @Test
    void connectionThatEndsBeforeTheAnswerIsBroken() throws Exception {
        try (ServerSocket rude = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                while (!rude.isClosed()) {
                    try {
                        rude.accept().close();
                    } catch (IOException _) {
                        return;
                    }
                }
            });
            assertNoAnswer(URI.create("http://127.0.0.1:" + rude.getLocalPort()), PATIENT, Reason.BROKEN);
        }
    }
}
