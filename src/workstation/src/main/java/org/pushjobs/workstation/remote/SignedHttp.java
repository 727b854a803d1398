package org.pushjobs.workstation.remote;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.pushjobs.chefhttp.HostLookup;
import org.pushjobs.chefhttp.NoAnswerException;
import org.pushjobs.chefhttp.Route;
import org.pushjobs.chefhttp.ServerHttp;
import org.pushjobs.chefhttp.TimeLimits;
import org.pushjobs.chefhttp.TlsContexts;
import org.pushjobs.protocol.request.RequestSigner;
import org.pushjobs.protocol.request.SigningVersion;
import org.pushjobs.workstation.settings.GivenProxy;
import org.pushjobs.workstation.settings.Settings;

/**
 * HTTP/1.1 requests signed with protocol version 1.3 (request-signing.md), through a proxy where the settings name one.
 * Bounded in time and in the size of the answer. Blocks the calling thread; usable from any.
 */
final class SignedHttp implements AutoCloseable {
    static final String JSON = "application/json";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final long MAX_ANSWER_BYTES = 256L << 20;
    private static final byte[] NO_BODY = {};

    private final ServerHttp http;
    private final Settings settings;
    private final RequestSigner signer;
    private final Duration timeout;
    private final RequestLog log;

    /** @param timeout from a request to the end of its answer, or to the beginning of one that is read as a stream */
    SignedHttp(Settings settings, InstantSource clock, Duration timeout, RequestLog log) {
        this.settings = settings;
        this.signer = new RequestSigner(settings.user(), settings.key(), SigningVersion.V1_3);
        this.timeout = timeout;
        this.log = log;
        log.begun(settings);
        this.http = new ServerHttp(
                new Route(settings.serverUrl().host(), settings.proxy().map(GivenProxy::address), trust(settings)),
                new TimeLimits(CONNECT_TIMEOUT, timeout),
                HostLookup.OF_THIS_MACHINE,
                clock);
    }

    private static SSLContext trust(Settings settings) {
        if (!settings.serverUrl().isSecure()) {
            return TlsContexts.believingNobody();
        }
        try {
            // knife, too, leaves out what is no certificate
            return TlsContexts.believing(settings.tls(), settings.serverUrl().host(), (place, cause) -> {});
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("what this Java runtime trusts cannot be used", e);
        }
    }

    HttpResponse<byte[]> get(URI uri, String accept) throws ServerFailure, InterruptedException {
        return send(uri, request(uri, "GET", NO_BODY, accept).build());
    }

    HttpResponse<byte[]> post(URI uri, byte[] json) throws ServerFailure, InterruptedException {
        return post(uri, json, Map.of());
    }

    HttpResponse<byte[]> post(URI uri, byte[] json, Map<String, String> headers)
            throws ServerFailure, InterruptedException {
        HttpRequest.Builder request = request(uri, "POST", json, JSON).header("Content-Type", JSON);
        headers.forEach(request::header);
        return send(uri, request.build());
    }

    /** Whether the answer is that of our server, which names each request, or that of the original one. */
    static boolean isOurs(HttpResponse<?> answer) {
        return answer.headers().firstValue("X-Request-Id").isPresent();
    }

    /** An answer that is read while it is written; to be closed. */
    AnswerStream stream(URI uri, String accept, Map<String, String> headers)
            throws ServerFailure, InterruptedException {
        HttpRequest.Builder request = request(uri, "GET", NO_BODY, accept);
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
                throw ServerUnreachableException.broken(uri, e);
            }
        }
        return new AnswerStream(uri, response.body());
    }

    private HttpRequest.Builder request(URI uri, String method, byte[] body, String accept)
            throws ServerUnreachableException, InterruptedException {
        try {
            return http.signed(signer, method, uri, body).header("Accept", accept);
        } catch (NoAnswerException e) {
            throw ServerUnreachableException.ofUnknownName(uri, e);
        }
    }

    private HttpResponse<byte[]> send(URI uri, HttpRequest request) throws ServerFailure, InterruptedException {
        HttpResponse<byte[]> response = answer(uri, request);
        if (response.statusCode() / 100 != 2) {
            // A proxy that refuses the tunnel leaves no body.
            throw refused(response, Optional.ofNullable(response.body()).orElse(NO_BODY));
        }
        return response;
    }

    /** The answer whatever its status is. */
    HttpResponse<byte[]> ask(String method, URI uri) throws ServerFailure, InterruptedException {
        return answer(uri, request(uri, method, NO_BODY, JSON).build());
    }

    private HttpResponse<byte[]> answer(URI uri, HttpRequest request) throws ServerFailure, InterruptedException {
        return exchange(uri, request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
    }

    private <T> HttpResponse<T> exchange(URI uri, HttpRequest request, BodyHandler<T> handler)
            throws ServerFailure, InterruptedException {
        long begin = System.nanoTime();
        try {
            HttpResponse<T> response = http.send(request, handler);
            log.answered(request, response, Duration.ofNanos(System.nanoTime() - begin));
            return response;
        } catch (NoAnswerException e) {
            log.failed(request, e, Duration.ofNanos(System.nanoTime() - begin));
            throw settings.proxy()
                    .map(proxy -> ServerUnreachableException.of(uri, proxy, e, timeout))
                    .orElseGet(() -> ServerUnreachableException.of(uri, e, timeout));
        }
    }

    /** What an answer that is no success means. */
    RequestRefusedException refused(HttpResponse<?> response, byte[] body) {
        return RequestRefusedException.of(response, body, settings.identityOrigin());
    }

    /** Drops open connections. */
    @Override
    public void close() {
        http.close();
    }
}
