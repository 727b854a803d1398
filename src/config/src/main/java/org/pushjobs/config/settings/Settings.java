package org.pushjobs.config.settings;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.pushjobs.config.AddressRange;
import org.pushjobs.config.CryptoChoice;
import org.pushjobs.config.EnvAccess;
import org.pushjobs.config.JobRecovery;
import org.pushjobs.config.LogFormat;
import org.pushjobs.config.MemberAddress;
import org.pushjobs.config.ReadAccess;
import org.pushjobs.config.ServerRole;
import org.pushjobs.protocol.message.OutputTail;
import org.slf4j.event.Level;

/**
 * Every setting of the server's file, in the order in which they are documented and described (docs/configuration.md).
 * The names are those that Chef users know (packaging-ha.md, sections 2.2 and 6.2) and a few of ours. It is long because they
 * are many, and their order is one.
 */
final class Settings {
    private static final String HOST = "(\\*|\\[[0-9a-fA-F:.]+]|[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)";
    private static final int DAY_SECONDS = 86_400;
    private static final int YEAR_SECONDS = 365 * DAY_SECONDS;

    private static final Form.Word<ServerRole> ROLE = new Form.Word<>(
            Map.of("api", ServerRole.API, "gateway", ServerRole.GATEWAY, "coordinator", ServerRole.COORDINATOR), "");
    static final Setting<List<ServerRole>> ROLES = Setting.withDefault(
            "roles",
            "",
            new ListForm<>(
                    word -> Optional.ofNullable(ROLE.meanings().get(word)),
                    ROLE::show,
                    1,
                    "a list of api, gateway and coordinator, one of them at least"),
            "api, gateway, coordinator");
    private static final Form<String> ADVERTISED = new Form.Text(
            Pattern.compile("(?!\\*)" + HOST),
            "a host name or an IP address without scheme and port (IPv6 in brackets)");
    static final Setting<String> SERVER_NAME_ADVERTISED =
            Setting.withoutDefault("server_name_advertised", ADVERTISED).withAlias("server_name");
    static final Setting<String> GATEWAY_ADDRESS = Setting.withoutDefault("gateway_address", ADVERTISED);
    private static final Form.Text HTTP_LISTEN_ADDRESS = new Form.Text(
            Pattern.compile("[0-9a-fA-F]*:[0-9a-fA-F:.]*:[0-9a-fA-F.]*|(?!\\*|\\[)" + HOST),
            "an IP address or host name of this machine without scheme and port");
    static final Setting<String> API_LISTEN_ADDRESS =
            Setting.withDefault("api_listen_address", "", HTTP_LISTEN_ADDRESS, "0.0.0.0");
    static final Setting<Integer> API_PORT = port("api_port", "10003");
    static final Setting<List<AddressRange>> TRUSTED_PROXIES = Setting.withDefault(
            "trusted_proxies",
            "",
            new ListForm<>(
                    AddressRange::parse,
                    AddressRange::toString,
                    0,
                    "a list of IP addresses and ranges, such as [\"127.0.0.0/8\", \"::1\", \"10.1.2.3\"]; [] for none"),
            "127.0.0.0/8, ::1");
    static final Setting<String> ZEROMQ_LISTEN_ADDRESS = Setting.withDefault(
            "zeromq_listen_address",
            "",
            new Form.Text(
                    Pattern.compile("tcp://" + HOST),
                    "tcp:// and * (all), an IP address, a host name or an interface, without port (tcp://*)"),
            "tcp://*");
    static final Setting<Integer> SERVER_HEARTBEAT_PORT = port("server_heartbeat_port", "10000");
    static final Setting<Integer> COMMAND_PORT = port("command_port", "10002");
    static final Setting<Integer> ZMQ_IO_PROCESSES =
            Setting.withDefault("zmq_io_processes", "event loops", new Form.WholeNumber(1, 64, ""), "1");
    static final Setting<CryptoChoice> CRYPTO = Setting.withDefault(
            "crypto",
            "",
            new Form.Word<>(
                    Map.of("auto", CryptoChoice.AUTO, "java", CryptoChoice.JAVA, "libsodium", CryptoChoice.LIBSODIUM),
                    "auto, java or libsodium"),
            "auto");
    static final Setting<Integer> MAX_AGENT_CONNECTIONS = Setting.withDefault(
            "max_agent_connections", "connections", new Form.WholeNumber(1, 1_000_000, ""), "100000");
    static final Setting<Integer> MAX_AGENT_CONNECTIONS_PER_ADDRESS = Setting.withDefault(
            "max_agent_connections_per_address", "connections", new Form.WholeNumber(1, 1_000_000, ""), "50000");
    static final Setting<String> MANAGEMENT_LISTEN_ADDRESS =
            Setting.withDefault("management_listen_address", "", HTTP_LISTEN_ADDRESS, "127.0.0.1");
    static final Setting<Integer> MANAGEMENT_PORT = port("management_port", "10004");
    static final Setting<List<MemberAddress>> CLUSTER_MEMBERS = Setting.withoutDefault(
            "cluster_members",
            new ListForm<>(
                    MemberAddress::parse,
                    MemberAddress::toString,
                    0,
                    "a list of members, HOST:PORT each, such as [\"push-1.example.com:10005\", \"10.1.2.3:10005\","
                            + " \"[2001:db8::1]:10005\"]; [] for a server that is alone"));
    static final Setting<String> CLUSTER_ADDRESS = Setting.withoutDefault(
            "cluster_address",
            new Form.Text(
                    Pattern.compile("(?!(0\\.0\\.0\\.0|[0:]+)$)("
                            + HTTP_LISTEN_ADDRESS.pattern().pattern() + ")"),
                    "an IP address or host name of this machine at which the other members reach it, without scheme and"
                            + " port; not one that stands for all addresses"));
    static final Setting<Integer> CLUSTER_PORT = fixedPort("cluster_port", "10005");
    static final Setting<Integer> CLUSTER_BUS_PORT = fixedPort("cluster_bus_port", "10006");
    static final Setting<Boolean> SPREAD = Setting.withDefault("spread", "", Form.Word.FLAG, "false");
    static final Setting<Duration> HEARTBEAT_INTERVAL = millis("heartbeat_interval", 100, 3_600_000, "10000");
    static final Setting<Double> DOWN_THRESHOLD = Setting.withDefault(
            "down_threshold",
            "heartbeats per interval",
            new Form.DecimalNumber(new BigDecimal("0.01"), BigDecimal.ONE, "a number from 0.01 to 1"),
            "0.6");
    static final Setting<Double> DECAY_WINDOW = Setting.withDefault(
            "decay_window",
            "heartbeat intervals",
            new Form.DecimalNumber(
                    BigDecimal.ONE,
                    BigDecimal.valueOf(1000),
                    "a number from 1 to 1000: below 1 the mean would swing wider than the heartbeats that it levels, and"
                            + " nodes would go up and down; 1 looks at the last interval only"),
            "4");
    static final Setting<Integer> DETECT_OFFLINE_NODES_INTERVAL = Setting.withDefault(
            "detect_offline_nodes_interval", "heartbeat intervals", new Form.WholeNumber(1, 1000, ""), "4");
    static final Setting<Boolean> VALIDATE_CLIENT_NODE_NAME =
            Setting.withDefault("validate_client_node_name", "", Form.Word.FLAG, "true");
    static final Setting<Integer> MAX_BODY_SIZE =
            Setting.withDefault("max_body_size", "bytes", new Form.WholeNumber(1024, 104_857_600, ""), "65536");
    static final Setting<Boolean> AGENT_EXTENSIONS =
            Setting.withDefault("agent_extensions", "", Form.Word.FLAG, "true");
    static final Setting<Integer> MAX_OUTPUT_SIZE =
            Setting.withDefault("max_output_size", "bytes", new Form.WholeNumber(1024, 1_073_741_824, ""), "10485760");
    static final Setting<Integer> MAX_OUTPUT_TAIL = Setting.withDefault(
            "max_output_tail",
            "bytes",
            new Form.WholeNumber(0, OutputTail.MOST_BYTES, ", where 0 stores none"),
            "4096");
    static final Setting<Duration> MAX_MESSAGE_SKEW = seconds("max_message_skew", 1, DAY_SECONDS, "300");
    static final Setting<Duration> CONFIG_LIFETIME = seconds("config_lifetime", 1, YEAR_SECONDS, "3600");
    static final Setting<Duration> VOTING_TIMEOUT = seconds("voting_timeout", 1, DAY_SECONDS, "60");
    static final Setting<Duration> DEFAULT_RUNNING_TIMEOUT =
            seconds("default_running_timeout", 1, YEAR_SECONDS, "3600");
    static final Setting<Duration> ABORT_GRACE = seconds("abort_grace", 1, DAY_SECONDS, "30");
    static final Setting<Duration> WAIT_COMPLETE_TIME = seconds("wait_complete_time", 0, DAY_SECONDS, "5");
    static final Setting<Duration> ORG_FEED_EXPIRATION = seconds("org_feed_expiration", 0, DAY_SECONDS, "60");
    static final Setting<Duration> KEEP_ALIVE_TIME = seconds("keep_alive_time", 1, 3600, "15");
    static final Setting<Duration> REHAB_TIMER = millis("rehab_timer", 10, 600_000, "1000");
    static final Setting<Boolean> DISABLE_CURVE_ENCRYPTION =
            Setting.withDefault("disable_curve_encryption", "", Form.Word.FLAG, "false");
    static final Setting<Duration> COORDINATOR_LEASE = seconds("coordinator_lease", 1, 60, "3");
    static final Setting<JobRecovery> JOB_RECOVERY = Setting.withDefault(
            "job_recovery",
            "",
            new Form.Word<>(Map.of("resume", JobRecovery.RESUME, "crash", JobRecovery.CRASH), "resume or crash"),
            "resume");
    static final Setting<Duration> JOB_RETENTION_DAYS = Setting.withDefault(
            "job_retention_days",
            "days",
            new Form.Time(ChronoUnit.DAYS, new Form.WholeNumber(0, 36_500, " (days), where 0 keeps jobs for ever")),
            "30");
    static final Setting<Path> AUDIT_LOG_FILE =
            Setting.withoutDefault("audit_log_file", new Form.FilePath("the path of a file"));
    static final Setting<DatabaseAddress> DATABASE =
            Setting.withDefault("database", "", new DatabaseAddress.AddressForm(), "embedded");
    static final Setting<Path> DATABASE_PASSWORD_FILE =
            Setting.withoutDefault("database_password_file", new Form.FilePath("the path of a file"));
    static final Setting<Integer> DB_POOL_SIZE =
            Setting.withDefault("db_pool_size", "connections", new Form.WholeNumber(1, 1000, ""), "20");
    static final Setting<Path> DATA_DIRECTORY =
            Setting.withoutDefault("data_directory", new Form.FilePath("the path of a directory"));
    static final Setting<Path> SECRETS_FILE =
            Setting.withDefault("secrets_file", "", new Form.FilePath("the path of a file"), "secrets.json");
    private static final Form<Level> LEVEL = new Form.Word<>(
            Map.of(
                    "error", Level.ERROR,
                    "warn", Level.WARN,
                    "info", Level.INFO,
                    "debug", Level.DEBUG,
                    "trace", Level.TRACE),
            "error, warn, info, debug or trace");
    static final Setting<Level> LOG_LEVEL = Setting.withoutDefault("log_level", LEVEL);
    static final Setting<Level> LIBRARY_LOG_LEVEL = Setting.withoutDefault("library_log_level", LEVEL);
    static final Setting<LogFormat> LOG_FORMAT = Setting.withDefault(
            "log_format",
            "",
            new Form.Word<>(Map.of("text", LogFormat.TEXT, "json", LogFormat.JSON), "text or json"),
            "text");
    static final Setting<DirectorySettings.Kind> DIRECTORY = Setting.withDefault(
            "directory",
            "",
            new Form.Word<>(
                    Map.of(
                            "standalone", DirectorySettings.Kind.STANDALONE,
                            "chef_server", DirectorySettings.Kind.CHEF_SERVER),
                    "standalone or chef_server"),
            "standalone");
    static final Setting<ReadAccess> READ_ACCESS = Setting.withoutDefault(
            "read_access",
            new Form.Word<>(
                    Map.of("organization", ReadAccess.ORGANIZATION, "restricted", ReadAccess.RESTRICTED),
                    "organization or restricted"));
    static final Setting<EnvAccess> ENV_ACCESS = Setting.withoutDefault(
            "env_access",
            new Form.Word<>(Map.of("readers", EnvAccess.READERS, "writers", EnvAccess.WRITERS), "readers or writers"));
    static final Setting<URI> ERCHEF_ROOT_URL = Setting.withoutDefault("erchef_root_url", new ServerUrlForm());
    static final Setting<String> ERCHEF_HOST = Setting.withDefault("erchef_host", "", ADVERTISED, "localhost");
    static final Setting<Integer> ERCHEF_PORT = fixedPort("erchef_port", "8000");
    static final Setting<String> SUPERUSER_NAME = Setting.withDefault(
            "superuser_name",
            "",
            new Form.Text(
                    Pattern.compile("[A-Za-z0-9._-]{1,100}"),
                    "the name of a Chef server's user: 1 to 100 letters, digits and . _ -"),
            "pivotal");
    static final Setting<Path> SUPERUSER_KEY_FILE =
            Setting.withoutDefault("superuser_key_file", new Form.FilePath("the path of a file"));
    static final Setting<Path> CHEF_CA_FILE =
            Setting.withoutDefault("chef_ca_file", new Form.FilePath("the path of a file"));
    static final Setting<DirectorySettings.VerifyMode> CHEF_VERIFY_MODE = Setting.withDefault(
            "chef_verify_mode",
            "",
            new Form.Word<>(
                    Map.of(
                            "verify_peer", DirectorySettings.VerifyMode.VERIFY_PEER,
                            "verify_none", DirectorySettings.VerifyMode.VERIFY_NONE),
                    "verify_peer or verify_none"),
            "verify_peer");
    static final Setting<Duration> DIRECTORY_CACHE_SECONDS = seconds("directory_cache_seconds", 0, 3600, "10");
    static final Setting<Duration> DIRECTORY_CONNECT_TIMEOUT = millis("directory_connect_timeout", 100, 60_000, "2000");
    static final Setting<Duration> DIRECTORY_TIMEOUT = millis("directory_timeout", 100, 60_000, "5000");
    static final Setting<Integer> DIRECTORY_MAX_CONNECTIONS =
            Setting.withDefault("directory_max_connections", "connections", new Form.WholeNumber(1, 1000, ""), "64");
    static final Setting<Integer> DIRECTORY_MAX_WAITING =
            Setting.withDefault("directory_max_waiting", "look-ups", new Form.WholeNumber(0, 100_000, ""), "1000");

