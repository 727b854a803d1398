package org.pushjobs.ctl.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.ctl.secrets.VeilFile.Rotation;
import org.pushjobs.ctl.testing.Programs;

/** What OpenSSL encrypts, on which the Chef server's library stands, is read, and what is written OpenSSL decrypts. */
class VeilFileIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @Test
    void version2OfAnotherProgramIsReadAndWrittenForIt() throws Exception {
        String plain = "{\"group\":{\"name\":{\"type\":\"Veil::Credential\",\"name\":\"name\",\"value\":\"v\"}}}";
        VeilFile file = VeilFile.read(Files.writeString(
                directory.resolve("secrets.json"), VeilFileTest.VERSION_2.formatted(openssl("-e", plain))));

        assertThat(file.get("group", "name")).contains("v");
        file.put("group", "other", "w", Rotation.ALLOWED);

        JsonNode written = JSON.readTree(file.content());
        assertThat(written.at("/veil/hasher/salt").asText()).isEqualTo("cd");
        JsonNode decrypted =
                JSON.readTree(openssl("-d", written.at("/veil/credentials").asText()));
        assertThat(decrypted.at("/group/name/value").asText()).isEqualTo("v");
        assertThat(decrypted.at("/group/other/value").asText()).isEqualTo("w");
        assertThat(decrypted.at("/group/other/frozen").asBoolean()).isFalse();
    }

    /** By the program that the Chef server's library stands on. */
    private static String openssl(String direction, String text) throws Exception {
        Process process = new ProcessBuilder(
                        Programs.require("openssl", "openssl").toString(),
                        "enc",
                        "-aes-256-cbc",
                        direction,
                        "-a",
                        "-A",
                        "-K",
                        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
                        "-iv",
                        "101112131415161718191a1b1c1d1e1f")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var input = process.getOutputStream()) {
            input.write(text.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output.strip();
    }
}
