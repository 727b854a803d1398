package org.pushjobs.apitest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a push jobs server asks a Chef server about one organisation. It believes everybody. */
final class ErchefStandIn implements AutoCloseable {
    static final String GUID = "a".repeat(32);

    private final HttpServer server;
    private final Map<String, String> answers;

    /** @param userKey PEM, of alice, who is an admin; @param clientKey PEM, of node-1 */
    ErchefStandIn(String userKey, String clientKey) throws IOException {
        answers = Map.of(
                "/organizations/acme",
                "{\"name\":\"acme\",\"full_name\":\"acme\",\"guid\":\"" + GUID + "\"}",
                "/organizations/acme/principals/alice",
                principal("alice", "user", userKey),
                "/organizations/acme/principals/node-1",
                principal("node-1", "client", clientKey),
                "/organizations/acme/groups/admins",
                "{\"actors\":[\"alice\"],\"users\":[\"alice\"],\"clients\":[],\"groups\":[],\"name\":\"admins\"}");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private static String principal(String name, String type, String key) {
        return "{\"name\":\"" + name + "\",\"type\":\"" + type + "\",\"public_key\":\"" + key.replace("\n", "\\n")
                + "\",\"authz_id\":\"" + "0".repeat(32) + "\",\"org_member\":true}";
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        String found = answers.get(exchange.getRequestURI().getPath());
        byte[] body = (found == null ? "{\"error\":[\"not found\"]}" : found).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(found == null ? 404 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
