package org.pushjobs.protocol.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pushjobs.protocol.Vectors;
import org.pushjobs.protocol.keys.PemKeys;

/** What one side signs the other one verifies, and nothing else. */
class RequestRoundTripTest {
    private static final Instant NOW = Instant.parse("2026-01-15T12:34:56Z");
    private static final RSAPrivateKey PRIVATE_KEY = PemKeys.privateKey(
            Vectors.read("mixlib-auth.json").get("private_key_pem").textValue());
    private static final RSAPublicKey PUBLIC_KEY = PemKeys.publicKey(
            Vectors.read("mixlib-auth.json").get("public_key_pem").textValue());
    private static final RSAPublicKey OTHER_KEY = PemKeys.publicKey(
            Vectors.read("client-zmq.json").get("server_public_key_pem").textValue());
    private static final String PATH = "/organizations/acme/pushy/jobs";
    private static final byte[] BODY = "{\"command\":\"chef-client\"}".getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest
    @EnumSource
    void signedRequestIsVerifiedByItsKeyOnly(SigningVersion version) throws RequestAuthenticationException {
        // given
        Map<String, String> headers = sign(version, "2");
        headers.put("X-Ops-Server-API-Version", "2");

        // when
        SignedRequest request = parse(headers);

        // then
        assertThat(request.verify("POST", PATH, BODY, PUBLIC_KEY)).isTrue();
        assertThat(request.verify("post", PATH + "/?x=1", BODY, PUBLIC_KEY)).isTrue();
        assertThat(request.verify("POST", PATH, BODY, OTHER_KEY)).isFalse();
        assertThat(request.verify("GET", PATH, BODY, PUBLIC_KEY)).isFalse();
        assertThat(request.verify("POST", PATH + "s", BODY, PUBLIC_KEY)).isFalse();
        assertThat(request.verify("POST", PATH, new byte[0], PUBLIC_KEY)).isFalse();
    }

    @Test
    void version12IsTheTextOfVersion11InAnOrdinarySha1Signature() throws Exception {
        // given
        Map<String, String> headers = sign(SigningVersion.V1_2, "0");
        String text = CanonicalRequest.text(
                SigningVersion.V1_1,
                "POST",
                PATH,
                headers.get("X-Ops-Content-Hash"),
                headers.get("X-Ops-Timestamp"),
                "alice",
                "0");

        // when
        Signature signature = Signature.getInstance("SHA1withRSA");
        signature.initVerify(PUBLIC_KEY);
        signature.update(text.getBytes(StandardCharsets.UTF_8));

        // then
        assertThat(signature.verify(signatureOf(headers))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void signatureThatIsDamagedIsRefused(SigningVersion version) throws RequestAuthenticationException {
        for (String damage : new String[] {"", "A", "%%%%", "AAAA", "=", "ž"}) {
            // given
            Map<String, String> headers = sign(version, "0");
            headers.put("X-Ops-Authorization-2", damage);

            // when
            SignedRequest request = parse(headers);

            // then
            assertThat(request.verify("POST", PATH, BODY, PUBLIC_KEY))
                    .as("line 2 is '%s'", damage)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void signatureOfAnotherVersionIsRefused(SigningVersion version) throws RequestAuthenticationException {
        for (SigningVersion claimed : SigningVersion.values()) {
            // given
            Map<String, String> headers = sign(version, "0");
            headers.put("X-Ops-Sign", "version=" + claimed.number());

            // when
            SignedRequest request = parse(headers);

            // then
            assertThat(request.verify("POST", PATH, BODY, PUBLIC_KEY))
                    .as("signed as %s, claims %s", version, claimed)
                    .isEqualTo(claimed == version);
        }
    }

    @Test
    void signatureLinesAreSixtyCharactersLong() {
        // when
        Map<String, String> headers = sign(SigningVersion.V1_3, "0");

        // then
        assertThat(headers.entrySet().stream()
                        .filter(header -> header.getKey().startsWith("X-Ops-Authorization-"))
                        .map(header -> header.getValue().length())
                        .toList())
                .containsExactly(60, 60, 60, 60, 60, 44);
    }

    @Test
    void timestampHasWholeSeconds() {
        // given
        RequestSigner signer = new RequestSigner("alice", PRIVATE_KEY, SigningVersion.V1_3);

        // when
        Map<String, String> headers = signer.sign("GET", PATH, BODY, Instant.parse("2026-01-15T12:00:00.987Z"), "0");

        // then
        assertThat(headers).containsEntry("X-Ops-Timestamp", "2026-01-15T12:00:00Z");
    }

    private static Map<String, String> sign(SigningVersion version, String apiVersion) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(new RequestSigner("alice", PRIVATE_KEY, version).sign("POST", PATH, BODY, NOW, apiVersion));
        return headers;
    }

    private static SignedRequest parse(Map<String, String> headers) throws RequestAuthenticationException {
        return SignedRequest.parse(name -> Optional.ofNullable(headers.get(name)), NOW);
    }

    private static byte[] signatureOf(Map<String, String> headers) {
        return Base64.getDecoder()
                .decode(headers.entrySet().stream()
                        .filter(header -> header.getKey().startsWith("X-Ops-Authorization-"))
                        .map(Map.Entry::getValue)
                        .collect(Collectors.joining()));
    }
}
