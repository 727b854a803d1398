package org.pushjobs.agent.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.pushjobs.chefhttp.ProxySettings;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.chefhttp.TlsSettings;
import org.pushjobs.protocol.keys.InvalidKeyTextException;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.rubyconfig.RubyValue;
import org.slf4j.event.Level;

/** What the values of a draft mean; decided here, once, for files and options alike. */
final class SettingsReading {
    private static final Path DEFAULT_CLIENT_KEY = Path.of("/etc/chef/client.pem");
    private static final Path DEFAULT_FILE_CACHE_PATH = Path.of("/var/chef/cache");
    /** Texts for the same as Ruby's streams and Chef's symbols. */
    private static final Set<String> LOGS_OF_CHEF = Set.of("stdout", "stderr", "syslog", "win_evt");

    private static final String LOCK_IN_CACHE = "chef-client-running.pid";

    private final SettingsDraft draft;
    private final Map<String, Optional<String>> fileEnvironment;
    private final Map<String, String> environment;

    /**
     * @param fileEnvironment variables that the file sets or, when empty, removes
     * @param environment of the process, with those of the file
     */
    SettingsReading(
            SettingsDraft draft, Map<String, Optional<String>> fileEnvironment, Map<String, String> environment) {
        this.draft = draft;
        this.fileEnvironment = fileEnvironment;
        this.environment = environment;
    }

    /**
     * @param defaultNodeName asked only when no node name was given
     * @throws InvalidSettingsException tells all problems at once
     */
    AgentSettings settings(Supplier<String> defaultNodeName) throws InvalidSettingsException {
        Optional<ServerUrl> server = server();
        Optional<RSAPrivateKey> clientKey = clientKey();
        String nodeName = draft.text(Setting.NODE_NAME).orElseGet(defaultNodeName);
        JobSettings jobs = jobs();
        boolean allowUnencrypted = draft.flag(Setting.ALLOW_UNENCRYPTED);
        NetworkReading network = new NetworkReading(draft, environment);
        TlsSettings tls = network.tls();
        ProxySettings proxies = network.proxies(server);
        LogSettings log = log();
        if (!draft.problems().isEmpty()) {
            throw new InvalidSettingsException(draft.problems());
        }
        return new AgentSettings(
                server.orElseThrow(), nodeName, clientKey.orElseThrow(), allowUnencrypted, tls, proxies, jobs, log);
    }

