package org.pushjobs.simulator.bench.bed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
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
import java.util.concurrent.ConcurrentHashMap;
import org.pushjobs.protocol.request.RequestSigner;
import org.pushjobs.protocol.request.SigningVersion;

/**
 * Requests to a server's API, signed by the organisation's administrator. A signature is used for as long as it is good, for
 * requests with the same content: it costs more CPU than the server takes to check it, and the machine serves as well.
 * Usable from any thread.
 */
public final class Api implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final byte[] NO_BODY = {};
    private static final int OK = 200;
    private static final int CREATED = 201;

    private static final Duration SIGNATURE_LIFE = Duration.ofMinutes(5);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final String organisation;
    private final RequestSigner signer;
    private final Map<List<String>, Signed> signatures = new ConcurrentHashMap<>();

    private record Signed(Instant at, Map<String, String> headers) {}

    /** @param organisation {@code http://HOST:PORT/organizations/ORG} */
    Api(String organisation, String user, RSAPrivateKey key) {
        this.organisation = organisation;
        this.signer = new RequestSigner(user, key, SigningVersion.V1_3);
    }

    /** Starts a job that all of its nodes have to be ready for; returns its id. */
    public String startJob(String command, List<String> nodes) throws IOException, InterruptedException {
        ObjectNode job = JSON.createObjectNode().put("command", command);
        nodes.forEach(job.putArray("nodes")::add);
        byte[] body = JSON.writeValueAsBytes(job);
        HttpRequest request = request("POST", "jobs", body).timeout(TIMEOUT).build();
        HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
        return json(answer, CREATED).path("id").asText();
    }

    public JsonNode job(String id) throws IOException, InterruptedException {
        return get("jobs/" + id);
    }

    /** How many nodes can take part in jobs, by the list of their states. */
    public int availableNodes() throws IOException, InterruptedException {
        int available = 0;
        for (JsonNode node : get("node_states")) {
            available += node.path("availability").asText().equals("available") ? 1 : 0;
        }
        return available;
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request = request("GET", path, NO_BODY).timeout(TIMEOUT).build();
        return json(http.send(request, BodyHandlers.ofByteArray()), OK);
    }

    private HttpRequest.Builder request(String method, String path, byte[] body) {
        URI uri = URI.create(organisation + "/pushy/" + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                .header("Accept", "application/json");
        if (body.length > 0) {
            request.header("Content-Type", "application/json");
        }
        signature(method, uri.getRawPath(), body).forEach(request::header);
        return request;
    }

    private Map<String, String> signature(String method, String path, byte[] body) {
        List<String> content = List.of(method, path, new String(body, StandardCharsets.UTF_8));
        Instant now = Instant.now();
        return signatures
                .compute(
                        content,
                        (_, known) -> known != null && now.isBefore(known.at().plus(SIGNATURE_LIFE))
                                ? known
                                : new Signed(now, signer.sign(method, path, body, now, "0")))
                .headers();
    }

    private static JsonNode json(HttpResponse<byte[]> answer, int wanted) throws IOException {
        if (answer.statusCode() != wanted) {
            throw new BenchException(answer.request().uri() + " was answered by " + answer.statusCode() + " "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return JSON.readTree(answer.body());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
