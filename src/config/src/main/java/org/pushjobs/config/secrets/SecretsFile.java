package org.pushjobs.config.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.config.files.ConfigException;
import org.pushjobs.config.files.JsonMembers;
import org.pushjobs.config.files.OwnerOnlyFile;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.keys.SessionKeys;

/**
 * The JSON file with the secrets that all servers of a cluster share (docs/configuration.md, "Secrets"). It is made once
 * and copied to the others. Only its owner may read it.
 */
public final class SecretsFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SecretsFile() {}

    /**
     * @throws ConfigException with everything that is wrong; names file and fields, never what they hold
     */
    public static Secrets load(Path file) throws ConfigException {
        Map<String, String> fields = new LinkedHashMap<>();
        List<String> errors = new ArrayList<>();
        if (Files.exists(file)) {
            OwnerOnlyFile.problem(file).ifPresent(errors::add);
        }
        for (JsonMembers.Member member : JsonMembers.read(file)) {
            String place = file + ", line " + member.line() + ": " + member.name();
            JsonNode value = member.value();
            if (!SecretsFields.NAMES.contains(member.name())) {
                errors.add(place + " is no field of a secrets file; remove it");
            } else if (!value.isTextual()) {
                errors.add(place + " must be a string");
            } else if (fields.putIfAbsent(member.name(), value.textValue()) != null) {
                errors.add(place + " was set before; keep one of them");
            }
        }
        Optional<Secrets> secrets = new SecretsFields(file, fields, errors).parse();
        if (!errors.isEmpty()) {
            throw new ConfigException(errors);
        }
        return secrets.orElseThrow();
    }

    /**
     * Makes new secrets and writes them to a file that only its owner may read. The file appears as a whole or not at
     * all. Takes up to a second.
     *
     * @throws ConfigException when the file exists already or cannot be written
     */
    public static Secrets create(Path file) throws ConfigException {
        byte[] content = generate();
        Path directory = file.toAbsolutePath().getParent();
        try {
            Path temporary = temporary(file);
            try {
                write(temporary, content);
                // Unlike a rename this fails when another server has made the file meanwhile.
                Files.createLink(file, temporary);
            } finally {
                Files.deleteIfExists(temporary);
            }
            sync(directory);
        } catch (FileAlreadyExistsException e) {
            throw new ConfigException(file + " exists already and is left as it is; its secrets are in use by agents."
                    + " Remove it first if new ones are really wanted");
        } catch (IOException | UnsupportedOperationException e) {
            throw new ConfigException(
                    file + " cannot be created (" + e.getClass().getSimpleName()
                            + "); check that the directory exists, that the server's user may write there and that its file"
                            + " system has hard links");
        }
        return load(file);
    }

    /**
     * Puts new secrets in the place of a file's; it has the old ones or the new ones at any time. Takes up to a second.
     *
     * @throws ConfigException when the file cannot be written; then it is as it was
     */
    public static Secrets replace(Path file) throws ConfigException {
        byte[] content = generate();
        try {
            Path temporary = temporary(file);
            try {
                write(temporary, content);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
            sync(file.toAbsolutePath().getParent());
        } catch (IOException | UnsupportedOperationException e) {
            throw new ConfigException(
                    file + " cannot be replaced (" + e.getClass().getSimpleName()
                            + "); check that this command is run as the server's user and that it may write to the directory");
        }
        return load(file);
    }

    private static Path temporary(Path file) throws IOException {
        return Files.createTempFile(
                file.toAbsolutePath().getParent(),
                file.getFileName().toString(),
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /**
     * The secrets of the file, which is created when it is not there.
     *
     * @throws ConfigException as {@link #load} and {@link #create}
     */
    public static Secrets loadOrCreate(Path file) throws ConfigException {
        if (Files.exists(file)) {
            return load(file);
        }
        try {
            return create(file);
        } catch (ConfigException e) {
            if (Files.exists(file)) {
                return load(file); // another server was faster
            }
            throw e;
        }
    }

    private static byte[] generate() {
        SecureRandom random = new SecureRandom();
        CurveKeyPair curve = CurveKeyPair.generate(random);
        KeyPair heartbeat = PemKeys.generate();
        byte[] masterSecret = new byte[SessionKeys.MIN_MASTER_SECRET_BYTES];
        random.nextBytes(masterSecret);
        ObjectNode fields = JSON.createObjectNode()
                .put(SecretsFields.CURVE_PUBLIC_KEY, curve.publicKey())
                .put(SecretsFields.CURVE_SECRET_KEY, curve.secretKey())
                .put(SecretsFields.HEARTBEAT_PRIVATE_KEY, PemKeys.toPem((RSAPrivateKey) heartbeat.getPrivate()))
                .put(SecretsFields.HEARTBEAT_PUBLIC_KEY, PemKeys.toPem((RSAPublicKey) heartbeat.getPublic()))
                .put(SecretsFields.MASTER_SECRET, Base64.getEncoder().encodeToString(masterSecret));
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(fields);
        } catch (IOException e) {
            throw new IllegalStateException("writing JSON to memory failed", e);
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    /** So that the file's name survives a power failure, too. */
    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
