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
import org.pushjobs.protocol.request.RequestAuthenticationException;
import org.pushjobs.protocol.request.SignedRequest;

/**
 * A server that gives the answers it was told to give, in order, the last one again and again; but only to requests that are
 * signed by the right user with the right key. Anything else is answered 401, anything unexpected 404.
 */
public final class ScriptedServer implements AutoCloseable {
    /** A request as it arrived. */
    public record Received(String method, String uri, Map<String, String> headers, String body) {}

    private record Answer(int status, String contentType, byte[] body) {}

    private final HttpServer http;
    private final RSAPublicKey key;
    private final InstantSource clock;
    private final Map<String, Deque<Answer>> script = new HashMap<>();
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
        http.start();
    }

    public String url() {
        return "http://localhost:" + http.getAddress().getPort() + "/organizations/acme";
    }

    /** @param request for example {@code GET jobs/1234}, the path below {@code pushy/} */
    public synchronized ScriptedServer answer(String request, int status, String json) {
        return answer(request, status, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    public synchronized ScriptedServer answer(String request, int status, String contentType, byte[] body) {
        script.computeIfAbsent(request, _ -> new ArrayDeque<>()).add(new Answer(status, contentType, body));
        return this;
    }

    public synchronized List<Received> received() {
        return List.copyOf(received);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Answer answer = answer(exchange, body);
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        }
    }

    private synchronized Answer answer(HttpExchange exchange, byte[] body) {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(), values.getFirst()));
        received.add(new Received(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                headers,
                new String(body, StandardCharsets.UTF_8)));
        if (!authentic(exchange, headers, body)) {
            return error(401, "{\"error\":[\"Invalid signature for user or client 'alice'\"]}");
        }
        String path = exchange.getRequestURI().getRawPath();
        String prefix = "/organizations/acme/pushy/";
        Deque<Answer> answers = path.startsWith(prefix)
                ? script.get(exchange.getRequestMethod() + " " + path.substring(prefix.length()))
                : null;
        if (answers == null) {
            return error(404, "{\"error\":[\"not found\"]}");
        }
        return answers.size() > 1 ? answers.remove() : answers.getFirst();
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

    private static Answer error(int status, String json) {
        return new Answer(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
