package org.pushjobs.config.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.config.files.ConfigException;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.keys.SessionKeys;

class SecretsFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static byte[] made;

    @TempDir
    private Path directory;

    private Path file;
    private ObjectNode fields;

    @BeforeAll
    static void makeOne(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("secrets.json");
        SecretsFile.create(file);
        made = Files.readAllBytes(file);
    }

    @BeforeEach
    void readFields() throws IOException {
        file = directory.resolve("secrets.json");
        fields = (ObjectNode) JSON.readTree(made);
    }

    private void write(byte[] content) throws IOException {
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Secrets load() throws Exception {
        write(JSON.writeValueAsBytes(fields));
        return SecretsFile.load(file);
    }

    private List<String> errors() {
        ConfigException e = catchThrowableOfType(ConfigException.class, this::load);
        assertThat(e).as("refusal").isNotNull();
        assertThat(e.errors()).allSatisfy(this::holdsNoSecret);
        return e.errors();
    }

    /** No twelve characters in a row of anything in the file. */
    private void holdsNoSecret(String error) {
        fields.properties().forEach(field -> {
            String content = field.getValue().asText().replaceAll("-----[A-Z ]+-----|\\s", "");
            for (int start = 0; start + 12 <= content.length(); start++) {
                assertThat(error).doesNotContain(content.substring(start, start + 12));
            }
        });
    }

    @Test
    void aNewFileIsForItsOwnerOnlyAndLoads() throws Exception {
        Secrets created = SecretsFile.create(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
        Secrets loaded = SecretsFile.load(file);
        assertThat(loaded.fingerprint()).isEqualTo(created.fingerprint()).matches("[0-9a-f]{64}");
        ObjectNode written = (ObjectNode) JSON.readTree(file.toFile());
        assertThat(written.fieldNames()).toIterable().containsExactlyElementsOf(SecretsFields.NAMES);
        assertThat(loaded.curvePublicKey())
                .isEqualTo(written.get("curve_public_key").textValue())
                .hasSize(40);
        assertThat(loaded.curveSecretKey())
                .isEqualTo(written.get("curve_secret_key").textValue());
        assertThat(PemKeys.toPem(loaded.heartbeatPrivateKey()))
                .isEqualTo(written.get("heartbeat_private_key").textValue());
        assertThat(PemKeys.toPem(loaded.heartbeatPublicKey()))
                .isEqualTo(written.get("heartbeat_public_key").textValue());
        assertThat(loaded.heartbeatPublicKey().getModulus().bitLength()).isEqualTo(2048);
        byte[] master = Base64.getDecoder().decode(written.get("master_secret").textValue());
        NodeRef node = new NodeRef("0123456789abcdef0123456789abcdef", "web-1");
        assertThat(master).hasSize(32);
        assertThat(loaded.sessionKeys().derive(node, 1).bytes())
                .isEqualTo(new SessionKeys(master).derive(node, 1).bytes());
    }

    @Test
    void anExistingFileIsNeverReplaced() throws Exception {
        write(made);

        ConfigException e = catchThrowableOfType(ConfigException.class, () -> SecretsFile.create(file));

        assertThat(e).hasMessageStartingWith(file + " exists already and is left as it is");
        assertThat(file).hasBinaryContent(made);
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aMissingDirectoryIsAnError() {
        Path orphan = directory.resolve("none").resolve("secrets.json");

        assertThat(catchThrowableOfType(ConfigException.class, () -> SecretsFile.create(orphan)))
                .hasMessageStartingWith(orphan + " cannot be created (NoSuchFileException); check that the directory");
    }

    @Test
    void serversThatStartAtOnceEndUpWithTheSameSecrets() throws Exception {
        Callable<String> start = () -> SecretsFile.loadOrCreate(file).fingerprint();
        try (ExecutorService servers = Executors.newFixedThreadPool(4)) {
            List<Future<String>> fingerprints = servers.invokeAll(List.of(start, start, start, start));

            for (Future<String> fingerprint : fingerprints) {
                assertThat(fingerprint.get()).isEqualTo(SecretsFile.load(file).fingerprint());
            }
        }
    }

    @Test
    void aFileThatIsNotThereIsAnErrorOfLoad() {
        assertThat(catchThrowableOfType(ConfigException.class, () -> SecretsFile.load(file)))
                .hasMessage(file + " does not exist; create it or name another file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx"})
    void aFileThatOthersMayUseIsRefused(String mode) throws Exception {
        write(made);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        assertThat(catchThrowableOfType(ConfigException.class, () -> SecretsFile.load(file)))
                .hasMessage(file + " holds a secret but its group or others may use it; run: chmod 600 " + file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"r--------", "rw-------", "rwx------"})
    void aFileForItsOwnerOnlyIsTaken(String mode) throws Exception {
        write(made);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        assertThat(SecretsFile.load(file).fingerprint()).hasSize(64);
    }

    @Test
    void theFingerprintChangesWithEverySecret() throws Exception {
        String before = load().fingerprint();
        assertThat(load().fingerprint()).isEqualTo(before);

        fields.put("master_secret", Base64.getEncoder().encodeToString(new byte[32]));
        String otherMaster = load().fingerprint();
        CurveKeyPair curve = CurveKeyPair.generate(new SecureRandom());
        fields.put("curve_public_key", curve.publicKey()).put("curve_secret_key", curve.secretKey());
        String otherCurve = load().fingerprint();

        assertThat(List.of(before, otherMaster, otherCurve)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "curve_public_key",
                "curve_secret_key",
                "heartbeat_private_key",
                "heartbeat_public_key",
                "master_secret"
            })
    void aMissingFieldIsNamed(String name) {
        fields.remove(name);

        assertThat(errors())
                .containsExactly(file + ": " + name
                        + " is missing or no string; copy the whole file again from a server of the cluster");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "curve_public_key|short|has 40 characters of Z85, this has 5",
                "curve_public_key|four|multiple of 5 characters",
                "curve_secret_key|~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~|not of its alphabet",
                "heartbeat_private_key|no key at all|no PEM block",
                "heartbeat_public_key|no key at all|no PEM block",
                "master_secret|not base64!|not base64",
                "master_secret|c2hvcnQ=|5 bytes",
            })
    void aFieldThatIsNotWhatItClaimsIsNamed(String name, String content, String reason) {
        fields.put(name, content);

        assertThat(errors())
                .singleElement()
                .asString()
                .startsWith(file + ": " + name + " is wrong: ")
                .contains(reason);
    }

    @Test
    void swappedHeartbeatKeysAreNamed() {
        String privateKey = fields.get("heartbeat_private_key").textValue();
        fields.set("heartbeat_private_key", fields.get("heartbeat_public_key"));
        fields.put("heartbeat_public_key", privateKey);

        assertThat(errors())
                .hasSize(2)
                .anySatisfy(error -> assertThat(error)
                        .contains("heartbeat_private_key is wrong: a private key is wanted, the text is a public one"))
                .anySatisfy(error -> assertThat(error)
                        .contains("heartbeat_public_key is wrong: a public key is wanted, the text is a private key"));
    }

    @Test
    void aWeakHeartbeatKeyIsRefused() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        fields.put("heartbeat_public_key", PemKeys.toPem((RSAPublicKey)
                generator.generateKeyPair().getPublic()));

        assertThat(errors())
                .singleElement()
                .asString()
                .contains("heartbeat_public_key is wrong: an RSA key of 2048 bits or more is wanted, this has 1024");
    }

    @Test
    void partsThatDoNotBelongTogetherAreNamed() {
        fields.put("curve_public_key", CurveKeyPair.generate(new SecureRandom()).publicKey());
        fields.put("heartbeat_public_key", PemKeys.toPem((RSAPublicKey)
                PemKeys.generate().getPublic()));

        assertThat(errors())
                .containsExactly(
                        file
                                + ": curve_public_key does not belong to curve_secret_key; copy the whole file again from a"
                                + " server of the cluster",
                        file + ": heartbeat_public_key does not belong to heartbeat_private_key; copy the whole file"
                                + " again from a server of the cluster");
    }

    @Test
    void unknownFieldsAndOtherTypesAreNamed() {
        fields.put("password", "hush-hush");
        fields.put("master_secret", 5);

        assertThat(errors())
                .anySatisfy(error -> assertThat(error).endsWith("password is no field of a secrets file; remove it"))
                .anySatisfy(error -> assertThat(error).endsWith("master_secret must be a string"));
    }

    @Test
    void aFieldThatOccursTwiceIsNamed() throws Exception {
        String json = new String(made, StandardCharsets.UTF_8).stripTrailing();
        write((json.substring(0, json.length() - 1) + ",\"master_secret\":\"x\"}").getBytes(StandardCharsets.UTF_8));

        assertThat(catchThrowableOfType(ConfigException.class, () -> SecretsFile.load(file)))
                .hasMessageContaining("master_secret was set before; keep one of them");
    }

    @Test
    void damagedJsonIsNotQuoted() throws Exception {
        write("{\"master_secret\": hush-hush}".getBytes(StandardCharsets.UTF_8));

        assertThat(catchThrowableOfType(ConfigException.class, () -> SecretsFile.load(file)))
                .hasMessageContaining("is no valid JSON from line 1")
                .message()
                .doesNotContain("hush");
    }

    @Test
    void theSecretsAreNeverPrinted() throws Exception {
        Secrets secrets = load();

        assertThat(secrets.toString()).isEqualTo("Secrets[fingerprint=" + secrets.fingerprint() + "]");
    }
}
