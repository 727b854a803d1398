package org.pushjobs.agent.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.pushjobs.protocol.keys.InvalidKeyTextException;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.rubyconfig.RubyValue;
import org.slf4j.event.Level;

/** What the values of a draft mean; decided here, once, for files and options alike. */
final class SettingsReading {
    private static final Path DEFAULT_CLIENT_KEY = Path.of("/etc/chef/client.pem");
    private static final Path DEFAULT_FILE_CACHE_PATH = Path.of("/var/chef/cache");
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
        TlsSettings tls = tls();
        ProxySettings proxies = proxies();
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
                draft.number(Setting.MAX_BODY_SIZE, 1, JobSettings.DEFAULT.maxBodySizeBytes(), "bytes"));
    }

    private JobVariables variables() {
        JobVariables unlessNamed =
                draft.value(Setting.ALLOW_DANGEROUS_ENV).orElse(new RubyValue.Bool(false)) instanceof RubyValue.Array
                        ? new JobVariables.AllButDangerous(Set.copyOf(texts(Setting.ALLOW_DANGEROUS_ENV)))
                        : draft.flag(Setting.ALLOW_DANGEROUS_ENV) ? new JobVariables.All() : JobVariables.HARMLESS;
        return draft.has(Setting.ALLOWED_OVERWRITABLE_ENV_VARS)
                ? new JobVariables.Only(Set.copyOf(texts(Setting.ALLOWED_OVERWRITABLE_ENV_VARS)))
                : unlessNamed;
    }

    /** A list of texts, or one text. */
    private List<String> texts(Setting setting) {
        List<RubyValue> items = switch (draft.value(setting).orElseThrow()) {
            case RubyValue.Array(var list) -> list;
            case RubyValue single -> List.of(single);
        };
        List<String> texts = new ArrayList<>();
        for (RubyValue item : items) {
            item.asText()
                    .ifPresentOrElse(
                            texts::add,
                            () -> draft.wrong(setting, "must be a list of texts, holds " + SettingsDraft.print(item)));
        }
        return texts;
    }

    private TlsSettings tls() {
        boolean verify = switch (draft.text(Setting.SSL_VERIFY_MODE).orElse("verify_peer")) {
            case "verify_peer" -> true;
            case "verify_none" -> false;
            case String other -> {
                draft.wrong(Setting.SSL_VERIFY_MODE, "must be :verify_peer or :verify_none, is " + other);
                yield true;
            }
        };
        return new TlsSettings(
                verify | draft.flag(Setting.VERIFY_API_CERT),
                draft.path(Setting.TRUSTED_CERTS_DIR).orElse(TlsSettings.DEFAULT.trustedCertsDir()));
    }

    private ProxySettings proxies() {
        fromEnvironment(Setting.HTTP_PROXY);
        fromEnvironment(Setting.HTTPS_PROXY);
        fromEnvironment(Setting.NO_PROXY);
        List<String> noProxy = draft.has(Setting.NO_PROXY)
                ? texts(Setting.NO_PROXY).stream()
                        .flatMap(text -> ProxySettings.list(text).stream())
                        .toList()
                : List.of();
        return new ProxySettings(
                proxy(Setting.HTTP_PROXY, Setting.HTTP_PROXY_USER, Setting.HTTP_PROXY_PASS),
                proxy(Setting.HTTPS_PROXY, Setting.HTTPS_PROXY_USER, Setting.HTTPS_PROXY_PASS),
                noProxy);
    }

    /** The file's value wins; an empty variable is as none. */
    private void fromEnvironment(Setting setting) {
        for (String name : List.of(setting.key(), setting.key().toUpperCase(Locale.ROOT))) {
            String value = environment.getOrDefault(name, "");
            if (!draft.has(setting) && !value.isBlank()) {
                draft.put(setting, "the environment variable " + name, new RubyValue.Text(value));
            }
        }
    }

    private Optional<ProxyAddress> proxy(Setting address, Setting user, Setting password) {
        if (draft.value(address).equals(Optional.of(new RubyValue.Text("")))) {
            return Optional.empty();
        }
        try {
            Optional<ProxyAddress> proxy = draft.text(address).map(ProxyAddress::parse);
            return draft.has(user)
                    ? proxy.map(found -> found.withCredentials(
                            draft.text(user).orElse(""), draft.text(password).orElse("")))
                    : proxy;
        } catch (IllegalArgumentException e) {
            draft.wrong(address, e.getMessage());
            return Optional.empty();
        }
    }

    private LogSettings log() {
        Level level = draft.text(Setting.LOG_LEVEL).flatMap(this::level).orElse(LogSettings.DEFAULT.level());
        return new LogSettings(level, logFile());
    }

    /** Chef's symbols and streams mean the standard output here; a service manager takes it where it belongs. */
    private Optional<Path> logFile() {
        return switch (draft.value(Setting.LOG_LOCATION).orElse(new RubyValue.Symbol("stdout"))) {
            case RubyValue.Symbol _, RubyValue.Stream _, RubyValue.Absent _, RubyValue.Other _ -> Optional.empty();
            case RubyValue.Text(var text) when text.equalsIgnoreCase("stdout") -> Optional.empty();
            case RubyValue _ -> draft.path(Setting.LOG_LOCATION);
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
