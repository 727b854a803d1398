package org.pushjobs.simulator.failover;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.pushjobs.protocol.request.RequestSigner;
import org.pushjobs.protocol.request.SigningVersion;

/**
 * Requests of one client through a frontend, signed by the organisation's administrator. Every one has an end: a backend that is
 * gone answers nobody. Where there are several frontends, the client goes on at the next one when one does not answer. Usable from
 * any thread, which waits.
 */
final class Frontend {
    private static final int CONNECT_MILLIS = 1_000;
    private static final Duration SIGNATURE_LIFE = Duration.ofMinutes(5);
    private static final byte[] NO_BODY = {};
    private static final int FIRST_ERROR = 400;

    static {
        // What the JDK's client reads once: no job is started twice.
        System.setProperty("sun.net.http.retryPost", "false");
    }

    private final List<URI> organisations;
    private final RequestSigner signer;
    private final Map<String, Signed> signatures = new ConcurrentHashMap<>();
    private final AtomicInteger changes = new AtomicInteger();

    private record Signed(Instant at, Map<String, String> headers) {}

    /** @param retryAfter whether it says when to ask again */
    record Answer(int status, boolean retryAfter, String body) {}

    /** @param organisations {@code http://HOST:PORT/organizations/ORG} at each frontend; the first one is used first */
    Frontend(List<URI> organisations, String user, RSAPrivateKey key) {
        this.organisations = List.copyOf(organisations);
        this.signer = new RequestSigner(user, key, SigningVersion.V1_3);
    }

    /** @param path below {@code …/pushy/} */
    Answer get(String path, Duration patience) throws IOException {
        return answer(open("GET", path, NO_BODY, "application/json", Map.of(), patience), NO_BODY);
    }

    Answer post(String path, String body, Map<String, String> headers, Duration patience) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        HttpURLConnection request = open("POST", path, bytes, "application/json", headers, patience);
        request.setRequestProperty("Content-Type", "application/json");
        request.setDoOutput(true);
        request.setFixedLengthStreamingMode(bytes.length);
        return answer(request, bytes);
    }

    /** The next request is made at the next frontend. For who reads a feed: of all else it is known here when none answers. */
    void goOn() {
        changes.incrementAndGet();
    }

    /** A feed that is open; its stream fails after a silence longer than the patience. */
    HttpURLConnection feed(String path, Map<String, String> headers, Duration patience) throws IOException {
        return open("GET", path, NO_BODY, "text/event-stream", headers, patience);
    }

    private HttpURLConnection open(
            String method, String path, byte[] body, String accept, Map<String, String> headers, Duration patience)
            throws IOException {
        URI organisation = organisations.get(Math.floorMod(changes.get(), organisations.size()));
        URL url = URI.create(organisation + "/pushy/" + path).toURL();
        HttpURLConnection request = (HttpURLConnection) url.openConnection();
        request.setConnectTimeout(CONNECT_MILLIS);
        request.setReadTimeout(Math.toIntExact(patience.toMillis()));
        request.setRequestMethod(method);
        request.setRequestProperty("Accept", accept);
        headers.forEach(request::setRequestProperty);
        signature(method, url.getPath(), body).forEach(request::setRequestProperty);
        return request;
    }

    private Answer answer(HttpURLConnection request, byte[] body) throws IOException {
        try {
            if (body.length > 0) {
                try (OutputStream out = request.getOutputStream()) {
                    out.write(body);
                }
            }
            return answer(request);
        } catch (IOException e) {
            goOn();
            throw e;
        }
    }

    private static Answer answer(HttpURLConnection request) throws IOException {
        int status = request.getResponseCode();
        boolean retryAfter = request.getHeaderField("Retry-After") != null;
        try (InputStream in = status < FIRST_ERROR ? request.getInputStream() : request.getErrorStream()) {
            return new Answer(
                    status, retryAfter, in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Those of requests without content are used again. */
    private Map<String, String> signature(String method, String path, byte[] body) {
        Instant now = Instant.now();
        if (body.length > 0) {
            return signer.sign(method, path, body, now, "0");
        }
        return signatures
                .compute(
                        path,
                        (_, known) -> known != null && now.isBefore(known.at().plus(SIGNATURE_LIFE))
                                ? known
                                : new Signed(now, signer.sign(method, path, body, now, "0")))
                .headers();
    }
}
