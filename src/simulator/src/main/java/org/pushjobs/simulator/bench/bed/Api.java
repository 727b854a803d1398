package org.pushjobs.simulator.bench.bed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
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
 * Requests to a server's API, signed by the organisation's administrator. It takes as little CPU as it can, because the server
 * that is measured has to do with what is left: a thread that waits for each request, and a signature is used for as long as it
 * is good, for requests with the same content. Usable from any thread.
 */
public final class Api {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final byte[] NO_BODY = {};
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int FIRST_ERROR = 400;
    private static final Duration SIGNATURE_LIFE = Duration.ofMinutes(5);
    private static final int MOST_SIGNATURES = 10_000;

    static {
        // What the JDK's client reads once: as many connections as there are callers, and no job is started twice.
        System.setProperty("http.maxConnections", "32");
        System.setProperty("sun.net.http.retryPost", "false");
    }

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
    public String startJob(String command, List<String> nodes) throws IOException {
        return start(JSON.createObjectNode().put("command", command), nodes);
    }

    /** The same, and the output of the command is kept. */
    public String startCapturingJob(String command, List<String> nodes) throws IOException {
        return start(JSON.createObjectNode().put("command", command).put("capture_output", true), nodes);
    }

    private String start(ObjectNode job, List<String> nodes) throws IOException {
        nodes.forEach(job.putArray("nodes")::add);
        return exchange("POST", "jobs", JSON.writeValueAsBytes(job), CREATED)
                .path("id")
                .asText();
    }

    /** What the command wrote to its standard output. */
    public byte[] standardOutput(String id, String node) throws IOException {
        return send("GET", "jobs/" + id + "/output/" + node + "/stdout", "*/*", NO_BODY, OK);
    }

    public JsonNode job(String id) throws IOException {
        return get("jobs/" + id);
    }

    /** The same, with what is known of each node. */
    public JsonNode jobInDetail(String id) throws IOException {
        return get("jobs/" + id + "?detail=true");
    }

    /** How many nodes can take part in jobs, by the list of their states. */
    public int availableNodes() throws IOException {
        int available = 0;
        for (JsonNode node : get("node_states")) {
            available += node.path("availability").asText().equals("available") ? 1 : 0;
        }
        return available;
    }

    private JsonNode get(String path) throws IOException {
        return exchange("GET", path, NO_BODY, OK);
    }

    private JsonNode exchange(String method, String path, byte[] body, int wanted) throws IOException {
        return JSON.readTree(send(method, path, "application/json", body, wanted));
    }

    private byte[] send(String method, String path, String accept, byte[] body, int wanted) throws IOException {
        URL url = URI.create(organisation + "/pushy/" + path).toURL();
        HttpURLConnection request = (HttpURLConnection) url.openConnection();
        request.setConnectTimeout(TIMEOUT_MILLIS);
        request.setReadTimeout(TIMEOUT_MILLIS);
        request.setRequestMethod(method);
        request.setRequestProperty("Accept", accept);
        signature(method, url.getPath(), body).forEach(request::setRequestProperty);
        if (body.length > 0) {
            request.setRequestProperty("Content-Type", "application/json");
            request.setDoOutput(true);
            request.setFixedLengthStreamingMode(body.length);
            try (OutputStream out = request.getOutputStream()) {
                out.write(body);
            }
        }
        return answer(request, wanted);
    }

    private static byte[] answer(HttpURLConnection request, int wanted) throws IOException {
        int status;
        try {
            status = request.getResponseCode();
        } catch (HttpRetryException e) {
            throw new BenchException(request.getURL() + " was answered by " + e.responseCode(), e);
        }
        try (InputStream in = status < FIRST_ERROR ? request.getInputStream() : request.getErrorStream()) {
            byte[] body = in == null ? NO_BODY : in.readAllBytes();
            if (status != wanted) {
                throw new BenchException(request.getURL() + " was answered by " + status + " "
                        + new String(body, StandardCharsets.UTF_8));
            }
            return body;
        }
    }

    private Map<String, String> signature(String method, String path, byte[] body) {
        List<String> content = List.of(method, path, new String(body, StandardCharsets.UTF_8));
        Instant now = Instant.now();
        if (signatures.size() >= MOST_SIGNATURES) {
            // most are of questions about jobs that have ended long ago
            signatures.clear();
        }
        return signatures
                .compute(
                        content,
                        (_, known) -> known != null && now.isBefore(known.at().plus(SIGNATURE_LIFE))
                                ? known
                                : new Signed(now, signer.sign(method, path, body, now, "0")))
                .headers();
    }
}
