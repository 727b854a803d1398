package org.pushjobs.server.api;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.pushjobs.config.ApiConfig;
import org.pushjobs.server.feeds.Feeds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP API (rest-api.md). Several instances can be deployed to share the port, one for each event loop.
 *
 * <p>Speaks HTTP/1.0 and HTTP/1.1. Undeploying it stops accepting, ends the feeds, lets the requests that are being answered end for up to
 * {@value #STOP_TIMEOUT_SECONDS} seconds and closes what is left.
 */
public final class ApiVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ApiVerticle.class);
    private static final int STOP_TIMEOUT_SECONDS = 3;
    private static final int MAX_REQUEST_LINE_BYTES = 8 * 1024;
    private static final int MAX_HEADERS_BYTES = 16 * 1024;
    /** A negative port makes Vert.x pick a free one that all instances share. */
    private static final int FREE_SHARED_PORT = -1;

    private final ApiServices services;
    private final HttpLimits limits;
    private volatile int actualPort;
    private HttpServer server;
    private Feeds feeds;

    public ApiVerticle(ApiServices services) {
        this(services, HttpLimits.DEFAULT);
    }

    public ApiVerticle(ApiServices services, HttpLimits limits) {
        this.services = Objects.requireNonNull(services, "services");
        this.limits = Objects.requireNonNull(limits, "limits");
    }

    @Override
    public Future<?> start() {
        ApiConfig config = services.config().api();
        String address = config.listenAddress();
        int port = config.port() == 0 ? FREE_SHARED_PORT : config.port();
        ConnectionDeadlines deadlines = new ConnectionDeadlines(vertx, limits);
        server = vertx.createHttpServer(options()).connectionHandler(deadlines::opened);
        feeds = new Feeds(vertx, services.feeds());
        server.requestHandler(new ApiRoutes(services, limits, feeds).router(vertx, deadlines));
        return server.listen(port, address)
                .onSuccess(bound -> {
                    actualPort = bound.actualPort();
                    LOG.info("HTTP API is listening [address: {}, port: {}]", address, actualPort);
                })
                .recover(failure -> Future.failedFuture(new IllegalStateException(
                        "api_port cannot be opened at " + address + ":" + config.port() + ": " + failure.getMessage(),
                        failure)));
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADERS_BYTES)
                .setHttp2ClearTextEnabled(false)
                .setSendBufferSize(services.feeds().limits().systemBufferBytes())
                .setTcpKeepAlive(true);
    }

    @Override
    public Future<?> stop() {
        feeds.close();
        return server.shutdown(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** The port that the API is bound to, which is not the configured one if that is 0; 0 until it is bound. */
    public int actualPort() {
        return actualPort;
    }
}
