package org.pushjobs.protocol.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.protocol.Vectors;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.request.RequestAuthenticationException.Failure;

/** Signed requests, altered in one thing each: our verdict is the one of Ruby's mixlib-authentication. */
class MixlibVerificationTest {
    private static final JsonNode VECTORS = Vectors.read("mixlib-auth.json");
    private static final RSAPublicKey KEY =
            PemKeys.publicKey(VECTORS.get("public_key_pem").textValue());

    static Stream<Named<JsonNode>> alteredRequests() {
        return Vectors.entries(VECTORS.get("verification"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("alteredRequests")
    void verdictIsThatOfRuby(JsonNode entry) {
        // given
        JsonNode base = baseOf(entry);
        JsonNode changes = entry.get("changes");
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        base.get("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().textValue()));
        headers.put(
                "X-Ops-Server-API-Version",
                changes.path("apiver")
                        .asText(base.get("server_api_version_header").textValue()));
        changes.path("headers").properties().forEach(change -> {
            if (change.getValue().isNull()) {
                headers.remove(change.getKey());
            } else {
                headers.put(change.getKey(), change.getValue().textValue());
            }
        });

        // when
        String verdict = verdict(
                headers,
                Instant.parse(base.get("timestamp").textValue()),
                changes.path("method").asText(base.get("method").textValue()),
                changes.path("path").asText(base.get("path").textValue()),
                CanonicalRequest.utf8(
                        changes.path("body").asText(base.get("body").textValue())));

        // then
        assertThat(verdict).isEqualTo(ourWords(entry.get("verdict").textValue()));
    }

    private static String verdict(Map<String, String> headers, Instant now, String method, String path, byte[] body) {
        try {
            SignedRequest request = SignedRequest.parse(name -> Optional.ofNullable(headers.get(name)), now);
            return request.verify(method, path, body, KEY) ? "accepted" : "rejected";
        } catch (RequestAuthenticationException e) {
            return e.failure() == Failure.MISSING_HEADERS ? e.getMessage() : "rejected";
        }
    }

    /** Ruby names missing headers as its web servers do, X_OPS_SIGN; the original server names them as sent. */
    private static String ourWords(String rubyVerdict) {
        return rubyVerdict
                .replace("Mixlib::Authentication::MissingAuthenticationHeader: ", "")
                .replace("X_OPS_SIGN", "X-Ops-Sign")
                .replace("X_OPS_TIMESTAMP", "X-Ops-Timestamp");
    }

    private static JsonNode baseOf(JsonNode entry) {
        for (JsonNode signed : VECTORS.get("signing")) {
            if (signed.get("id").equals(entry.get("base"))) {
                return signed;
            }
        }
        throw new AssertionError("no signed request " + entry.get("base"));
    }
}
