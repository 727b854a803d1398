package org.pushjobs.workstation.remote;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.pushjobs.chefhttp.ServerHost;
import org.pushjobs.protocol.request.RequestSigner;
import org.pushjobs.protocol.request.SigningVersion;
import org.pushjobs.workstation.settings.ProxySettings;
import org.pushjobs.workstation.settings.Settings;

/**
 * HTTP/1.1 requests signed with protocol version 1.3 (request-signing.md), through a proxy where the settings name one.
 * Redirects are not followed: the signature covers the path. Bounded in time and in the size of the answer. Blocks the
 * calling thread; usable from any.
 */
final class SignedHttp implements AutoCloseable {
    static final String JSON = "application/json";

    private static final String SERVER_API_VERSION = "1";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final long MAX_ANSWER_BYTES = 256L << 20;
    private static final byte[] NO_BODY = {};

    static {
        // Else the JDK's client, which looks once, names no user to a proxy that it asks for a tunnel.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
    }

    private final HttpClient http;
    private final Settings settings;
    private final ServerHost server;
    private final RequestSigner signer;
    private final InstantSource clock;
    private final Duration timeout;

    /** @param timeout from a request to the end of its answer, or to the beginning of one that is read as a stream */
    SignedHttp(Settings settings, InstantSource clock, Duration timeout) {
        this.settings = settings;
        this.server = settings.serverUrl().host();
        this.signer = new RequestSigner(settings.user(), settings.key(), SigningVersion.V1_3);
        this.clock = clock;
        this.timeout = timeout;
        this.http = client(settings);
    }

    private static HttpClient client(Settings settings) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(Redirect.NEVER);
        settings.proxy()
                .ifPresent(proxy -> builder.proxy(ProxySelector.of(new InetSocketAddress(proxy.host(), proxy.port()))));
        if (settings.serverUrl().isSecure()) {
            Trust.context(settings.tls(), settings.serverUrl().host()).ifPresent(builder::sslContext);
        }
        return builder.build();
    }

    HttpResponse<byte[]> get(URI uri, String accept) throws ServerFailure, InterruptedException {
        return send(uri, request(uri, "GET", NO_BODY, accept).GET().build());
    }

    HttpResponse<byte[]> post(URI uri, byte[] json) throws ServerFailure, InterruptedException {
        return send(
                uri,
                request(uri, "POST", json, JSON)
                        .header("Content-Type", JSON)
                        .POST(BodyPublishers.ofByteArray(json))
                        .build());
    }

    /** An answer that is read while it is written; to be closed. */
    AnswerStream stream(URI uri, String accept, Map<String, String> headers)
            throws ServerFailure, InterruptedException {
        HttpRequest.Builder request = request(uri, "GET", NO_BODY, accept).GET();
        headers.forEach(request::header);
        BodyHandler<InputStream> handler = head -> head.statusCode() / 100 == 2
                ? BodySubscribers.ofInputStream()
                : BodySubscribers.mapping(
                        BodySubscribers.limiting(BodySubscribers.ofByteArray(), MAX_ANSWER_BYTES),
                        ByteArrayInputStream::new);
        HttpResponse<InputStream> response = exchange(uri, request.build(), handler);
        if (response.statusCode() / 100 != 2) {
            try (InputStream body = Optional.ofNullable(response.body()).orElse(InputStream.nullInputStream())) {
                throw refused(response, body.readAllBytes());
            } catch (IOException e) {
                throw ServerUnreachableException.of(uri, e);
            }
        }
        return new AnswerStream(uri, response.body());
    }

    private HttpRequest.Builder request(URI uri, String method, byte[] body, String accept)
            throws ServerUnreachableException, InterruptedException {
        HttpRequest.Builder request = to(uri).timeout(timeout)
                .header("Accept", accept)
                .header("X-Ops-Server-API-Version", SERVER_API_VERSION);
        signer.sign(method, uri.getRawPath(), body, clock.instant(), SERVER_API_VERSION)
                .forEach(request::header);
        settings.proxy()
                .flatMap(ProxySettings::credentials)
                .ifPresent(credentials -> request.header(
                        "Proxy-Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8))));
        return request;
    }

    private HttpRequest.Builder to(URI uri) throws ServerUnreachableException, InterruptedException {
        return server.hasUnderscore()
                ? HttpRequest.newBuilder(server.at(uri, address(uri))).header("Host", server.authority())
                : HttpRequest.newBuilder(uri);
    }

    /** What a name service says within the time of a request. */
    private InetAddress address(URI uri) throws ServerUnreachableException, InterruptedException {
        FutureTask<InetAddress> lookUp = new FutureTask<>(() -> InetAddress.getByName(server.name()));
        Thread.ofPlatform().daemon().name("host-look-up").start(lookUp);
        try {
            return lookUp.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw ServerUnreachableException.of(uri, new UnknownHostException(server.name()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException cause) {
                throw ServerUnreachableException.of(uri, cause);
            }
            throw new IllegalStateException("the host could not be looked up", e.getCause());
        }
    }

    private HttpResponse<byte[]> send(URI uri, HttpRequest request) throws ServerFailure, InterruptedException {
        HttpResponse<byte[]> response =
                exchange(uri, request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
        if (response.statusCode() / 100 != 2) {
            // A proxy that refuses the tunnel leaves no body.
            throw refused(response, Optional.ofNullable(response.body()).orElse(NO_BODY));
        }
        return response;
    }

    private <T> HttpResponse<T> exchange(URI uri, HttpRequest request, BodyHandler<T> handler)
            throws ServerFailure, InterruptedException {
        CompletableFuture<HttpResponse<T>> exchange = http.sendAsync(request, handler);
        Optional<HttpResponse<T>> response = Optional.empty();
        try {
            response = Optional.of(exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
            return response.get();
        } catch (TimeoutException e) {
            throw noAnswer(uri);
        } catch (ExecutionException e) {
            // The client's own clock may be a little quicker.
            if (e.getCause() instanceof HttpTimeoutException
                    && !(e.getCause() instanceof HttpConnectTimeoutException)) {
                throw noAnswer(uri);
            }
            if (e.getCause() instanceof IOException cause) {
                throw settings.proxy()
                        .map(proxy -> ServerUnreachableException.of(uri, proxy, cause))
                        .orElseGet(() -> ServerUnreachableException.of(uri, cause));
            }
            throw new IllegalStateException("the request could not be made", e.getCause());
        } finally {
            if (response.isEmpty()) {
                exchange.cancel(true);
            }
        }
    }

    private ServerUnreachableException noAnswer(URI uri) {
        return settings.proxy()
                .map(proxy -> ServerUnreachableException.afterTimeout(uri, proxy, timeout))
                .orElseGet(() -> ServerUnreachableException.afterTimeout(uri, timeout));
    }

    private RequestRefusedException refused(HttpResponse<?> response, byte[] body) {
        return RequestRefusedException.of(response.statusCode(), body, settings.identityOrigin());
    }

    /** Drops open connections. */
    @Override
    public void close() {
        http.shutdownNow();
    }
}
