package org.pushjobs.workstation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;
import org.pushjobs.protocol.request.RequestAuthenticationException;
import org.pushjobs.protocol.request.SignedRequest;

/**
 * A server that gives the answers it was told to give, in order, the last one again and again; but only to requests that are
 * signed by the right user with the right key. Anything else is answered 401, anything unexpected 404.
 */
public final class ScriptedServer implements AutoCloseable {
    /** A request as it arrived. */
    public record Received(String method, String uri, Map<String, String> headers, String body) {}

    /**
     * What the server says.
     *
     * @param pieces the body, each piece sent at once
     * @param broken whether the connection breaks then, instead of ending well
     */
    public record Answer(int status, Map<String, String> headers, List<byte[]> pieces, boolean broken) {
        public static Answer json(int status, String json) {
            return new Answer(
                    status,
                    Map.of("Content-Type", "application/json"),
                    List.of(json.getBytes(StandardCharsets.UTF_8)),
                    false);
        }

        /** The same with one header more. */
        public Answer with(String name, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(name, value);
            return new Answer(status, more, pieces, broken);
        }

        public static Answer stream(String contentType, String... pieces) {
            return new Answer(
                    200,
                    Map.of("Content-Type", contentType),
                    Stream.of(pieces)
                            .map(piece -> piece.getBytes(StandardCharsets.UTF_8))
                            .toList(),
                    false);
        }

        /** The same, but the connection breaks at its end. */
        public Answer thenBroken() {
            return new Answer(status, headers, pieces, true);
        }
    }

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer http;
    private final RSAPublicKey key;
    private final InstantSource clock;
    private final Map<String, Deque<Function<Received, Answer>>> script = new HashMap<>();
    private final List<Received> received = new ArrayList<>();

    public ScriptedServer(RSAPublicKey key, InstantSource clock) {
        this.key = key;
        this.clock = clock;
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.createContext("/", this::handle);
        // Several connections at a time: a client may close one later than it opens the next.
        http.setExecutor(threads);
        http.start();
    }

    public String url() {
        return "http://localhost:" + http.getAddress().getPort() + "/organizations/acme";
    }

    /** @param request for example {@code GET jobs/1234}, the path below {@code pushy/}; or {@code GET /search/node} */
    public synchronized ScriptedServer answer(String request, int status, String json) {
        return answer(request, status, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    public synchronized ScriptedServer answer(String request, int status, String contentType, byte[] body) {
        return answer(request, new Answer(status, Map.of("Content-Type", contentType), List.of(body), false));
    }

    public synchronized ScriptedServer answer(String request, Answer answer) {
        return answer(request, _ -> answer);
    }

    /** What is said depends on the request. */
    public synchronized ScriptedServer answer(String request, Function<Received, Answer> answer) {
        script.computeIfAbsent(request, _ -> new ArrayDeque<>()).add(answer);
        return this;
    }

    public synchronized List<Received> received() {
        return List.copyOf(received);
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Answer answer = answer(exchange, body);
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        int length = answer.pieces().stream().mapToInt(piece -> piece.length).sum();
        boolean atOnce = answer.pieces().size() == 1 && !answer.broken();
        exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : atOnce ? length : 0);
        for (byte[] piece : answer.pieces()) {
            exchange.getResponseBody().write(piece);
            exchange.getResponseBody().flush();
        }
        if (answer.broken()) {
            throw new IOException("broken as the test wants it");
        }
        exchange.close();
    }

    private synchronized Answer answer(HttpExchange exchange, byte[] body) {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(), values.getFirst()));
        Received request = new Received(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                headers,
                new String(body, StandardCharsets.UTF_8));
        received.add(request);
        if (!authentic(exchange, headers, body)) {
            return Answer.json(401, "{\"error\":[\"Invalid signature for user or client 'alice'\"]}");
        }
        String path = exchange.getRequestURI().getRawPath().replaceFirst("^/organizations/acme(/pushy/)?", "");
        Deque<Function<Received, Answer>> answers = script.get(exchange.getRequestMethod() + " " + path);
        if (answers == null) {
            return Answer.json(404, "{\"error\":[\"not found\"]}");
        }
        return (answers.size() > 1 ? answers.remove() : answers.getFirst()).apply(request);
    }

    private boolean authentic(HttpExchange exchange, Map<String, String> headers, byte[] body) {
        try {
            SignedRequest request =
                    SignedRequest.parse(name -> Optional.ofNullable(headers.get(name.toLowerCase())), clock.instant());
            return request.userId().equals("alice")
                    && request.verify(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getRawPath(),
                            body,
                            key);
        } catch (RequestAuthenticationException _) {
            return false;
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
