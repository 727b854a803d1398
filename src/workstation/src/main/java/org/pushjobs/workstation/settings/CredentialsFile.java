package org.pushjobs.workstation.settings;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code ~/.chef/credentials}: TOML, a table for each profile (agent-and-cli.md, workstation commands). */
final class CredentialsFile {
    private static final String DEFAULT_PROFILE = "default";
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private record Choice(String profile, String origin) {}

    private final Path chefDirectory;

    /** @param chefDirectory {@code ~/.chef} */
    CredentialsFile(Path chefDirectory) {
        this.chefDirectory = chefDirectory;
    }

    /**
     * The settings of the profile that is asked for by option, by {@code CHEF_PROFILE}, or in {@code ~/.chef/context}; else of
     * {@code default}, which need not exist.
     */
    SettingsLayer read(Optional<String> option, Map<String, String> environment) throws InvalidSettingsException {
        Path file = file();
        Optional<Choice> choice = choice(option, environment);
        if (!Files.exists(file)) {
            if (choice.isPresent()) {
                throw new InvalidSettingsException("there is no file " + file + " for the profile '"
                        + choice.get().profile() + "' (from " + choice.get().origin() + ")");
            }
            return SettingsLayer.EMPTY;
        }
        String profile = choice.map(Choice::profile).orElse(DEFAULT_PROFILE);
        JsonNode table = parse(file).path(profile);
        if (!table.isObject()) {
            if (choice.isPresent()) {
                throw new InvalidSettingsException(file + " has no profile '" + profile + "' (from "
                        + choice.get().origin() + ")");
            }
            return SettingsLayer.EMPTY;
        }
        Map<String, String> values = new LinkedHashMap<>();
        table.properties().forEach(entry -> {
            if (entry.getValue().isValueNode()) {
                values.put(entry.getKey(), entry.getValue().asText());
            }
        });
        return SettingsLayer.ofChefNames(values, file + ", profile " + profile, chefDirectory);
    }

    /** The names of all profiles; none where there is no file. */
    List<String> profiles() throws InvalidSettingsException {
        List<String> names = new ArrayList<>();
        if (Files.exists(file())) {
            parse(file()).properties().forEach(profile -> names.add(profile.getKey()));
        }
        return names;
    }

    private Path file() {
        return chefDirectory.resolve("credentials");
    }

    private Optional<Choice> choice(Optional<String> option, Map<String, String> environment)
            throws InvalidSettingsException {
        if (option.isPresent()) {
            return Optional.of(new Choice(option.get(), "--profile"));
        }
        String variable = environment.getOrDefault("CHEF_PROFILE", "");
        if (!variable.isEmpty()) {
            return Optional.of(new Choice(variable, "CHEF_PROFILE"));
        }
        Path context = chefDirectory.resolve("context");
        if (!Files.isRegularFile(context)) {
            return Optional.empty();
        }
        try {
            String name = text(context).strip();
            return name.isEmpty() ? Optional.empty() : Optional.of(new Choice(name, context.toString()));
        } catch (IOException e) {
            throw new InvalidSettingsException(context + " cannot be read: " + e.getMessage());
        }
    }

    /** As the editors of Windows save it, too: with a mark at the beginning, in UTF-8 or UTF-16. */
    private static String text(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Charset charset = StandardCharsets.UTF_8;
        if (bytes.length >= 2
                && (bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE
                        || bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF)) {
            charset = StandardCharsets.UTF_16;
        }
        String text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
    }

    private static JsonNode parse(Path file) throws InvalidSettingsException {
        try {
            return new TomlMapper().readTree(text(file));
        } catch (JacksonException e) {
            // The message without its source, which would show what is in the file: keys may be.
            throw new InvalidSettingsException(
                    file + ", line " + e.getLocation().getLineNr() + ": "
                            + e.getOriginalMessage().lines().findFirst().orElse("not TOML"));
        } catch (IOException e) {
            throw new InvalidSettingsException(file + " cannot be read: " + e.getMessage());
        }
    }
}
