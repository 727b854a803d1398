package org.pushjobs.config.settings;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushjobs.config.AccessConfig;
import org.pushjobs.config.AgentsConfig;
import org.pushjobs.config.ApiConfig;
import org.pushjobs.config.ClusterConfig;
import org.pushjobs.config.CoordinatorConfig;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.config.DirectoryConfig;
import org.pushjobs.config.FeedConfig;
import org.pushjobs.config.GatewayConfig;
import org.pushjobs.config.HealthConfig;
import org.pushjobs.config.JobsConfig;
import org.pushjobs.config.LogFormat;
import org.pushjobs.config.ManagementConfig;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.config.ServerRole;
import org.pushjobs.config.files.ConfigException;
import org.pushjobs.protocol.codec.MessageLimits;
import org.pushjobs.protocol.config.Extensions;
import org.slf4j.event.Level;

/**
 * The server's settings as one JSON file holds them (docs/configuration.md). Relative paths in it start from the directory
 * that it is in. Immutable, usable from any thread.
 */
public final class ConfigFile {
    private final ServerConfig config;
    private final List<String> warnings;
    private final List<EffectiveSetting> settings;
    private final Optional<Level> logLevel;
    private final Optional<Level> libraryLogLevel;
    private final LogFormat logFormat;

    /** The names of the settings whose changes count while the server runs. */
    public static final Set<String> TAKEN_UP_AT_ONCE =
            Set.of(Settings.LOG_LEVEL.name(), Settings.LIBRARY_LOG_LEVEL.name(), Settings.LOG_FORMAT.name());

    private ConfigFile(ServerConfig config, SettingValues values, List<EffectiveSetting> settings) {
        this.config = config;
        this.warnings = values.warnings();
        this.settings = settings;
        this.logLevel = values.value(Settings.LOG_LEVEL);
        this.libraryLogLevel = values.value(Settings.LIBRARY_LOG_LEVEL);
        this.logFormat = values.get(Settings.LOG_FORMAT);
    }

    /**
     * Reads the file and, for the password of the database, this process's environment. Asks the resolver for this
     * machine's name when the file gives none.
     *
     * @throws ConfigException with everything that is wrong
     */
    public static ConfigFile read(Path file) throws ConfigException {
        return read(file, System.getenv(), LocalHostName::find);
    }

    /**
     * @param environment may hold the password of the database
     * @param hostName the default of {@code server_name_advertised}
     * @throws ConfigException with everything that is wrong
     */
    public static ConfigFile read(Path file, Map<String, String> environment, Supplier<String> hostName)
            throws ConfigException {
        Objects.requireNonNull(environment, "environment");
        SettingValues values = new SettingValues(file);
        checkPorts(values);
        checkGateway(values);
        Optional<DatabaseConfig> database = new DatabaseSettings(file, values, environment).read();
        ClusterSettings cluster = new ClusterSettings(values);
        cluster.check(database);
        DirectorySettings directorySettings = new DirectorySettings(file, values);
        Optional<DirectoryConfig> directory = directorySettings.read();
        values.throwErrors();

        AccessConfig access = directorySettings.access(directory.orElseThrow());
        ServerConfig config =
                config(file, values, cluster.get(), database.orElseThrow(), directory.orElseThrow(), access, hostName);
        warn(config, values);
        return new ConfigFile(config, values, settings(file, values, config));
    }

    private static void checkPorts(SettingValues values) {
        Map<Integer, Setting<Integer>> users = new HashMap<>();
        for (Setting<Integer> setting : ports(values)) {
            values.value(setting).filter(port -> port != 0).ifPresent(port -> {
                Setting<Integer> earlier = users.putIfAbsent(port, setting);
                if (earlier != null) {
                    values.error(setting, "is " + port + ", as is " + earlier.name() + "; give each its own port");
                }
            });
        }
    }

    private static List<Setting<Integer>> ports(SettingValues values) {
        List<Setting<Integer>> ofAll = List.of(
                Settings.API_PORT, Settings.SERVER_HEARTBEAT_PORT, Settings.COMMAND_PORT, Settings.MANAGEMENT_PORT);
        List<Setting<Integer>> ofMembers = List.of(Settings.CLUSTER_PORT, Settings.CLUSTER_BUS_PORT);
        return ClusterSettings.areGiven(values)
                ? Stream.of(ofAll, ofMembers).flatMap(List::stream).toList()
                : ofAll;
    }

