package org.pushjobs.server.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks the management port of a server on this machine. */
public final class Management {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private Management() {}

    public static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return send(port, "GET", path);
    }

    public static HttpResponse<String> send(int port, String method, String path)
            throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(TIMEOUT)
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    /**
     * Status and body of the answer, with a space between them.
     *
     * @param role such as {@code /gateway}; empty for all of the server
     */
    public static String ready(int port, String role) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(port, "/health/ready" + role);
        return answer.statusCode() + " " + answer.body();
    }
}
