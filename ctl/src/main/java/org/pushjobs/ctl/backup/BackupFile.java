package org.pushjobs.ctl.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.files.Access;
import org.pushjobs.ctl.secrets.KeptSecrets;

/**
 * What a backup has: a JSON document in a file for its owner only. Never printed.
 *
 * @param from the name of the machine that it was made on
 * @param files of the configuration, by their names in its directory
 */
record BackupFile(String from, Map<String, Kept> files, KeptSecrets secrets) {
    private static final String FORMAT = "opscode-push-jobs-server-backup";
    private static final int VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A file with its content in base64, and its access. */
    record Kept(String content, Access access) {
        byte[] bytes() {
            return Base64.getDecoder().decode(content);
        }
    }

    BackupFile {
        Objects.requireNonNull(from, "from");
        files = new LinkedHashMap<>(files);
        Objects.requireNonNull(secrets, "secrets");
    }

    /** @throws CtlException when there is a file of this name already, or it cannot be written */
    void write(Path file) throws CtlException {
        ObjectNode document = JSON.createObjectNode();
        document.put("format", FORMAT).put("version", VERSION).put("from", from);
        ObjectNode all = document.putObject("files");
        files.forEach((name, kept) -> all.putObject(name)
                .put("owner", kept.access().owner())
                .put("group", kept.access().group())
                .put("permissions", kept.access().permissions())
                .put("content", kept.content()));
        ObjectNode values = document.putObject("secrets");
        secrets.values().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> values.put(entry.getKey(), entry.getValue()));
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(document));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        } catch (FileAlreadyExistsException e) {
            throw new CtlException(file + " is there already and is left as it is; give another name", e);
        } catch (IOException e) {
            throw new CtlException(file + " cannot be written: " + e, e);
        }
    }

    /** @throws CtlException when it is no backup; never quotes it */
    static BackupFile read(Path file) throws CtlException {
        try {
            JsonNode document = JSON.readTree(Files.readAllBytes(file));
            if (!document.path("format").asText().equals(FORMAT)) {
                throw new CtlException(file + " is no backup that this program has made");
            }
            if (document.path("version").asInt() != VERSION) {
                throw new CtlException(file + " is a backup of version "
                        + document.path("version").asInt() + ", and this program knows " + VERSION
                        + "; install a newer one");
            }
            Map<String, Kept> files = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> entry : document.path("files").properties()) {
                String name = entry.getKey();
                if (!Path.of(name).getFileName().toString().equals(name) || name.startsWith("..")) {
                    throw new CtlException(file + " has a file that does not belong to the configuration: " + name);
                }
                JsonNode kept = entry.getValue();
                Kept one = new Kept(
                        kept.path("content").asText(),
                        new Access(
                                kept.path("owner").asText(),
                                kept.path("group").asText(),
                                kept.path("permissions").asText()));
                one.bytes();
                files.put(name, one);
            }
            Map<String, String> values = new LinkedHashMap<>();
            document.path("secrets")
                    .properties()
                    .forEach(
                            entry -> values.put(entry.getKey(), entry.getValue().asText()));
            KeptSecrets secrets = new KeptSecrets(values);
            if (!secrets.areKnown()) {
                throw new CtlException(file + " has secrets that are not the server's");
            }
            return new BackupFile(document.path("from").asText(), files, secrets);
        } catch (IOException | IllegalArgumentException e) {
            throw new CtlException(file + " cannot be read as a backup ("
                    + e.getClass().getSimpleName() + "); is it the right file, and whole?");
        }
    }

    @Override
    public String toString() {
        return "BackupFile[from=" + from + ", files=" + files.keySet() + "]";
    }
}