    private Optional<ServerUrl> server() {
        if (!draft.has(Setting.CHEF_SERVER_URL)) {
            draft.problem(Setting.CHEF_SERVER_URL.key() + " is missing; give http(s)://HOST/organizations/ORG in the"
                    + " file or with --server");
        }
        try {
            return draft.text(Setting.CHEF_SERVER_URL).map(ServerUrl::parse);
        } catch (IllegalArgumentException e) {
            draft.wrong(Setting.CHEF_SERVER_URL, e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<RSAPrivateKey> clientKey() {
        if (!draft.has(Setting.CLIENT_KEY)) {
            draft.put(
                    Setting.CLIENT_KEY,
                    "client_key is not set, and its default",
                    new RubyValue.Text(DEFAULT_CLIENT_KEY.toString()));
        }
        Optional<Path> file = draft.path(Setting.CLIENT_KEY);
        try {
            if (file.isPresent()) {
                FileRights.openSecret(file.get())
                        .ifPresent(problem -> draft.wrong(Setting.CLIENT_KEY, file.get() + ": " + problem));
            }
            return file.isPresent() ? Optional.of(PemKeys.privateKey(Files.readString(file.get()))) : Optional.empty();
        } catch (NoSuchFileException e) {
            draft.wrong(
                    Setting.CLIENT_KEY,
                    "cannot be read: " + file.get() + " is not there; put the private key of this node there, for"
                            + " nobody else to read");
        } catch (IOException e) {
            draft.wrong(Setting.CLIENT_KEY, "cannot be read: " + e);
        } catch (InvalidKeyTextException e) {
            draft.wrong(Setting.CLIENT_KEY, file.get() + ": " + e.getMessage());
        }
        return Optional.empty();
    }

    private JobSettings jobs() {
        Path cache = draft.path(Setting.FILE_CACHE_PATH).orElse(DEFAULT_FILE_CACHE_PATH);
        Path lock = draft.path(Setting.LOCKFILE).orElse(cache.resolve(LOCK_IN_CACHE));
        return new JobSettings(
                new WhitelistReading(draft, lock).whitelist().orElse(JobSettings.DEFAULT.whitelist()),
                variables(),
                fileEnvironment,
                draft.absolutePath(Setting.FILE_DIR, JobSettings.DEFAULT.fileDir()),
                Duration.ofSeconds(draft.number(
                        Setting.FILE_DIR_EXPIRY,
                        0,
                        (int) JobSettings.DEFAULT.fileExpiry().toSeconds(),
                        "seconds")),
                draft.number(Setting.MAX_BODY_SIZE, 1, JobSettings.DEFAULT.maxBodySizeBytes(), "bytes"),
                draft.number(
                        Setting.OUTPUT_TAIL_SIZE,
                        0,
                        OutputTail.MOST_BYTES,
                        JobSettings.DEFAULT.outputTailBytes(),
                        "bytes"));
    }

    private JobVariables variables() {
        JobVariables unlessNamed =
                draft.value(Setting.ALLOW_DANGEROUS_ENV).orElse(new RubyValue.Bool(false)) instanceof RubyValue.Array
                        ? new JobVariables.AllButDangerous(Set.copyOf(draft.texts(Setting.ALLOW_DANGEROUS_ENV)))
                        : draft.flag(Setting.ALLOW_DANGEROUS_ENV) ? new JobVariables.All() : JobVariables.HARMLESS;
        return draft.has(Setting.ALLOWED_OVERWRITABLE_ENV_VARS)
                ? new JobVariables.Only(Set.copyOf(draft.texts(Setting.ALLOWED_OVERWRITABLE_ENV_VARS)))
                : unlessNamed;
    }

    private LogSettings log() {
        Level level = draft.text(Setting.LOG_LEVEL).flatMap(this::level).orElse(LogSettings.DEFAULT.level());
        return new LogSettings(level, logFile());
    }

    /**
     * Chef's symbols and streams mean the standard output here; a service manager takes it where it belongs. Of a list, the
     * first file counts.
     */
    private Optional<Path> logFile() {
        RubyValue location = draft.value(Setting.LOG_LOCATION).orElse(new RubyValue.Symbol("stdout"));
        if (location instanceof RubyValue.Array(var items)) {
            location =
                    items.stream().filter(item -> !isNoFile(item)).findFirst().orElse(new RubyValue.Symbol("stdout"));
            draft.replace(Setting.LOG_LOCATION, location);
        }
        return isNoFile(location) ? Optional.empty() : draft.path(Setting.LOG_LOCATION);
    }

    private static boolean isNoFile(RubyValue location) {
        return switch (location) {
            case RubyValue.Symbol _, RubyValue.Stream _, RubyValue.Absent _, RubyValue.Other _ -> true;
            case RubyValue.Text(var text) -> LOGS_OF_CHEF.contains(text.toLowerCase(Locale.ROOT));
            case RubyValue _ -> false;
        };
    }

    private Optional<Level> level(String name) {
        Optional<Level> level = switch (name.toLowerCase(Locale.ROOT)) {
            case "trace" -> Optional.of(Level.TRACE);
            case "debug" -> Optional.of(Level.DEBUG);
            case "info", "auto" -> Optional.of(Level.INFO);
            case "warn" -> Optional.of(Level.WARN);
            case "error", "fatal" -> Optional.of(Level.ERROR);
            default -> Optional.empty();
        };
        if (level.isEmpty()) {
            draft.wrong(Setting.LOG_LEVEL, "must be debug, info, warn, error or fatal, is " + name);
        }
        return level;
    }
}
