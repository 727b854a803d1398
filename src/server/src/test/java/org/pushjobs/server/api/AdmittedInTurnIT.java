package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushjobs.server.testing.Await;

/** One request at a time is worked on here; each stays until the test answers it. */
class AdmittedInTurnIT {
    private static final Duration DEADLINE = Await.DEADLINE;

    private final Vertx vertx = Vertx.vertx();
    private final List<RoutingContext> begun = new CopyOnWriteArrayList<>();
    private final AtomicInteger arrived = new AtomicInteger();
    private final List<Socket> sockets = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() {
        Router router = Router.router(vertx);
        router.route().handler(context -> {
            arrived.incrementAndGet();
            context.next();
        });
        router.route().handler(new RemoteAddress(List.of()));
        router.route().handler(new AdmittedInTurn(new FairTurns(1, 10)));
        router.route().handler(begun::add);
        server = vertx.createHttpServer().requestHandler(router);
        Await.result(server.listen(0, "127.0.0.1"));
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        Await.result(vertx.close());
    }

    @Test
    void requestWhoseClientGaveUpWhileItWaitedKeepsNobodyWaiting() throws Exception {
        // given
        ask("first");
        Socket givesUp = ask("gives-up");
        Socket last = ask("last");
        assertThat(names()).containsExactly("/first");

        // when
        givesUp.close();
        answer("/first");

        // then
        awaitBegun("/last");
        answer("/last");
        assertThat(last.getInputStream().read()).isNotNegative();
        ask("next");
        awaitBegun("/next");
    }

    @Test
    void requestWhoseClientGaveUpWhileItWasWorkedOnGivesItsTurnBackOnce() throws Exception {
        // given
        Socket givesUp = ask("gives-up");
        ask("second");
        ask("third");

        // when
        givesUp.close();

        // then
        awaitBegun("/second");
        assertThat(names()).doesNotContain("/third");
        answer("/second");
        awaitBegun("/third");
        ask("fourth");
        assertThat(names()).doesNotContain("/fourth");
    }

    @Test
    void inventedAddressesGiveNobodyMoreTurnsThanAnother() throws Exception {
        // given
        ask("first");
        for (int i = 0; i < 3; i++) {
            ask("greedy-" + i, "127.0.0.1", "198.51.100." + i);
        }
        ask("other", "127.0.0.2", "198.51.100.0");

        // when
        for (String path : List.of("/first", "/greedy-0", "/other", "/greedy-1", "/greedy-2")) {
            awaitBegun(path);
            answer(path);
        }

        // then
        assertThat(names()).containsExactly("/first", "/greedy-0", "/other", "/greedy-1", "/greedy-2");
    }

    private Socket ask(String name) throws IOException {
        return ask(name, "127.0.0.1", "unknown");
    }

    /** Returns when the server has the request. */
    private Socket ask(String name, String from, String forwardedFor) throws IOException {
        int before = arrived.get();
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", server.actualPort()));
        sockets.add(socket);
        socket.setSoTimeout((int) DEADLINE.toMillis());
        socket.getOutputStream()
                .write(("GET /" + name + " HTTP/1.1\r\nHost: test\r\nX-Forwarded-For: " + forwardedFor + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        Await.until("the request " + name, DEADLINE, () -> arrived.get() > before);
        return socket;
    }

    private void answer(String path) {
        RoutingContext context = begun.stream()
                .filter(one -> one.request().path().equals(path))
                .findFirst()
                .orElseThrow();
        context.response().end();
    }

    private void awaitBegun(String path) {
        Await.until(path + " to begin", DEADLINE, () -> names().contains(path));
    }

    private List<String> names() {
        return begun.stream().map(context -> context.request().path()).toList();
    }
}
