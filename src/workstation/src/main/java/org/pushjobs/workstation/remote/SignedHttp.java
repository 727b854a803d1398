package org.pushjobs.workstation.remote;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.pushjobs.protocol.request.RequestSigner;
import org.pushjobs.protocol.request.SigningVersion;
import org.pushjobs.workstation.settings.Settings;

/**
 * HTTP/1.1 requests signed with protocol version 1.3 (request-signing.md). Redirects are not followed: the signature covers
 * the path. Bounded in time and in the size of the answer. Blocks the calling thread; usable from any.
 */
final class SignedHttp implements AutoCloseable {
    private static final String SERVER_API_VERSION = "1";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final long MAX_ANSWER_BYTES = 256L << 20;
    private static final byte[] NO_BODY = {};

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(Redirect.NEVER)
            .build();
    private final Settings settings;
    private final RequestSigner signer;
    private final InstantSource clock;
    private final Duration timeout;

    /** @param timeout from a request to the end of its answer */
    SignedHttp(Settings settings, InstantSource clock, Duration timeout) {
        this.settings = settings;
        this.signer = new RequestSigner(settings.user(), settings.key(), SigningVersion.V1_3);
        this.clock = clock;
        this.timeout = timeout;
    }

    /** @param path below {@code pushy/}, percent-encoded */
    byte[] get(String path, String accept) throws ServerFailure, InterruptedException {
        URI uri = settings.serverUrl().pushy(path);
        return send(uri, request(uri, "GET", NO_BODY, accept).GET().build());
    }

    byte[] post(String path, byte[] json) throws ServerFailure, InterruptedException {
        URI uri = settings.serverUrl().pushy(path);
        return send(
                uri,
                request(uri, "POST", json, "application/json")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(json))
                        .build());
    }

    private HttpRequest.Builder request(URI uri, String method, byte[] body, String accept) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(timeout)
                .header("Accept", accept)
                .header("X-Ops-Server-API-Version", SERVER_API_VERSION);
        signer.sign(method, uri.getRawPath(), body, clock.instant(), SERVER_API_VERSION)
                .forEach(request::header);
        return request;
    }

    private byte[] send(URI uri, HttpRequest request) throws ServerFailure, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
        HttpResponse<byte[]> response;
        try {
            response = exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw ServerUnreachableException.afterTimeout(uri, timeout);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw ServerUnreachableException.of(uri, cause);
            }
            throw new IllegalStateException("the request could not be made", e.getCause());
        } finally {
            exchange.cancel(true);
        }
        if (response.statusCode() / 100 != 2) {
            throw RequestRefusedException.of(response);
        }
        return response.body();
    }

    /** Drops open connections. */
    @Override
    public void close() {
        http.shutdownNow();
    }
}
