package org.pushjobs.agent.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.pushjobs.protocol.keys.InvalidKeyTextException;
import org.pushjobs.protocol.keys.PemKeys;
import org.slf4j.event.Level;

/**
 * Settings on their way from files and options to {@link AgentSettings}: every value with the place it came from, later
 * ones winning, and every problem found. Front ends put plain Java values in (String, Number, Boolean, Map); what they
 * mean is decided here, once. Not thread-safe.
 */
public final class SettingsDraft {
    private record Given(String origin, Object value) {}

    private final Map<Setting, Given> given = new EnumMap<>(Setting.class);
    private final List<String> problems = new ArrayList<>();

    /**
     * Sets a value, over one that is already there.
     *
     * @param origin where the value stands, for messages: {@code FILE: KEY} or the option's name
     */
    public void put(Setting setting, String origin, Object value) {
        given.put(setting, new Given(origin, value));
    }

    /** Notes something wrong that is no setting's value, such as an unknown key. */
    public void problem(String problem) {
        problems.add(problem);
    }

    /**
     * @param defaultNodeName asked only when no node name was given
     * @throws InvalidSettingsException tells all problems at once
     */
    public AgentSettings build(Supplier<String> defaultNodeName) throws InvalidSettingsException {
        Optional<ServerUrl> server = server();
        Optional<RSAPrivateKey> clientKey = clientKey();
        String nodeName = text(Setting.NODE_NAME).orElseGet(defaultNodeName);
        Path fileDir = path(Setting.FILE_DIR).orElse(AgentSettings.DEFAULT_FILE_DIR);
        if (!fileDir.isAbsolute()) {
            wrong(Setting.FILE_DIR, "must be an absolute path");
        }
        Map<String, String> whitelist = whitelist();
        boolean allowUnencrypted = flag(Setting.ALLOW_UNENCRYPTED);
        int maxBodySizeBytes = maxBodySizeBytes();
        LogSettings log = log();
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
        return new AgentSettings(
                server.orElseThrow(),
                nodeName,
                clientKey.orElseThrow(),
                fileDir,
                whitelist,
                allowUnencrypted,
                maxBodySizeBytes,
                log);
    }

    private Optional<ServerUrl> server() {
        Optional<String> text = required(Setting.CHEF_SERVER_URL, "http(s)://HOST/organizations/ORG");
        try {
            return text.map(ServerUrl::parse);
        } catch (IllegalArgumentException e) {
            wrong(Setting.CHEF_SERVER_URL, e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<RSAPrivateKey> clientKey() {
        if (required(Setting.CLIENT_KEY, "the file of the node's private key").isEmpty()) {
            return Optional.empty();
        }
        Optional<Path> file = path(Setting.CLIENT_KEY);
        try {
            return file.isPresent() ? Optional.of(PemKeys.privateKey(Files.readString(file.get()))) : Optional.empty();
        } catch (IOException e) {
            wrong(Setting.CLIENT_KEY, "cannot be read: " + e);
        } catch (InvalidKeyTextException e) {
            wrong(Setting.CLIENT_KEY, file.get() + ": " + e.getMessage());
        }
        return Optional.empty();
    }

    private int maxBodySizeBytes() {
        Optional<Object> value = value(Setting.MAX_BODY_SIZE);
        if (value.isEmpty()) {
            return AgentSettings.DEFAULT_MAX_BODY_SIZE_BYTES;
        }
        if (value.get() instanceof Number number
                && number.doubleValue() == number.intValue()
                && number.intValue() > 0) {
            return number.intValue();
        }
        wrong(Setting.MAX_BODY_SIZE, "must be a whole number of bytes above 0, is " + value.get());
        return AgentSettings.DEFAULT_MAX_BODY_SIZE_BYTES;
    }

    private LogSettings log() {
        Level level = text(Setting.LOG_LEVEL).flatMap(this::level).orElse(LogSettings.DEFAULT.level());
        boolean standardOutput = text(Setting.LOG_LOCATION)
                .map(location -> location.equalsIgnoreCase("stdout"))
                .orElse(true);
        return new LogSettings(level, standardOutput ? Optional.empty() : path(Setting.LOG_LOCATION));
    }

    private Optional<Level> level(String name) {
        Optional<Level> level = switch (name.toLowerCase(Locale.ROOT)) {
            case "trace" -> Optional.of(Level.TRACE);
            case "debug" -> Optional.of(Level.DEBUG);
            case "info" -> Optional.of(Level.INFO);
            case "warn" -> Optional.of(Level.WARN);
            case "error", "fatal" -> Optional.of(Level.ERROR);
            default -> Optional.empty();
        };
        if (level.isEmpty()) {
            wrong(Setting.LOG_LEVEL, "must be debug, info, warn, error or fatal, is " + name);
        }
        return level;
    }

    private Map<String, String> whitelist() {
        Optional<Object> value = value(Setting.WHITELIST);
        if (value.isEmpty()) {
            return AgentSettings.DEFAULT_WHITELIST;
        }
        Map<String, String> whitelist = new LinkedHashMap<>();
        if (value.get() instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (entry.getValue() instanceof String line && !line.isBlank()) {
                    whitelist.put((String) entry.getKey(), line);
                } else {
                    wrong(Setting.WHITELIST, "must give a command line for \"" + entry.getKey() + "\"");
                }
            }
        } else {
            wrong(Setting.WHITELIST, "must be an object of job commands and command lines");
        }
        return whitelist;
    }

    private boolean flag(Setting setting) {
        Optional<Object> value = value(setting);
        if (value.isPresent() && !(value.get() instanceof Boolean)) {
            wrong(setting, "must be true or false, is " + value.get());
        }
        return value.equals(Optional.of(Boolean.TRUE));
    }

    private Optional<Path> path(Setting setting) {
        try {
            return text(setting).map(Path::of);
        } catch (InvalidPathException e) {
            wrong(setting, "is no path: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<String> required(Setting setting, String meaning) {
        if (value(setting).isEmpty()) {
            problems.add(setting.key() + " is missing; give " + meaning + " in the file or with " + setting.option());
        }
        return text(setting);
    }

    private Optional<String> text(Setting setting) {
        Optional<Object> value = value(setting);
        if (value.isPresent() && !(value.get() instanceof String text && !text.isBlank())) {
            wrong(setting, "must be a text that is not empty");
            given.remove(setting);
            return Optional.empty();
        }
        return value.map(String.class::cast);
    }

    private Optional<Object> value(Setting setting) {
        return Optional.ofNullable(given.get(setting)).map(Given::value);
    }

    private void wrong(Setting setting, String problem) {
        problems.add(given.get(setting).origin() + " " + problem);
    }
}
