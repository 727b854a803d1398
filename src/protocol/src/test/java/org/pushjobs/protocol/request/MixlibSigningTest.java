package org.pushjobs.protocol.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.protocol.Vectors;
import org.pushjobs.protocol.keys.PemKeys;

/** Every request that Ruby's mixlib-authentication signed: ours is signed the same, byte for byte. */
class MixlibSigningTest {
    private static final JsonNode VECTORS = Vectors.read("mixlib-auth.json");

    static Stream<Named<JsonNode>> signed() {
        return Vectors.entries(VECTORS.get("signing"))
                .filter(entry -> !entry.getPayload().has("error"));
    }

    static Stream<Named<JsonNode>> refused() {
        return Vectors.entries(VECTORS.get("signing"))
                .filter(entry -> entry.getPayload().has("error"));
    }

    static Stream<Named<JsonNode>> sentByTheHttpClient() {
        return Vectors.entries(VECTORS.get("chef_http_authenticator"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("signed")
    void canonicalTextIsTheOneThatRubySigned(JsonNode entry) {
        // given
        SigningVersion version = version(entry);

        // when
        String text = CanonicalRequest.text(
                version,
                text(entry, "method"),
                text(entry, "path"),
                CanonicalRequest.hash(version, body(entry)),
                signedAt(entry).toString(),
                text(entry, "user_id"),
                serverApiVersion(entry));

        // then
        assertThat(text).isEqualTo(text(entry, "string_to_sign"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("signed")
    void headersAreThoseThatRubyWrote(JsonNode entry) {
        // when
        Map<String, String> headers = signVerbatim(entry);

        // then
        assertThat(headers).containsExactlyEntriesOf(recordedHeaders(entry));
    }

    /**
     * Ruby's library signs whatever path it is given. Its HTTP client gives it none with a query, and the server takes the
     * path without one, so that a signature that covers the query is refused.
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource("signed")
    void signatureMadeByRubyIsVerifiedUnlessItCoversTheQuery(JsonNode entry) throws RequestAuthenticationException {
        // given
        Map<String, String> headers = caseless(entry.get("headers"));
        headers.put("x-ops-server-api-version", serverApiVersion(entry));

        // when
        SignedRequest request = parse(headers, signedAt(entry));

        // then
        assertThat(request.userId()).isEqualTo(text(entry, "user_id"));
        assertThat(request.version()).isEqualTo(version(entry));
        assertThat(verify(request, entry, text(entry, "path")))
                .isEqualTo(!text(entry, "path").contains("?"));
    }

    /**
     * What Ruby cannot sign: a text longer than the key in version 1.0, which cannot be signed at all, and version 1.2,
     * which that library lacks and we have, see {@link RequestRoundTripTest}.
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void requestThatCannotBeSignedIsRefusedWithTheReason(JsonNode entry) {
        switch (text(entry, "id")) {
            case "long-user/1.0" ->
                assertThatThrownBy(() -> signVerbatim(entry))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageMatching("an RSA key of 2048 bits signs at most 245 bytes, these are \\d+");
            case "unsupported-version/1.2" ->
                assertThat(signVerbatim(entry)).containsEntry("X-Ops-Sign", "algorithm=sha1;version=1.2;");
            default -> throw new AssertionError("no expectation for " + text(entry, "id"));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sentByTheHttpClient")
    void headersAreThoseOfTheHttpClient(JsonNode entry) {
        // given
        Map<String, String> recorded = caseless(entry.get("headers"));
        String apiVersion = recorded.remove("x-ops-server-api-version");
        recorded.remove("host");

        // when
        Map<String, String> headers = new HashMap<>();
        signer(entry)
                .sign(text(entry, "method"), pathAndQuery(entry), body(entry), signedAt(entry), apiVersion)
                .forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));

        // then
        assertThat(headers).isEqualTo(recorded);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sentByTheHttpClient")
    void requestOfTheHttpClientIsVerified(JsonNode entry) throws RequestAuthenticationException {
        // when
        SignedRequest request = parse(caseless(entry.get("headers")), signedAt(entry));

        // then
        assertThat(verify(request, entry, pathAndQuery(entry))).isTrue();
        assertThat(verify(request, entry, text(entry, "signed_path"))).isTrue();
    }

    private static Map<String, String> signVerbatim(JsonNode entry) {
        return signer(entry)
                .signVerbatim(
                        text(entry, "method"),
                        text(entry, "path"),
                        body(entry),
                        signedAt(entry),
                        serverApiVersion(entry));
    }

    private static RequestSigner signer(JsonNode entry) {
        return new RequestSigner(
                text(entry, "user_id"), PemKeys.privateKey(text(VECTORS, "private_key_pem")), version(entry));
    }

    private static SignedRequest parse(Map<String, String> headers, Instant now) throws RequestAuthenticationException {
        return SignedRequest.parse(name -> Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT))), now);
    }

    private static boolean verify(SignedRequest request, JsonNode entry, String path) {
        return request.verify(
                text(entry, "method"), path, body(entry), PemKeys.publicKey(text(VECTORS, "public_key_pem")));
    }

    private static Map<String, String> recordedHeaders(JsonNode entry) {
        Map<String, String> headers = new LinkedHashMap<>();
        entry.get("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().textValue()));
        return headers;
    }

    private static Map<String, String> caseless(JsonNode headers) {
        Map<String, String> caseless = new HashMap<>();
        headers.properties()
                .forEach(header -> caseless.put(
                        header.getKey().toLowerCase(Locale.ROOT),
                        header.getValue().textValue()));
        return caseless;
    }

    private static String pathAndQuery(JsonNode entry) {
        return text(entry, "url").replaceFirst("^http://[^/]+", "");
    }

    private static SigningVersion version(JsonNode entry) {
        return Stream.of(SigningVersion.values())
                .filter(version -> version.number().equals(text(entry, "protocol_version")))
                .findFirst()
                .orElseThrow();
    }

    private static Instant signedAt(JsonNode entry) {
        return OffsetDateTime.parse(text(entry, "timestamp")).toInstant();
    }

    private static byte[] body(JsonNode entry) {
        return entry.has("body_base64")
                ? Base64.getDecoder().decode(text(entry, "body_base64"))
                : CanonicalRequest.utf8(text(entry, "body"));
    }

    private static String serverApiVersion(JsonNode entry) {
        return entry.path("server_api_version_header").asText("0");
    }

    private static String text(JsonNode entry, String field) {
        return entry.get(field).textValue();
    }
}
