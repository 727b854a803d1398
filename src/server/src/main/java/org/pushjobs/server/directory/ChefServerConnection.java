package org.pushjobs.server.directory;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.pushjobs.config.DirectoryConfig;
import org.pushjobs.config.TlsTrust;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.metrics.DirectoryMetrics;

/**
 * Asks one address of the Chef server. Connections, look-ups that wait for one, times and sizes are bounded. Usable from
 * any thread; closed with its Vert.x.
 */
final class ChefServerConnection {
    /** The answers are lists of names; this holds more than a hundred thousand. */
    static final int MAX_ANSWER_BYTES = 8 * 1024 * 1024;

    private static final int BAD_GATEWAY = 502;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    /** Shorter than servers keep idle connections, so that few look-ups meet one that is being closed. */
    private static final int KEEP_ALIVE_SECONDS = 10;

    private static final Map<String, String> HEADERS = Map.of(
            "Accept", "application/json",
            "X-Chef-Version", "11.1.0",
            "X-Ops-Server-API-Version", ChefServerDirectory.API_VERSION);

    /** What else a request for a path carries. */
    @FunctionalInterface
    interface Signing {
        Map<String, String> headers(String path, Instant now);
    }

    private final HttpClient client;
    private final Signing signing;
    private final Duration connectTimeout;
    private final Duration answerTimeout;
    private final Outage outage;
    private final DirectoryMetrics metrics;
    private final Clock clock;

    ChefServerConnection(
            Vertx vertx,
            DirectoryMetrics.Address address,
            URI url,
            Signing signing,
            DirectoryConfig.ChefServer settings,
            DirectoryMetrics metrics,
            Clock clock) {
        this.client = vertx.createHttpClient(options(url, settings), pool(settings));
        this.signing = Objects.requireNonNull(signing, "signing");
        this.connectTimeout = settings.connectTimeout();
        this.answerTimeout = settings.answerTimeout();
        this.outage = new Outage(address, url.toString(), metrics, clock);
        this.metrics = metrics;
        this.clock = clock;
    }

    private static HttpClientOptions options(URI url, DirectoryConfig.ChefServer settings) {
        boolean tls = url.getScheme().equals("https");
        int defaultPort = tls ? HTTPS_PORT : HTTP_PORT;
        HttpClientOptions options = new HttpClientOptions()
                .setDefaultHost(url.getHost().replaceAll("[\\[\\]]", ""))
                .setDefaultPort(url.getPort() < 0 ? defaultPort : url.getPort())
                .setConnectTimeout(Math.toIntExact(settings.connectTimeout().toMillis()))
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setSsl(tls)
                .setSslHandshakeTimeout(settings.connectTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        switch (settings.trust()) {
            case TlsTrust.SystemAuthorities() -> options.setVerifyHost(true);
            case TlsTrust.Authorities(String pem) ->
                options.setVerifyHost(true).setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(pem)));
            case TlsTrust.Anyone() -> options.setVerifyHost(false).setTrustAll(true);
        }
        return options;
    }

    private static PoolOptions pool(DirectoryConfig.ChefServer settings) {
        return new PoolOptions().setHttp1MaxSize(settings.maxConnections()).setMaxWaitQueueSize(settings.maxWaiting());
    }

    /**
     * Asks.
     *
     * @param path percent-encoded
     * @param reading of the answer; throws {@link UnusableAnswerException}
     * @return fails with a {@link ServerException} of status 502 when there is no answer in time or none that can be read
     */
    <T> Future<T> get(DirectoryMetrics.Call call, String path, Function<ChefAnswer, T> reading) {
        long began = System.nanoTime();
        return exchange(path)
                // a connection that was kept open may be closed by the server at this very moment
                .recover(failure ->
                        failure instanceof HttpClosedException ? exchange(path) : Future.failedFuture(failure))
                .map(reading)
                .transform(result -> {
                    Duration took = Duration.ofNanos(System.nanoTime() - began);
                    if (result.succeeded()) {
                        metrics.answered(call, took);
                        outage.answered();
                        return Future.succeededFuture(result.result());
                    }
                    metrics.failed(call, took);
                    return Future.failedFuture(unavailable(result.cause()));
                });
    }

    private Future<ChefAnswer> exchange(String path) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setURI(path)
                .setConnectTimeout(connectTimeout.toMillis());
        HEADERS.forEach(options::addHeader);
        signing.headers(path, clock.instant()).forEach(options::addHeader);
        return client.request(options)
                .compose(request -> request.send()
                        .compose(ChefServerConnection::read)
                        .timeout(answerTimeout.toMillis(), TimeUnit.MILLISECONDS)
                        .onFailure(_ -> request.reset()));
    }

    private static Future<ChefAnswer> read(HttpClientResponse response) {
        Promise<ChefAnswer> answer = Promise.promise();
        Buffer body = Buffer.buffer();
        response.handler(chunk -> {
            if (body.length() + chunk.length() > MAX_ANSWER_BYTES) {
                answer.tryFail(new UnusableAnswerException("more than " + MAX_ANSWER_BYTES + " bytes"));
            } else {
                body.appendBuffer(chunk);
            }
        });
        response.exceptionHandler(answer::tryFail);
        response.endHandler(_ -> answer.tryComplete(new ChefAnswer(response.statusCode(), body.getBytes())));
        return answer.future();
    }

    private ServerException unavailable(Throwable failure) {
        String reason = switch (failure) {
            case UnusableAnswerException _ -> "unusable answer";
            case ConnectionPoolTooBusyException _ -> "too many look-ups wait for it";
            case TimeoutException _ -> "no answer in time";
            case HttpClosedException _ -> "it closed the connection";
            case SSLException _ -> "no secure connection to it";
            default -> "no connection to it";
        };
        outage.failed(reason + ": " + root(failure));
        return new ServerException(BAD_GATEWAY, "the Chef server cannot be used now (" + reason + "); try again later");
    }

    /** What is wrong with a certificate is said by the cause of the cause. */
    private static String root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof UnusableAnswerException ? root.getMessage() : root.toString();
    }
}
