package org.pushjobs.server.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.pushjobs.protocol.request.RequestSigner;
import org.pushjobs.protocol.request.SigningVersion;
import org.pushjobs.server.testing.ApiContract;

/** A request that a test builds, signs, perhaps spoils, and sends. Every answer must be one that openapi.yaml has. */
final class TestRequest {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    String method;
    String target;
    byte[] body = new byte[0];
    final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    TestRequest(String method, String target) {
        this.method = method;
        this.target = target;
    }

    static TestRequest get(String target) {
        return new TestRequest("GET", target);
    }

    static TestRequest post(String target, String json) {
        TestRequest request = new TestRequest("POST", target);
        request.body = json.getBytes(StandardCharsets.UTF_8);
        request.headers.put("Content-Type", "application/json");
        return request;
    }

    TestRequest header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    TestRequest sign(String user, KeyPair keys) {
        return sign(user, keys, SigningVersion.V1_3, TestApi.NOW);
    }

    TestRequest sign(String user, KeyPair keys, SigningVersion version, Instant at) {
        headers.putAll(new RequestSigner(user, (RSAPrivateKey) keys.getPrivate(), version)
                .sign(method, target, body, at, headers.getOrDefault("X-Ops-Server-API-Version", "0")));
        return this;
    }

    /**
     * The head as it goes over the wire.
     *
     * @param version of HTTP, 1.0 or 1.1
     * @param more whole header lines
     */
    String head(String version, String... more) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/" + version + "\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        for (String line : more) {
            head.append(line).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    HttpResponse<byte[]> sendBytes(TestApi api) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port + target))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::setHeader);
        return ApiContract.get().check(CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()), body);
    }

    Answer send(TestApi api) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = sendBytes(api);
        return new Answer(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8), response);
    }

    record Answer(int status, String body, HttpResponse<byte[]> response) {
        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }
}
