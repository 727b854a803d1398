package org.pushjobs.server.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.pushjobs.protocol.request.RequestSigner;
import org.pushjobs.protocol.request.SigningVersion;

/** A user of the HTTP API in tests: signs what it sends. Every answer must be one that openapi.yaml has. */
public final class ApiClient implements AutoCloseable {
    private static final Duration TIMEOUT = Await.DEADLINE;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final URI organisation;
    private final RequestSigner signer;

    /** @param organisation {@code http://HOST:PORT/organizations/ORG} */
    public ApiClient(URI organisation, String user, RSAPrivateKey key) {
        this(organisation, user, key, SigningVersion.V1_3);
    }

    /** @param organisation {@code http://HOST:PORT/organizations/ORG} */
    public ApiClient(URI organisation, String user, RSAPrivateKey key, SigningVersion version) {
        this.organisation = organisation;
        this.signer = new RequestSigner(user, key, version);
    }

    /** @param path below {@code …/pushy/} */
    public HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return get(path, Map.of());
    }

    /** @param headers besides those that sign the request */
    public HttpResponse<byte[]> get(String path, Map<String, String> headers) throws IOException, InterruptedException {
        return send("GET", path, new byte[0], headers);
    }

    /**
     * The answer as it comes; it is not held against openapi.yaml.
     *
     * @param path below {@code …/pushy/}
     */
    public HttpResponse<InputStream> open(String path) throws IOException, InterruptedException {
        URI uri = uri(path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", "*/*");
        signer.sign("GET", uri.getRawPath(), new byte[0], Instant.now(), "0").forEach(request::header);
        return http.send(request.build(), BodyHandlers.ofInputStream());
    }

    public HttpResponse<byte[]> post(String path, JsonObject body) throws IOException, InterruptedException {
        return send("POST", path, body.toBuffer().getBytes(), Map.of());
    }

    /** @param path below {@code …/pushy/} */
    public HttpResponse<byte[]> send(String method, String path, byte[] body) throws IOException, InterruptedException {
        return send(method, path, body, Map.of());
    }

    /** A request whose signature is for another path; both are below {@code …/pushy/}. */
    public HttpResponse<byte[]> getSignedAs(String signedPath, String path) throws IOException, InterruptedException {
        Map<String, String> signature =
                signer.sign("GET", uri(signedPath).getRawPath(), new byte[0], Instant.now(), "0");
        return send("GET", uri(path), new byte[0], signature);
    }

    /** @param path from the server's root */
    public HttpResponse<byte[]> unsigned(String method, String path) throws IOException, InterruptedException {
        URI uri = URI.create(organisation.getScheme() + "://" + organisation.getAuthority() + path);
        return send(method, uri, new byte[0], Map.of());
    }

    private URI uri(String path) {
        return URI.create(organisation + "/pushy/" + path);
    }

    /** @param headers besides those that sign the request */
    public HttpResponse<byte[]> post(String path, JsonObject body, Map<String, String> headers)
            throws IOException, InterruptedException {
        return send("POST", path, body.toBuffer().getBytes(), headers);
    }

    /** Asks for the end of a job. */
    public HttpResponse<byte[]> abort(String id) throws IOException, InterruptedException {
        return send("POST", "jobs/" + id + "/abort", new byte[0], Map.of());
    }

    private HttpResponse<byte[]> send(String method, String path, byte[] body, Map<String, String> extraHeaders)
            throws IOException, InterruptedException {
        URI uri = uri(path);
        Map<String, String> headers = signer.sign(method, uri.getRawPath(), body, Instant.now(), "0");
        headers.putAll(extraHeaders);
        return send(method, uri, body, headers);
    }

    private HttpResponse<byte[]> send(String method, URI uri, byte[] body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        request.header("Accept", "*/*");
        if (body.length > 0) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        return ApiContract.get().check(http.send(request.build(), BodyHandlers.ofByteArray()), body);
    }

    /** @return the job's id */
    public String startJob(String command, List<String> nodes) throws IOException, InterruptedException {
        return startJob(new JsonObject().put("command", command).put("nodes", new JsonArray(nodes)));
    }

    /** @return the job's id */
    public String startJob(JsonObject request) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = post("jobs", request);
        if (answer.statusCode() != 201) {
            throw new AssertionError("the job was not started: " + answer.statusCode() + " " + text(answer));
        }
        return new JsonObject(text(answer)).getString("id");
    }

    public JsonObject job(String id) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = get("jobs/" + id);
        if (answer.statusCode() != 200) {
            throw new AssertionError("no job document: " + answer.statusCode() + " " + text(answer));
        }
        return new JsonObject(text(answer));
    }

    /** The job once it is as wanted. */
    public JsonObject awaitJob(String id, Duration atMost, Predicate<JsonObject> wanted) throws InterruptedException {
        return Await.value("job " + id + " as wanted", atMost, () -> job(id), wanted);
    }

    public JsonObject awaitRunning(String id, Duration atMost) throws InterruptedException {
        return awaitJob(id, atMost, job -> job.getString("status").equals("running"));
    }

    /** The job once it has ended. */
    public JsonObject awaitEnd(String id, Duration atMost) throws InterruptedException {
        return awaitJob(id, atMost, job -> !List.of("new", "voting", "running").contains(job.getString("status")));
    }

    /** Waits until so many nodes are available. */
    public void awaitAvailable(int nodes, Duration atMost) throws InterruptedException {
        Await.value(
                nodes + " nodes available",
                atMost,
                () -> new JsonArray(text(get("node_states")))
                        .stream()
                                .filter(state -> ((JsonObject) state)
                                        .getString("availability")
                                        .equals("available"))
                                .count(),
                count -> count == nodes);
    }

    public static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