    static final List<Setting<?>> ALL = List.of(
            ROLES,
            SERVER_NAME_ADVERTISED,
            GATEWAY_ADDRESS,
            API_LISTEN_ADDRESS,
            API_PORT,
            TRUSTED_PROXIES,
            ZEROMQ_LISTEN_ADDRESS,
            SERVER_HEARTBEAT_PORT,
            COMMAND_PORT,
            ZMQ_IO_PROCESSES,
            CRYPTO,
            MAX_AGENT_CONNECTIONS,
            MAX_AGENT_CONNECTIONS_PER_ADDRESS,
            MANAGEMENT_LISTEN_ADDRESS,
            MANAGEMENT_PORT,
            CLUSTER_MEMBERS,
            CLUSTER_ADDRESS,
            CLUSTER_PORT,
            CLUSTER_BUS_PORT,
            SPREAD,
            HEARTBEAT_INTERVAL,
            DOWN_THRESHOLD,
            DECAY_WINDOW,
            DETECT_OFFLINE_NODES_INTERVAL,
            VALIDATE_CLIENT_NODE_NAME,
            MAX_BODY_SIZE,
            AGENT_EXTENSIONS,
            MAX_OUTPUT_SIZE,
            MAX_OUTPUT_TAIL,
            MAX_MESSAGE_SKEW,
            CONFIG_LIFETIME,
            VOTING_TIMEOUT,
            DEFAULT_RUNNING_TIMEOUT,
            ABORT_GRACE,
            WAIT_COMPLETE_TIME,
            ORG_FEED_EXPIRATION,
            KEEP_ALIVE_TIME,
            REHAB_TIMER,
            DISABLE_CURVE_ENCRYPTION,
            COORDINATOR_LEASE,
            JOB_RECOVERY,
            JOB_RETENTION_DAYS,
            AUDIT_LOG_FILE,
            DATABASE,
            DATABASE_PASSWORD_FILE,
            DB_POOL_SIZE,
            DATA_DIRECTORY,
            SECRETS_FILE,
            LOG_LEVEL,
            LIBRARY_LOG_LEVEL,
            LOG_FORMAT,
            DIRECTORY,
            READ_ACCESS,
            ENV_ACCESS,
            ERCHEF_ROOT_URL,
            ERCHEF_HOST,
            ERCHEF_PORT,
            SUPERUSER_NAME,
            SUPERUSER_KEY_FILE,
            CHEF_CA_FILE,
            CHEF_VERIFY_MODE,
            DIRECTORY_CACHE_SECONDS,
            DIRECTORY_CONNECT_TIMEOUT,
            DIRECTORY_TIMEOUT,
            DIRECTORY_MAX_CONNECTIONS,
            DIRECTORY_MAX_WAITING);

    private Settings() {}

    private static Setting<Integer> port(String name, String defaultText) {
        return Setting.withDefault(
                name, "TCP port", new Form.WholeNumber(0, 65_535, ", where 0 takes a free port"), defaultText);
    }

    private static Setting<Integer> fixedPort(String name, String defaultText) {
        return Setting.withDefault(name, "TCP port", new Form.WholeNumber(1, 65_535, ""), defaultText);
    }

    private static Setting<Duration> millis(String name, long min, long max, String defaultText) {
        return Setting.withDefault(
                name, "ms", new Form.Time(ChronoUnit.MILLIS, new Form.WholeNumber(min, max, " (ms)")), defaultText);
    }

    private static Setting<Duration> seconds(String name, long min, long max, String defaultText) {
        return Setting.withDefault(
                name, "s", new Form.Time(ChronoUnit.SECONDS, new Form.WholeNumber(min, max, " (s)")), defaultText);
    }
}
