package org.pushjobs.server.control;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.server.ServerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Unix socket beside the secrets file, over which a server takes commands, as HTTP. Only root and the user whom the server runs
 * as can open it; there is nothing of it on the network. Belongs to one event loop.
 */
final class ControlSocket {
    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
    private static final String NAME = "control.sock";
    private static final String OWNER_ONLY = "rw-------";
    private static final String JSON = "application/json";
    private static final int IDLE_TIMEOUT_SECONDS = 60;

    private final Vertx vertx;
    private final Path path;
    private final Function<ControlRequest, Future<JsonObject>> handler;
    /** Which file it is; empty while it is not open. */
    private Optional<Object> file = Optional.empty();

    private Optional<HttpServer> server = Optional.empty();

    /** @param handler fails with a {@link ServerException} when it refuses */
    ControlSocket(Vertx vertx, Path path, Function<ControlRequest, Future<JsonObject>> handler) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.path = path.toAbsolutePath();
        this.handler = Objects.requireNonNull(handler, "handler");
    }

    /** Where a server with this configuration has it. */
    static Path beside(ServerConfig config) {
        return config.secretsFile().toAbsolutePath().resolveSibling(NAME);
    }

    /** Done also when it cannot be opened, which is logged. */
    Future<Void> open() {
        // it gets its name once nobody else can open it
        Path first = path.resolveSibling(NAME + "." + ProcessHandle.current().pid() + "." + System.nanoTime());
        return vertx.executeBlocking(this::requireFree)
                .compose(_ -> vertx.createHttpServer(new HttpServerOptions()
                                .setIdleTimeout(IDLE_TIMEOUT_SECONDS)
                                .setHttp2ClearTextEnabled(false))
                        .requestHandler(this::handle)
                        .listen(SocketAddress.domainSocketAddress(first.toString())))
                .onSuccess(listening -> server = Optional.of(listening))
                .compose(_ -> vertx.executeBlocking(() -> name(first)))
                .<Void>map(key -> {
                    file = Optional.of(key);
                    LOG.info("commands of this machine are taken [socket: {}]", path);
                    return null;
                })
                .recover(failure -> {
                    LOG.warn(
                            "no commands of this machine can be taken, such as ha-status and drain [socket: {}, error: {}]",
                            path,
                            failure.getMessage());
                    return Future.succeededFuture();
                });
    }

    /** What a server that was killed has left is nobody's. */
    private Void requireFree() throws IOException {
        if (Files.exists(path)) {
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(path));
            } catch (IOException e) {
                return null;
            }
            throw new IOException("another server with the same secrets file listens there");
        }
        return null;
    }

    private Object name(Path first) throws IOException {
        Files.setPosixFilePermissions(first, PosixFilePermissions.fromString(OWNER_ONLY));
        Files.move(first, path, StandardCopyOption.ATOMIC_MOVE);
        return key();
    }

    private Object key() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    private void handle(HttpServerRequest request) {
        Optional<ControlRequest> asked = ControlRequest.parse(request.method() + " " + request.path());
        if (asked.isEmpty()) {
            answer(
                    request,
                    404,
                    error("there are GET /status, POST /promote, POST /undrain and"
                            + " POST /drain/REFUSED/PER_SECOND here"));
            return;
        }
        LOG.debug("command [request: {}]", asked.get());
        handler.apply(asked.get())
                .onSuccess(answer -> answer(request, 200, answer))
                .onFailure(failure -> refuse(request, failure));
    }

    private static void refuse(HttpServerRequest request, Throwable failure) {
        if (failure instanceof ServerException refusal) {
            answer(request, refusal.status(), error(refusal.getMessage()));
        } else {
            LOG.error("a command failed [request: {}]", request.path(), failure);
            answer(request, 500, error("the command failed, see the server's log: " + failure.getMessage()));
        }
    }

    private static JsonObject error(String text) {
        return new JsonObject().put("error", text);
    }

    private static void answer(HttpServerRequest request, int status, JsonObject body) {
        if (!request.response().closed()) {
            request.response()
                    .setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                    .end(body.encodePrettily() + "\n")
                    .onFailure(failure -> LOG.debug("answer not sent [error: {}]", failure.getMessage()));
        }
    }

    /** Leaves nothing behind. */
    Future<Void> close() {
        return vertx.executeBlocking(this::removeOwn)
                .transform(_ -> server.map(HttpServer::close).orElse(Future.succeededFuture()));
    }

    private Void removeOwn() throws IOException {
        if (file.isPresent() && Files.exists(path) && file.get().equals(key())) {
            Files.delete(path);
        }
        return null;
    }
}