    private static void checkGateway(SettingValues values) {
        boolean isElsewhere = !ClusterSettings.isSpread(values)
                && values.value(Settings.ROLES)
                        .filter(roles -> !roles.contains(ServerRole.GATEWAY))
                        .isPresent();
        for (Setting<Integer> setting : List.of(Settings.SERVER_HEARTBEAT_PORT, Settings.COMMAND_PORT)) {
            if (isElsewhere && values.value(setting).filter(port -> port == 0).isPresent()) {
                values.error(
                        setting,
                        "is 0, but this process has no gateway that could take a free port; set it to the gateway's, or"
                                + " add gateway to roles");
            }
        }
    }

    private static ServerConfig config(
            Path file,
            SettingValues values,
            Optional<ClusterConfig> cluster,
            DatabaseConfig database,
            DirectoryConfig directory,
            AccessConfig access,
            Supplier<String> hostName) {
        return new ServerConfig(
                Set.copyOf(values.get(Settings.ROLES)),
                new ApiConfig(
                        values.get(Settings.API_LISTEN_ADDRESS),
                        values.get(Settings.API_PORT),
                        values.get(Settings.TRUSTED_PROXIES)),
                gateway(values),
                new ManagementConfig(
                        values.get(Settings.MANAGEMENT_LISTEN_ADDRESS),
                        values.get(Settings.MANAGEMENT_PORT),
                        values.value(Settings.AUDIT_LOG_FILE).map(path -> resolve(file, path))),
                new HealthConfig(
                        values.get(Settings.HEARTBEAT_INTERVAL),
                        values.get(Settings.DOWN_THRESHOLD),
                        values.get(Settings.DECAY_WINDOW),
                        values.get(Settings.DETECT_OFFLINE_NODES_INTERVAL),
                        values.get(Settings.REHAB_TIMER)),
                agents(values, hostName),
                new CoordinatorConfig(values.get(Settings.COORDINATOR_LEASE)),
                cluster,
                new JobsConfig(
                        values.get(Settings.VOTING_TIMEOUT),
                        values.get(Settings.DEFAULT_RUNNING_TIMEOUT),
                        values.get(Settings.ABORT_GRACE),
                        values.get(Settings.JOB_RECOVERY),
                        values.get(Settings.JOB_RETENTION_DAYS)),
                new FeedConfig(
                        values.get(Settings.WAIT_COMPLETE_TIME),
                        values.get(Settings.ORG_FEED_EXPIRATION),
                        values.get(Settings.KEEP_ALIVE_TIME)),
                database,
                resolve(file, values.get(Settings.SECRETS_FILE)),
                directory,
                access);
    }

    private static GatewayConfig gateway(SettingValues values) {
        return new GatewayConfig(
                values.get(Settings.ZEROMQ_LISTEN_ADDRESS),
                values.get(Settings.SERVER_HEARTBEAT_PORT),
                values.get(Settings.COMMAND_PORT),
                values.get(Settings.DISABLE_CURVE_ENCRYPTION),
                values.get(Settings.CRYPTO),
                values.get(Settings.ZMQ_IO_PROCESSES),
                new GatewayConfig.Connections(
                        values.get(Settings.MAX_AGENT_CONNECTIONS),
                        values.get(Settings.MAX_AGENT_CONNECTIONS_PER_ADDRESS)),
                new MessageLimits(values.get(Settings.MAX_BODY_SIZE), values.get(Settings.MAX_MESSAGE_SKEW)));
    }

    private static AgentsConfig agents(SettingValues values, Supplier<String> hostName) {
        String serverName = values.value(Settings.SERVER_NAME_ADVERTISED).orElseGet(hostName);
        return new AgentsConfig(
                serverName,
                values.value(Settings.GATEWAY_ADDRESS).orElse(serverName),
                values.get(Settings.VALIDATE_CLIENT_NODE_NAME),
                values.get(Settings.AGENT_EXTENSIONS)
                        ? Optional.of(new Extensions(
                                AgentsConfig.OUTPUT_WINDOW_BYTES,
                                values.get(Settings.MAX_OUTPUT_SIZE),
                                values.get(Settings.MAX_OUTPUT_TAIL)))
                        : Optional.empty(),
                values.get(Settings.CONFIG_LIFETIME));
    }

