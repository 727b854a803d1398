package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.server.testing.ApiContract;

/** The worked example in openapi.yaml, step by step as the text there says, without the code that it describes. */
class SigningExampleTest {
    private static final String VECTOR = "post-json/1.3";
    private static final Map<String, String> BLOCKS = new TreeMap<>();
    private static JsonNode vector;
    private static String pem;

    @BeforeAll
    static void read() throws IOException {
        String text = ApiContract.get().document().getJsonObject("info").getString("description");
        Matcher blocks =
                Pattern.compile("```(\\w+)\n(.*?)\n```", Pattern.DOTALL).matcher(text);
        blocks.results().forEach(block -> BLOCKS.put(block.group(1), block.group(2)));
        try (InputStream json = SigningExampleTest.class.getResourceAsStream("/vectors/mixlib-auth.json")) {
            JsonNode vectors = new ObjectMapper().readTree(json);
            pem = vectors.path("private_key_pem").textValue();
            vector = StreamSupport.stream(vectors.path("signing").spliterator(), false)
                    .filter(one -> one.path("id").textValue().equals(VECTOR))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static byte[] sha256(String text) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The two lines of a block. */
    private static List<String> lines(String block) {
        return BLOCKS.get(block).lines().toList();
    }

    @Test
    void keyAndBodyAreThoseOfTheVector() {
        assertThat(BLOCKS.get("pem")).isEqualTo(pem.strip());
        assertThat(BLOCKS.get("body")).isEqualTo(vector.path("body").textValue());
    }

    @Test
    void contentHashIsThatOfTheBody() throws GeneralSecurityException {
        byte[] hash = sha256(BLOCKS.get("body"));

        assertThat(lines("hash"))
                .containsExactly(
                        HexFormat.of().formatHex(hash), Base64.getEncoder().encodeToString(hash));
        assertThat(lines("hash").getLast())
                .isEqualTo(vector.path("headers").path("X-Ops-Content-Hash").textValue());
    }

    @Test
    void textIsMadeOfTheRequestAndTheHash() {
        assertThat(BLOCKS.get("text"))
                .isEqualTo(String.join(
                        "\n",
                        "Method:POST",
                        "Path:" + vector.path("path").textValue(),
                        "X-Ops-Content-Hash:" + lines("hash").getLast(),
                        "X-Ops-Sign:version=1.3",
                        "X-Ops-Timestamp:" + vector.path("timestamp").textValue(),
                        "X-Ops-UserId:" + vector.path("user_id").textValue(),
                        "X-Ops-Server-API-Version:1"))
                .isEqualTo(vector.path("string_to_sign").textValue());
    }

    @Test
    void signatureIsThatOfTheText() throws Exception {
        String text = BLOCKS.get("text");
        Signature signer = Signature.getInstance("SHA256withRSA");
        signer.initSign(PemKeys.privateKey(BLOCKS.get("pem") + "\n"));
        signer.update(text.getBytes(StandardCharsets.UTF_8));

        assertThat(lines("signature"))
                .containsExactly(
                        HexFormat.of().formatHex(sha256(text)),
                        Base64.getEncoder().encodeToString(signer.sign()));
    }

    @Test
    void requestHasTheHeadersOfTheVectorAndTheSignatureInPieces() {
        String[] parts = BLOCKS.get("request").split("\n\n");
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        parts[0].lines().skip(1).forEach(line -> headers.put(line.split(": ")[0], line.split(": ")[1]));
        Map<String, String> expected = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        vector.path("headers")
                .properties()
                .forEach(header ->
                        expected.put(header.getKey(), header.getValue().textValue()));

        assertThat(parts[0]).startsWith("POST " + vector.path("path").textValue() + " HTTP/1.1\n");
        assertThat(parts[1]).isEqualTo(BLOCKS.get("body"));
        assertThat(headers)
                .containsAllEntriesOf(expected)
                .containsEntry(
                        "Content-Length", Integer.toString(BLOCKS.get("body").length()))
                .containsEntry("X-Ops-Server-API-Version", "1");
        StringBuilder signature = new StringBuilder();
        for (int piece = 1; headers.containsKey("X-Ops-Authorization-" + piece); piece++) {
            String line = headers.get("X-Ops-Authorization-" + piece);
            assertThat(line).hasSizeLessThanOrEqualTo(60);
            signature.append(line);
        }
        assertThat(signature).hasToString(lines("signature").getLast());
    }
}
