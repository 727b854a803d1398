package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.server.directory.Principal;

/** Requests signed by the Ruby library that all Chef clients use, sent over HTTP. */
class SignedVectorsIT {
    private static final JsonNode VECTORS = vectors();

    private static TestApi api;

    @BeforeAll
    static void start() throws Exception {
        api = TestApi.start();
    }

    @AfterAll
    static void stop() throws Exception {
        api.close();
    }

    @BeforeEach
    void setUp() {
        api.reset();
        String key = VECTORS.get("public_key_pem").textValue();
        Stream.concat(signed(), asChefHttpClientsSend())
                .map(vector -> ((JsonNode) vector.get()[1]).get("user_id").textValue())
                .distinct()
                .forEach(user -> {
                    api.principals.add(new Principal(user, Principal.Type.USER, key, true));
                    api.readers.add(user);
                    api.writers.add(user);
                });
    }

    private static JsonNode vectors() {
        try (InputStream json = SignedVectorsIT.class.getResourceAsStream("/vectors/mixlib-auth.json")) {
            return new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Those that the library could sign. It signs a query too if it is given one, which no client does: the path alone is
     * signed.
     */
    static Stream<Arguments> signed() {
        return StreamSupport.stream(VECTORS.get("signing").spliterator(), false)
                .filter(vector -> vector.has("headers"))
                .filter(vector -> !vector.get("path").textValue().contains("?"))
                .map(vector -> Arguments.of(vector.get("id").textValue(), vector));
    }

    static Stream<Arguments> asChefHttpClientsSend() {
        return StreamSupport.stream(VECTORS.get("chef_http_authenticator").spliterator(), false)
                .map(vector -> Arguments.of(
                        vector.get("url").textValue()
                                + vector.get("protocol_version").textValue(),
                        vector));
    }

    static Stream<Arguments> changed() {
        return StreamSupport.stream(VECTORS.get("verification").spliterator(), false)
                .map(vector -> Arguments.of(vector.get("id").textValue(), vector));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("signed")
    void signedRequestIsAccepted(String id, JsonNode vector) throws Exception {
        RawHttp.Answer answer = send(
                vector.get("method").textValue().toUpperCase(),
                vector.get("path").textValue(),
                headers(vector),
                Base64.getDecoder().decode(vector.get("body_base64").textValue()));

        assertAuthenticated(answer);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("asChefHttpClientsSend")
    void requestOfAChefClientIsAccepted(String id, JsonNode vector) throws Exception {
        URI url = URI.create(vector.get("url").textValue());
        RawHttp.Answer answer = send(
                vector.get("method").textValue(),
                url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery()),
                headers(vector),
                vector.get("body").textValue().getBytes(StandardCharsets.UTF_8));

        assertAuthenticated(answer);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changed")
    void changedRequestGetsTheVerdictOfTheRubyLibrary(String id, JsonNode vector) throws Exception {
        JsonNode base = StreamSupport.stream(VECTORS.get("signing").spliterator(), false)
                .filter(candidate -> candidate.get("id").equals(vector.get("base")))
                .findFirst()
                .orElseThrow();
        JsonNode changes = vector.get("changes");
        Map<String, String> headers = headers(base);
        changes.path("headers").properties().forEach(change -> {
            if (change.getValue().isNull()) {
                headers.remove(change.getKey());
            } else {
                headers.put(change.getKey(), change.getValue().textValue());
            }
        });
        if (changes.has("apiver")) {
            headers.put("X-Ops-Server-API-Version", changes.get("apiver").textValue());
        }

        RawHttp.Answer answer = send(
                changes.path("method").asText(base.get("method").textValue()),
                changes.path("path").asText(base.get("path").textValue()),
                headers,
                changes.path("body").asText(base.get("body").textValue()).getBytes(StandardCharsets.UTF_8));

        if (vector.get("verdict").textValue().equals("accepted")) {
            assertThat(answer.status()).isEqualTo(201);
        } else {
            assertThat(answer.status()).isIn(400, 401, 405);
            assertThat(api.started).isEmpty();
        }
    }

    /** What comes after the signature may still be refused: the vectors have methods and paths that are not served. */
    private static void assertAuthenticated(RawHttp.Answer answer) {
        if (answer.status() == 401) {
            assertThat(answer.body()).isEqualTo("{\"error\":[\"Bad ccpk\"]}");
        } else {
            assertThat(answer.status()).isIn(200, 201, 404, 405);
        }
    }

    private static Map<String, String> headers(JsonNode vector) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        vector.get("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().textValue()));
        String apiVersion = vector.path("server_api_version_header").textValue();
        if (apiVersion != null) {
            headers.put("X-Ops-Server-API-Version", apiVersion);
        }
        return headers;
    }

    private static RawHttp.Answer send(String method, String target, Map<String, String> headers, byte[] body)
            throws IOException {
        headers.putIfAbsent("Host", "127.0.0.1");
        headers.put("Content-Type", "application/json");
        headers.put("Content-Length", Integer.toString(body.length));
        StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        request.append("\r\n").append(new String(body, StandardCharsets.UTF_8));
        return RawHttp.exchange(api.port, request.toString());
    }
}