    private static void warn(ServerConfig config, SettingValues values) {
        if (config.agents().gatewayAddress().equals("localhost")) {
            values.warn(
                    values.isGiven(Settings.GATEWAY_ADDRESS)
                            ? Settings.GATEWAY_ADDRESS
                            : Settings.SERVER_NAME_ADVERTISED,
                    "is localhost, where agents on other machines cannot reach this server; set it to a name that they"
                            + " can resolve");
        }
        if (config.gateway().clearText()) {
            values.warn(
                    Settings.DISABLE_CURVE_ENCRYPTION,
                    "is true: commands and their output travel in clear text; remove it when all agents can encrypt");
        }
    }

    /** A path in the file, seen from anywhere. */
    static Path resolve(Path file, Path written) {
        return file.toAbsolutePath().resolveSibling(written).normalize();
    }

    private static List<EffectiveSetting> settings(Path file, SettingValues values, ServerConfig config) {
        Map<Setting<?>, String> resolved = new HashMap<>();
        resolved.put(Settings.SERVER_NAME_ADVERTISED, config.agents().serverName());
        resolved.put(Settings.GATEWAY_ADDRESS, config.agents().gatewayAddress());
        resolved.put(
                Settings.READ_ACCESS,
                Settings.READ_ACCESS.form().show(config.access().read()));
        resolved.put(
                Settings.ENV_ACCESS,
                Settings.ENV_ACCESS.form().show(config.access().env()));
        for (Setting<Path> setting : List.of(
                Settings.SECRETS_FILE,
                Settings.DATA_DIRECTORY,
                Settings.DATABASE_PASSWORD_FILE,
                Settings.SUPERUSER_KEY_FILE,
                Settings.CHEF_CA_FILE,
                Settings.AUDIT_LOG_FILE)) {
            values.value(setting)
                    .ifPresent(path -> resolved.put(setting, resolve(file, path).toString()));
        }
        return Settings.ALL.stream()
                .map(setting -> new EffectiveSetting(
                        setting.name(),
                        resolved.getOrDefault(setting, shown(setting, values)),
                        setting.unit(),
                        !values.isGiven(setting)))
                .toList();
    }

    private static <T> String shown(Setting<T> setting, SettingValues values) {
        return values.value(setting).map(setting.form()::show).orElse("");
    }

    public ServerConfig config() {
        return config;
    }

    /** How much the server logs; empty when its environment says it. */
    public Optional<Level> logLevel() {
        return logLevel;
    }

    /** How much the libraries in it log; empty when its environment says it. */
    public Optional<Level> libraryLogLevel() {
        return libraryLogLevel;
    }

    /** How the lines of its log look. */
    public LogFormat logFormat() {
        return logFormat;
    }

    /** What an operator should look at although the server can start. */
    public List<String> warnings() {
        return warnings;
    }

    /** Every setting there is, in the order of docs/configuration.md. */
    public List<EffectiveSetting> settings() {
        return settings;
    }

    /** {@link #settings()} as a table for {@code --check-config}, one line each; ends in a line break. */
    public String describe() {
        List<List<String>> rows = Stream.concat(
                        Stream.of(List.of("SETTING", "VALUE", "UNIT", "FROM")),
                        settings.stream()
                                .map(setting -> List.of(
                                        setting.name(),
                                        setting.value().isEmpty() ? "-" : setting.value(),
                                        setting.unit().isEmpty() ? "-" : setting.unit(),
                                        setting.isDefault() ? "default" : "file")))
                .toList();
        int[] widths = new int[3];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        String format = "%-" + widths[0] + "s  %-" + widths[1] + "s  %-" + widths[2] + "s  %s%n";
        return rows.stream().map(row -> format.formatted(row.toArray())).collect(Collectors.joining());
    }
}
