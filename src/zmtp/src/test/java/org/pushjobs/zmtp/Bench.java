package org.pushjobs.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.pushjobs.zmtp.nacl.JavaNacl;
import org.pushjobs.zmtp.nacl.KeyPair;
import org.pushjobs.zmtp.nacl.Nacl;
import org.pushjobs.zmtp.wire.SocketType;

/** A Vert.x with servers and clients of a test, all closed at its end. */
final class Bench implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    /** Short, so that a connection of JeroMQ that does nothing is soon gone. */
    static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(2);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final Nacl nacl;
    private final KeyPair serverKeys;
    private final List<ZmtpServer<?>> servers = new ArrayList<>();

    Bench(Nacl nacl) {
        this.nacl = nacl;
        this.serverKeys = nacl.newKeyPair();
    }

    static Bench java() {
        return new Bench(new JavaNacl());
    }

    Vertx vertx() {
        return vertx;
    }

    Nacl nacl() {
        return nacl;
    }

    KeyPair serverKeys() {
        return serverKeys;
    }

    Security curveServer() {
        return new Security.CurveServer(serverKeys);
    }

    Security curveClient() {
        return new Security.CurveClient(serverKeys.publicKey(), nacl.newKeyPair());
    }

    ZmtpServerOptions options(SocketType type, Security security) {
        return ZmtpServerOptions.of(type, HOST, 0, security, nacl)
                .withLimits(Limits.DEFAULT.withHandshakeTimeout(HANDSHAKE_TIMEOUT));
    }

    <U> ZmtpServer<U> listen(
            ZmtpServerOptions options, Authoriser<U> authoriser, ZmtpListener<U> listener, ZmtpStatistics statistics) {
        ZmtpServer<U> server =
                new ZmtpServer<>(vertx, options, new ConnectionQuota(10_000, 10_000), authoriser, listener, statistics);
        servers.add(server);
        return await(server.listen());
    }

    ZmtpServer<String> router(Security security, ZmtpListener<String> listener) {
        return listen(options(SocketType.ROUTER, security), Authoriser.everyone("peer"), listener, ZmtpStatistics.NONE);
    }

    ZmtpServer<String> publisher(
            Security security, UnaryOperator<ZmtpServerOptions> change, ZmtpStatistics statistics) {
        return listen(
                change.apply(options(SocketType.PUB, security)),
                Authoriser.everyone("peer"),
                Recorder.silent(),
                statistics);
    }

    ZmtpClient client(Limits limits) {
        return new ZmtpClient(vertx, nacl, limits, Optional.empty());
    }

    static <T> T await(Future<T> future) {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing happened in 30 s", e);
        }
    }

    /** Runs something where a connection lives and waits for it. */
    static void on(ZmtpConnection<?> connection, Runnable task) {
        Promise<Void> done = Promise.promise();
        connection.context().runOnContext(_ -> {
            task.run();
            done.complete();
        });
        await(done.future());
    }

    /** Waits until something is so. */
    static void until(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("not in 30 s: " + what).isNegative();
            Thread.sleep(2);
        }
    }

    /** A subscription travels after the handshake: the server has it when it has read from all. */
    static void awaitSubscriptions(ZmtpServer<?> publisher, int subscribers) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        int subscribed = 0;
        while (subscribed < subscribers) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("only " + subscribed + " of " + subscribers + " subscribed in 30 s");
            }
            Promise<Integer> count = Promise.promise();
            publisher.context().runOnContext(_ -> count.complete(publisher.subscribers(new byte[] {0})));
            subscribed = await(count.future());
        }
    }

    @Override
    public void close() {
        servers.forEach(server -> await(server.close()));
        await(vertx.close());
    }
}
