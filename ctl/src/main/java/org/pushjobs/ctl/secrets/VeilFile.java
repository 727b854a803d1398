package org.pushjobs.ctl.secrets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.pushjobs.ctl.CtlException;

/**
 * A file with secrets in the Chef server's form, with everything that is in it, known here or not. There are three forms:
 * {@code {group: {name: value}}}, the oldest; version 1, where each value has properties; and version 2, where all of that is
 * encrypted with a key beside it. A file keeps its form, so that the Chef server that wrote it can read it. Never printed. Not
 * thread-safe.
 */
public final class VeilFile {
    private static final String TYPE = "Veil::CredentialCollection::ChefSecretsFile";
    private static final String VEIL = "veil";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .build();

    private enum Form {
        OLDEST,
        VERSION_1,
        VERSION_2
    }

    private final Path file;
    private final Form form;
    private final ObjectNode document;
    private final ObjectNode credentials;
    private boolean changed;

    private VeilFile(Path file, Form form, ObjectNode document, ObjectNode credentials) {
        this.file = file;
        this.form = form;
        this.document = document;
        this.credentials = credentials;
    }

    /** @throws CtlException when the file is not there or cannot be understood; never quotes it */
    public static VeilFile read(Path file) throws CtlException {
        JsonNode document;
        try {
            document = JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new CtlException(file + ", line " + e.getLocation().getLineNr()
                    + ": is no JSON document; copy the file again from where it is good, or from a back-up");
        } catch (IOException e) {
            throw new CtlException(file + " cannot be read (" + e + "); run this command as root", e);
        }
        if (!(document instanceof ObjectNode object)) {
            throw new CtlException(file + " holds no JSON object; copy the file again from where it is good");
        }
        if (!object.path(VEIL).path("type").asText().equals(TYPE)) {
            return new VeilFile(file, Form.OLDEST, object, object);
        }
        ObjectNode veil = (ObjectNode) object.get(VEIL);
        int version = veil.path("version").asInt(1);
        return switch (version) {
            case 1 -> new VeilFile(file, Form.VERSION_1, object, credentials(file, veil.path("credentials")));
            case 2 -> new VeilFile(file, Form.VERSION_2, object, decrypted(file, veil));
            default ->
                throw new CtlException(file + " has the secrets in a form of version " + version
                        + ", and this program knows 1 and 2; install a newer one");
        };
    }

    /** A new one, in the newest form, that is in no file yet. */
    public static VeilFile create(Path file) {
        ObjectNode document = JSON.createObjectNode();
        ObjectNode veil = document.putObject(VEIL);
        veil.put("type", TYPE).put("version", 2);
        veil.putObject("hasher")
                .put("type", "Veil::Hasher::PBKDF2")
                .put("secret", randomHex(512))
                .put("salt", randomHex(128))
                .put("iterations", 10_000)
                .put("hash_function", "OpenSSL::Digest::SHA512");
        veil.set("cipher", VeilCipher.create().toJson(JSON));
        veil.put("credentials", "");
        return new VeilFile(file, Form.VERSION_2, document, JSON.createObjectNode());
    }

    private static String randomHex(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private static ObjectNode decrypted(Path file, ObjectNode veil) throws CtlException {
        try {
            byte[] plain = VeilCipher.of(veil.path("cipher"))
                    .decrypt(veil.path("credentials").asText());
            return credentials(file, JSON.readTree(plain));
        } catch (IOException | IllegalArgumentException e) {
            throw new CtlException(
                    file + " cannot be decrypted with the key in it; copy the file again from where it is"
                            + " good, or from a back-up");
        }
    }

    private static ObjectNode credentials(Path file, JsonNode node) throws CtlException {
        if (node instanceof ObjectNode credentials) {
            return credentials;
        }
        throw new CtlException(
                file + ": veil.credentials is no JSON object; copy the file again from where it is good");
    }

    public Path file() {
        return file;
    }

    /** Whether it has something that the file has not. */
    public boolean isChanged() {
        return changed;
    }

    /**
     * Whether a Chef server wrote it that is older than its library for such files. It knows all groups in it, stops at one that
     * it does not know, and leaves it out when it writes the file anew.
     */
    public boolean isOldestForm() {
        return form == Form.OLDEST;
    }

    /** Whether there is anything in a group. */
    public boolean hasGroup(String group) {
        return credentials.path(group).isObject();
    }

    public Optional<String> get(String group, String name) {
        JsonNode secret = credentials.path(group).path(name);
        return Optional.ofNullable((secret.isObject() ? secret.path("value") : secret).textValue());
    }

    /**
     * Sets a secret, in the file's own form.
     *
     * @param rotation whether the Chef server may make a new one when it renews its secrets
     */
    public void put(String group, String name, String value, Rotation rotation) {
        changed = true;
        ObjectNode members = credentials.withObjectProperty(group);
        if (form == Form.OLDEST) {
            members.put(name, value);
            return;
        }
        ObjectNode secret = members.withObjectProperty(name);
        if (!secret.has("type")) {
            secret.put("type", "Veil::Credential").put("name", name).put("group", group);
        }
        secret.put("value", value);
        secret.put("version", secret.path("version").asInt(0));
        secret.put("length", value.length());
        secret.put("frozen", rotation == Rotation.NEVER);
        // Some versions keep the values once more beside the properties.
        if (form == Form.VERSION_1 && document.size() > 1) {
            document.withObjectProperty(group).put(name, value);
        }
    }

    /** Who may replace a secret. */
    public enum Rotation {
        /** A key that others know. */
        NEVER,
        /** A password. */
        ALLOWED
    }

    /** What the file is to hold. */
    public byte[] content() {
        try {
            if (form == Form.VERSION_2) {
                ObjectNode veil = (ObjectNode) document.get(VEIL);
                byte[] plain = JSON.writeValueAsBytes(credentials);
                veil.put("credentials", VeilCipher.of(veil.path("cipher")).encrypt(plain));
            }
            return (JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("writing JSON to memory failed", e);
        }
    }

    @Override
    public String toString() {
        return "VeilFile[" + file + "]";
    }
}
