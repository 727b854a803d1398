package org.pushjobs.config.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.config.AccessConfig;
import org.pushjobs.config.AddressRange;
import org.pushjobs.config.AgentsConfig;
import org.pushjobs.config.ApiConfig;
import org.pushjobs.config.ClusterConfig;
import org.pushjobs.config.CoordinatorConfig;
import org.pushjobs.config.CryptoChoice;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.config.DirectoryConfig;
import org.pushjobs.config.EnvAccess;
import org.pushjobs.config.FeedConfig;
import org.pushjobs.config.GatewayConfig;
import org.pushjobs.config.HealthConfig;
import org.pushjobs.config.JobRecovery;
import org.pushjobs.config.JobsConfig;
import org.pushjobs.config.ManagementConfig;
import org.pushjobs.config.MemberAddress;
import org.pushjobs.config.ReadAccess;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.config.ServerRole;
import org.pushjobs.config.TlsTrust;
import org.pushjobs.config.files.ConfigException;
import org.pushjobs.protocol.codec.MessageLimits;
import org.pushjobs.protocol.config.Extensions;
import org.pushjobs.protocol.keys.PemKeys;

class ConfigFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PASSWORD = "hush-hush";
    private static final KeyPair SUPERUSER = PemKeys.generate();

    @TempDir
    private Path directory;

    private Path file;
    private Path passwordFile;

    @BeforeEach
    void makePasswordFile() throws IOException {
        file = directory.resolve("server.json");
        passwordFile = Files.writeString(directory.resolve("password"), PASSWORD + "\n");
        Files.setPosixFilePermissions(passwordFile, PosixFilePermissions.fromString("rw-------"));
        Path superuserKey = Files.writeString(
                directory.resolve("superuser.pem"), PemKeys.toPem((RSAPrivateKey) SUPERUSER.getPrivate()));
        Files.setPosixFilePermissions(superuserKey, PosixFilePermissions.fromString("rw-------"));
    }

    private ConfigFile read(String json) throws ConfigException {
        return read(json, Map.of());
    }

    private ConfigFile read(String json, Map<String, String> environment) throws ConfigException {
        try {
            Files.writeString(file, json);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return ConfigFile.read(file, environment, () -> "host.example.com");
    }

    private ConfigFile read(Map<String, ?> settings) throws Exception {
        return read(JSON.writeValueAsString(settings));
    }

    private List<String> errors(String json) {
        return errors(json, Map.of());
    }

    private List<String> errors(String json, Map<String, String> environment) {
        ConfigException e = catchThrowableOfType(ConfigException.class, () -> read(json, environment));
        assertThat(e).as("errors of %s", json).isNotNull();
        return e.errors();
    }

    /** A setting next to what a file needs at least. */
    private static String with(String key, String jsonValue) {
        return "{\n\"data_directory\": \"data\",\n\"" + key + "\": " + jsonValue + "\n}";
    }

    private String withDatabase(String url) {
        return "{\"database\": \"" + url + "\"}";
    }

    @Test
    void settingsThatAreNotGivenHaveTheirDefaults() throws Exception {
        ServerConfig config = read("{\"data_directory\": \"/data\"}").config();

        assertThat(config)
                .isEqualTo(new ServerConfig(
                        EnumSet.allOf(ServerRole.class),
                        new ApiConfig("0.0.0.0", 10_003, ranges("127.0.0.0/8", "::1")),
                        new GatewayConfig(
                                "tcp://*",
                                10_000,
                                10_002,
                                false,
                                CryptoChoice.AUTO,
                                1,
                                new GatewayConfig.Connections(100_000, 50_000),
                                new MessageLimits(65_536, Duration.ofSeconds(300))),
                        new ManagementConfig("127.0.0.1", 10_004, Optional.empty()),
                        new HealthConfig(Duration.ofSeconds(10), 0.6, 4, 4, Duration.ofSeconds(1)),
                        new AgentsConfig(
                                "host.example.com",
                                "host.example.com",
                                true,
                                Optional.of(new Extensions(262_144, 10_485_760, 4096)),
                                Duration.ofHours(1)),
                        new CoordinatorConfig(Duration.ofSeconds(3)),
                        Optional.empty(),
                        new JobsConfig(
                                Duration.ofSeconds(60),
                                Duration.ofHours(1),
                                Duration.ofSeconds(30),
                                JobRecovery.RESUME,
                                Duration.ofDays(30)),
                        new FeedConfig(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(15)),
                        new DatabaseConfig.Embedded(Path.of("/data"), 20),
                        directory.resolve("secrets.json"),
                        new DirectoryConfig.Standalone(Duration.ofSeconds(2)),
                        new AccessConfig(ReadAccess.RESTRICTED, EnvAccess.WRITERS)));
    }

    private static List<AddressRange> ranges(String... texts) {
        return Stream.of(texts)
                .map(text -> AddressRange.parse(text).orElseThrow())
                .toList();
    }

    /** Every setting with a value that is not its default; {@code data_directory} is for the other kind of database. */
    private static Map<String, Object> explicit() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("roles", List.of("gateway", "coordinator"));
        settings.put("server_name_advertised", "push.example.com");
        settings.put("gateway_address", "push-1.example.com");
        settings.put("api_listen_address", "::1");
        settings.put("api_port", 11_003);
        settings.put("trusted_proxies", List.of("10.1.2.3", "192.0.2.128/25", "2001:db8::/32"));
        settings.put("zeromq_listen_address", "tcp://10.1.2.3");
        settings.put("server_heartbeat_port", 11_000);
        settings.put("command_port", 11_002);
        settings.put("zmq_io_processes", 2);
        settings.put("crypto", "java");
        settings.put("max_agent_connections", 70_000);
        settings.put("max_agent_connections_per_address", 20_000);
        settings.put("management_listen_address", "::2");
        settings.put("management_port", 11_004);
        settings.put("cluster_members", List.of("push-1.example.com:10005", "10.1.2.3:10015", "[2001:db8::1]:10005"));
        settings.put("cluster_address", "10.1.2.3");
        settings.put("cluster_port", 10_015);
        settings.put("cluster_bus_port", 10_016);
        settings.put("spread", true);
        settings.put("heartbeat_interval", 1500);
        settings.put("down_threshold", 0.25);
        settings.put("decay_window", 2.5);
        settings.put("detect_offline_nodes_interval", 3);
        settings.put("validate_client_node_name", false);
        settings.put("max_body_size", 100_000);
        settings.put("agent_extensions", false);
        settings.put("max_output_size", 2000);
        settings.put("max_output_tail", 2001);
        settings.put("max_message_skew", 301);
        settings.put("config_lifetime", 302);
        settings.put("voting_timeout", 303);
        settings.put("default_running_timeout", 304);
        settings.put("abort_grace", 309);
        settings.put("wait_complete_time", 305);
        settings.put("org_feed_expiration", 306);
        settings.put("keep_alive_time", 307);
        settings.put("rehab_timer", 308);
        settings.put("disable_curve_encryption", true);
        settings.put("coordinator_lease", 5);
        settings.put("job_recovery", "crash");
        settings.put("job_retention_days", 90);
        settings.put("audit_log_file", "/var/log/audit.jsonl");
        settings.put("database", "postgresql://pushy@db.example.com:5433/pushes");
        settings.put("database_password_file", "password");
        settings.put("db_pool_size", 7);
        settings.put("data_directory", "/elsewhere");
        settings.put("secrets_file", "/etc/keys.json");
        settings.put("log_level", "debug");
        settings.put("library_log_level", "error");
        settings.put("log_format", "json");
        settings.put("directory", "chef_server");
        settings.put("read_access", "restricted");
        settings.put("env_access", "readers");
        settings.put("erchef_root_url", "https://chef.example.com:8443/");
        settings.put("erchef_host", "[::1]");
        settings.put("erchef_port", 8001);
        settings.put("superuser_name", "root");
        settings.put("superuser_key_file", "superuser.pem");
        settings.put("chef_ca_file", "ca.pem");
        settings.put("chef_verify_mode", "verify_none");
        settings.put("directory_cache_seconds", 11);
        settings.put("directory_connect_timeout", 309);
        settings.put("directory_timeout", 310);
        settings.put("directory_max_connections", 12);
        settings.put("directory_max_waiting", 13);
        return settings;
    }

    private static ServerConfig explicitConfig() {
        return new ServerConfig(
                Set.of(ServerRole.GATEWAY, ServerRole.COORDINATOR),
                new ApiConfig("::1", 11_003, ranges("10.1.2.3", "192.0.2.128/25", "2001:db8::/32")),
                new GatewayConfig(
                        "tcp://10.1.2.3",
                        11_000,
                        11_002,
                        true,
                        CryptoChoice.JAVA,
                        2,
                        new GatewayConfig.Connections(70_000, 20_000),
                        new MessageLimits(100_000, Duration.ofSeconds(301))),
                new ManagementConfig("::2", 11_004, Optional.of(Path.of("/var/log/audit.jsonl"))),
                new HealthConfig(Duration.ofMillis(1500), 0.25, 2.5, 3, Duration.ofMillis(308)),
                new AgentsConfig(
                        "push.example.com", "push-1.example.com", false, Optional.empty(), Duration.ofSeconds(302)),
                new CoordinatorConfig(Duration.ofSeconds(5)),
                Optional.of(new ClusterConfig(
                        List.of(
                                new MemberAddress("push-1.example.com", 10_005),
                                new MemberAddress("10.1.2.3", 10_015),
                                new MemberAddress("2001:db8::1", 10_005)),
                        "10.1.2.3",
                        10_015,
                        10_016,
                        true)),
                new JobsConfig(
                        Duration.ofSeconds(303),
                        Duration.ofSeconds(304),
                        Duration.ofSeconds(309),
                        JobRecovery.CRASH,
                        Duration.ofDays(90)),
                new FeedConfig(Duration.ofSeconds(305), Duration.ofSeconds(306), Duration.ofSeconds(307)),
                new DatabaseConfig.External("db.example.com", 5433, "pushes", "pushy", PASSWORD, 7),
                Path.of("/etc/keys.json"),
                new DirectoryConfig.ChefServer(
                        URI.create("https://chef.example.com:8443"),
                        "[::1]",
                        8001,
                        "root",
                        (RSAPrivateKey) SUPERUSER.getPrivate(),
                        new TlsTrust.Anyone(),
                        Duration.ofSeconds(11),
                        Duration.ofMillis(309),
                        Duration.ofMillis(310),
                        12,
                        13),
                new AccessConfig(ReadAccess.RESTRICTED, EnvAccess.READERS));
    }

    @Test
    void everySettingHasAPlaceInTheConfiguration() throws Exception {
        assertThat(explicit().keySet())
                .containsExactlyElementsOf(
                        Settings.ALL.stream().map(Setting::name).toList());

        ServerConfig config = read(explicit()).config();

        assertThat(config).isEqualTo(explicitConfig());
        ServerConfig defaults = read("{\"data_directory\": \"data\"}").config();
        for (RecordComponent component : ServerConfig.class.getRecordComponents()) {
            assertThat(component.getAccessor().invoke(config))
                    .as("%s, explicit", component.getName())
                    .isNotEqualTo(component.getAccessor().invoke(defaults));
        }
        assertThat(new DatabaseConfig.Embedded(Path.of("/elsewhere"), 7))
                .isEqualTo(read("{\"data_directory\": \"/elsewhere\", \"db_pool_size\": 7}")
                        .config()
                        .database());
    }

    @Test
    void numbersAndBooleansMayBeStrings() throws Exception {
        Map<String, Object> settings = explicit();
        settings.replaceAll((_, value) -> value.toString());
        settings.put("roles", "coordinator,gateway");
        settings.put("trusted_proxies", "10.1.2.3, 192.0.2.128/25,2001:db8::/32");
        settings.put("cluster_members", "push-1.example.com:10005, 10.1.2.3:10015,[2001:db8::1]:10005");

        assertThat(read(settings).config()).isEqualTo(explicitConfig());
    }

    @Test
    void relativePathsStartFromTheDirectoryOfTheFile() throws Exception {
        ServerConfig config = read("{\"data_directory\": \"pg/data\", \"secrets_file\": \"../keys.json\"}")
                .config();

        assertThat(config.secretsFile())
                .isEqualTo(directory.toAbsolutePath().getParent().resolve("keys.json"));
        assertThat(config.database()).isEqualTo(new DatabaseConfig.Embedded(directory.resolve("pg/data"), 20));
    }

    @Test
    void serverNameIsAnotherNameOfServerNameAdvertised() throws Exception {
        assertThat(read(with("server_name", "\"push.example.com\""))
                        .config()
                        .agents()
                        .serverName())
                .isEqualTo("push.example.com");
        assertThat(errors(
                        "{\"data_directory\": \"data\",\n\"server_name\": \"a\",\n\"server_name_advertised\": \"a\"}"))
                .containsExactly(file + ", line 3: server_name_advertised was set before, in line 2 as server_name;"
                        + " keep one of them");
    }

    @Test
    void allErrorsAreReportedAtOnceInTheOrderOfTheFile() {
        List<String> errors = errors("""
                {
                  "comand_port": 10002,
                  "api_port": 65536,
                  "decay_window": 0.5,
                  "decay_window": 4,
                  "vip": "10.0.0.1",
                  "validate_client_node_name": "yes"
                }
                """);

        assertThat(errors)
                .containsExactly(
                        file + ", line 2: comand_port is no setting; did you mean command_port?",
                        file + ", line 3: api_port is 65536 but must be a whole number from 0 to 65535, where 0 takes a"
                                + " free port; set it so, or remove it to have the default, 10003",
                        file + ", line 4: decay_window is 0.5 but must be a number from 1 to 1000: below 1 the mean"
                                + " would swing wider than the heartbeats that it levels, and nodes would go up and"
                                + " down; 1 looks at the last interval only; set it so, or remove it to have the"
                                + " default, 4",
                        file + ", line 5: decay_window was set before, in line 4; keep one of them",
                        file
                                + ", line 6: vip is no setting any more; set server_name_advertised to the host that agents"
                                + " shall connect to instead",
                        file + ", line 7: validate_client_node_name is \"yes\" but must be true or false; set it so, or"
                                + " remove it to have the default, true",
                        file + ": data_directory is missing; name the directory in which the embedded database keeps"
                                + " its data, or set database to the URL of a PostgreSQL server");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "api_port|-1",
                "api_port|65536",
                "api_port|1.5",
                "api_port|\"\"",
                "api_port|\"ten\"",
                "api_port|null",
                "api_port|true",
                "api_port|[10003]",
                "api_port|1e400",
                "api_port|99999999999999999999",
                "trusted_proxies|7",
                "trusted_proxies|null",
                "trusted_proxies|{}",
                "trusted_proxies|[7]",
                "trusted_proxies|[\"10.0.0.0/8\", \"\"]",
                "trusted_proxies|[\"10.0.0.0/33\"]",
                "trusted_proxies|[\"::1/129\"]",
                "trusted_proxies|[\"10.0.0.0/-1\"]",
                "trusted_proxies|[\"10.0.0.0/8/8\"]",
                "trusted_proxies|[\"10.0.0\"]",
                "trusted_proxies|[\"10.0.0.256\"]",
                "trusted_proxies|[\"proxy.example.com\"]",
                "trusted_proxies|\"127.0.0.1,,::1\"",
                "roles|\"\"",
                "roles|[]",
                "roles|\"api,frontend\"",
                "roles|[\"API\"]",
                "roles|true",
                "gateway_address|\"*\"",
                "gateway_address|\"push.example.com:10002\"",
                "coordinator_lease|0",
                "coordinator_lease|61",
                "server_heartbeat_port|-1",
                "server_heartbeat_port|65536",
                "command_port|-1",
                "command_port|65536",
                "management_port|65536",
                "management_listen_address|\"*\"",
                "heartbeat_interval|99",
                "heartbeat_interval|3600001",
                "down_threshold|0.009",
                "down_threshold|1e-400",
                "down_threshold|1.01",
                "down_threshold|-0.5",
                "decay_window|0.99",
                "decay_window|0",
                "decay_window|\"0.5\"",
                "decay_window|1001",
                "detect_offline_nodes_interval|0",
                "detect_offline_nodes_interval|1001",
                "validate_client_node_name|1",
                "validate_client_node_name|\"no\"",
                "validate_client_node_name|null",
                "max_body_size|1023",
                "max_body_size|104857601",
                "max_message_skew|0",
                "max_message_skew|86401",
                "config_lifetime|0",
                "config_lifetime|31536001",
                "voting_timeout|0",
                "voting_timeout|86401",
                "default_running_timeout|0",
                "default_running_timeout|31536001",
                "abort_grace|0",
                "abort_grace|86401",
                "wait_complete_time|-1",
                "wait_complete_time|86401",
                "org_feed_expiration|-1",
                "org_feed_expiration|86401",
                "keep_alive_time|0",
                "keep_alive_time|3601",
                "rehab_timer|9",
                "rehab_timer|600001",
                "disable_curve_encryption|\"\"",
                "job_recovery|\"forget\"",
                "job_recovery|\"RESUME\"",
                "job_retention_days|-1",
                "job_retention_days|36501",
                "db_pool_size|0",
                "db_pool_size|1001",
                "server_name_advertised|\"\"",
                "server_name_advertised|\"*\"",
                "server_name_advertised|\"tcp://push.example.com\"",
                "server_name_advertised|\"push.example.com:10002\"",
                "server_name_advertised|\"two words\"",
                "server_name_advertised|5",
                "api_listen_address|\"*\"",
                "api_listen_address|\"\"",
                "api_listen_address|\"[::1]\"",
                "api_listen_address|\"http://127.0.0.1\"",
                "api_listen_address|\"127.0.0.1:10003\"",
                "zeromq_listen_address|\"*\"",
                "zeromq_listen_address|\"udp://*\"",
                "zeromq_listen_address|\"tcp://*:10000\"",
                "zeromq_listen_address|\"tcp://\"",
                "secrets_file|\"\"",
                "secrets_file|7",
                "directory|\"ldap\"",
                "log_level|\"loud\"",
                "log_format|\"xml\"",
                "read_access|\"all\"",
                "env_access|\"admins\"",
                "erchef_root_url|\"chef.example.com\"",
                "erchef_root_url|\"ftp://chef.example.com\"",
                "erchef_root_url|\"https://chef.example.com/organizations\"",
                "erchef_root_url|\"https://chef.example.com?x\"",
                "erchef_root_url|\"https://chef.example.com:65536\"",
                "erchef_root_url|\"https://chef.example.com:0\"",
                "erchef_root_url|\"https://user:hush@chef.example.com\"",
                "erchef_root_url|8443",
                "erchef_host|\"http://localhost\"",
                "erchef_host|\"localhost:8000\"",
                "erchef_host|\"*\"",
                "erchef_port|0",
                "erchef_port|65536",
                "superuser_name|\"\"",
                "superuser_name|\"two words\"",
                "superuser_key_file|\"\"",
                "chef_ca_file|7",
                "chef_verify_mode|\"none\"",
                "chef_verify_mode|true",
                "directory_cache_seconds|-1",
                "directory_cache_seconds|3601",
                "directory_connect_timeout|99",
                "directory_connect_timeout|60001",
                "directory_timeout|99",
                "directory_timeout|60001",
                "directory_max_connections|0",
                "directory_max_connections|1001",
                "directory_max_waiting|-1",
                "directory_max_waiting|100001",
            })
    void aValueOutOfRangeIsRefusedWithKeyAndValue(String key, String value) {
        assertThat(errors(with(key, value)))
                .singleElement()
                .satisfies(error -> assertThat(error)
                        .startsWith(file + ", line 3: " + key + " is ")
                        .contains(" but must be "));
    }

    @Test
    void trustedProxiesMayBeOneStringOrNone() throws Exception {
        assertThat(read(with("trusted_proxies", "\"10.1.2.3, fd00::/8\""))
                        .config()
                        .api()
                        .trustedProxies())
                .isEqualTo(ranges("10.1.2.3", "fd00::/8"));
        assertThat(read(with("trusted_proxies", "[]")).config().api().trustedProxies())
                .isEmpty();
        assertThat(read(with("trusted_proxies", "\"\"")).config().api().trustedProxies())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "api_port|0",
                "api_port|65535",
                "api_port|10003.0",
                "heartbeat_interval|100",
                "down_threshold|0.01",
                "down_threshold|1",
                "decay_window|1",
                "decay_window|\"1.0\"",
                "wait_complete_time|0",
                "server_name_advertised|\"[2001:db8::1]\"",
                "server_name_advertised|\"10.0.0.1\"",
                "server_name_advertised|\"push_jobs\"",
                "api_listen_address|\"::\"",
                "api_listen_address|\"localhost\"",
                "zeromq_listen_address|\"tcp://[::1]\"",
                "zeromq_listen_address|\"tcp://eth0\"",
            })
    void aValueAtTheEdgeOfItsRangeIsTaken(String key, String value) throws Exception {
        String expected = JSON.readTree(value).asText().replace(".0\"", "\"");

        ConfigFile read = read(with(key, value));

        assertThat(read.settings())
                .filteredOn(setting -> setting.name().equals(key))
                .singleElement()
                .satisfies(setting -> {
                    assertThat(setting.isDefault()).isFalse();
                    assertThat(setting.value()).isEqualTo(expected.replaceFirst("^(\\d+)\\.0$", "$1"));
                });
    }

    @Test
    void thePortsMustDiffer() {
        assertThat(errors("{\"data_directory\": \"data\",\n\"api_port\": 10002,\n\"server_heartbeat_port\": 10002}"))
                .containsExactly(
                        file + ", line 3: server_heartbeat_port is 10002, as is api_port; give each its own port",
                        file + ": command_port is 10002, as is api_port; give each its own port");
        assertThat(errors("{\"data_directory\": \"data\",\n\"management_port\": 10000}"))
                .containsExactly(file
                        + ", line 2: management_port is 10000, as is server_heartbeat_port; give each its own port");
    }

    private static final String CLUSTER = "{\n\"database\": \"postgresql://pushy:@db.example.com/pushes\",\n"
            + "\"cluster_members\": [\"a:10005\", \"b:10005\"]";

    @Test
    void aMemberOfAClusterNeedsAnAddressThatTheOthersReach() throws Exception {
        assertThat(errors(CLUSTER + "}"))
                .containsExactly(file + ": cluster_address is missing; name the address of this machine at which the"
                        + " other cluster_members reach it");
        for (String all : List.of("0.0.0.0", "::", "0::0", "*")) {
            assertThat(errors(CLUSTER + ",\n\"cluster_address\": \"" + all + "\"}"))
                    .singleElement()
                    .asString()
                    .contains("line 4: cluster_address is \"" + all + "\" but must be an IP address or host name");
        }
        ClusterConfig cluster = read(CLUSTER + ", \"cluster_address\": \"b\"}")
                .config()
                .cluster()
                .orElseThrow();
        assertThat(cluster.port()).isEqualTo(10_005);
        assertThat(cluster.busPort()).isEqualTo(10_006);
        assertThat(cluster.others()).containsExactly(new MemberAddress("a", 10_005));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a:0", "a:65536", "a:b", "::1:10005", "[a]:10005", "a:1:2", "-a:1", ""})
    void membersAreHostsWithPorts(String member) {
        assertThat(errors(CLUSTER.replace("a:10005", member) + "}"))
                .singleElement()
                .asString()
                .contains("line 3: cluster_members is [\"" + member + "\",\"b:10005\"] but must be a list of members,"
                        + " HOST:PORT each");
    }

    @Test
    void aClusterNeedsADatabaseThatItsMembersShare() {
        assertThat(errors("{\"data_directory\": \"data\", \"cluster_members\": \"a:1\", \"cluster_address\": \"a\"}"))
                .singleElement()
                .asString()
                .contains("cluster_members is given, but database is embedded");
    }

    @Test
    void agentsAreSpreadOverMembersThatEachHaveAnAddressForThem() throws Exception {
        String member = CLUSTER + ", \"cluster_address\": \"a\"";
        assertThat(errors("{\"data_directory\": \"data\", \"spread\": true, \"gateway_address\": \"a\"}"))
                .singleElement()
                .asString()
                .contains("spread is true, but there are no cluster_members");
        assertThat(errors(member + ",\n\"spread\": true}"))
                .containsExactly(file + ", line 4: spread is true, but gateway_address is missing; name the address at"
                        + " which agents reach this machine and no other one");
        assertThat(read(member + ", \"spread\": true, \"gateway_address\": \"a\"}")
                        .config()
                        .cluster()
                        .orElseThrow()
                        .spread())
                .isTrue();
        assertThat(read(member + "}").config().cluster().orElseThrow().spread()).isFalse();
    }

    @Test
    void aProcessWithoutAGatewayHearsOfTheGatewaysWhereTheyAre() throws Exception {
        assertThat(read(CLUSTER + ", \"cluster_address\": \"a\", \"spread\": true, \"roles\": \"api\","
                                + " \"command_port\": 0}")
                        .config()
                        .cluster()
                        .orElseThrow()
                        .spread())
                .isTrue();
    }

    @Test
    void aServerWithoutMembersIsAlone() throws Exception {
        ConfigFile alone = read(
                "{\"data_directory\": \"data\", \"cluster_members\": [],\n\"cluster_address\": \"a\", \"api_port\": 10005}");

        assertThat(alone.config().cluster()).isEmpty();
        assertThat(alone.warnings())
                .containsExactly(file + ", line 2: cluster_address has no effect without cluster_members");
    }

    @Test
    void thePortsOfAClusterDifferFromAllOthers() {
        assertThat(errors(CLUSTER
                        + ", \"cluster_address\": \"a\",\n\"cluster_port\": 10004,\n\"cluster_bus_port\": 10002}"))
                .containsExactly(
                        file + ", line 4: cluster_port is 10004, as is management_port; give each its own port",
                        file + ", line 5: cluster_bus_port is 10002, as is command_port; give each its own port");
    }

    @Test
    void whoHasNoGatewayMustKnowItsPorts() {
        assertThat(errors("{\"data_directory\": \"data\",\n\"roles\": [\"api\"],\n\"command_port\": 0}"))
                .containsExactly(file + ", line 3: command_port is 0, but this process has no gateway that could take a"
                        + " free port; set it to the gateway's, or add gateway to roles");
    }

    @Test
    void anUnknownKeyIsNamedWithoutItsValue() {
        assertThat(errors(with("databse", "\"postgresql://u:" + PASSWORD + "@db/x\"")))
                .containsExactly(file + ", line 3: databse is no setting; did you mean database?");
        assertThat(errors(with("favourite_colour", "\"green\"")))
                .containsExactly(file + ", line 3: favourite_colour is no setting; remove it");
    }

    @Test
    void settingsThatLostTheirMeaningAreAcceptedWithAWarning() throws Exception {
        Map<String, Object> settings = new LinkedHashMap<>(Map.of("data_directory", "data"));
        RetiredSettings.IGNORED.keySet().forEach(key -> settings.put(key, "whatever"));

        ConfigFile read = read(settings);

        List<String> expected = new ArrayList<>();
        RetiredSettings.IGNORED.forEach((key, reason) ->
                expected.add(file + ", line 1: " + key + " has no effect and can be removed: " + reason));
        assertThat(read.warnings()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void noSettingIsRetired() {
        assertThat(Settings.ALL)
                .allSatisfy(setting -> assertThat(setting.name())
                        .isNotIn(RetiredSettings.IGNORED.keySet())
                        .isNotIn(RetiredSettings.REFUSED.keySet()));
    }

    @Test
    void whatMayBeAMistakeIsAWarning() throws Exception {
        assertThat(read(with("server_name", "\"localhost\"")).warnings())
                .singleElement()
                .asString()
                .startsWith(file + ", line 3: server_name is localhost, where agents on other machines cannot");
        assertThat(read(with("disable_curve_encryption", "true")).warnings())
                .singleElement()
                .asString()
                .startsWith(file + ", line 3: disable_curve_encryption is true: commands and their output");
        assertThat(read(with("database_password_file", "\"password\"")).warnings())
                .containsExactly(file + ", line 3: database_password_file has no effect with the embedded database;"
                        + " remove it");
        assertThat(read(with("database", "\"postgresql://u:@db/x\"")).warnings())
                .containsExactly(file + ", line 2: data_directory has no effect, it is for the embedded database only;"
                        + " remove it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgresql://u:p@db.example.com:5433/name|db.example.com|5433|name|u|p",
                "postgres://u:p@db/name|db|5432|name|u|p",
                "postgresql://u:p@[2001:db8::1]:5433/name|2001:db8::1|5433|name|u|p",
                "postgresql://a%40b:p%3A%2f%40+%25@db_1/na%20me|db_1|5432|na me|a@b|p:/@+%",
                "postgresql://u:@10.0.0.1/name|10.0.0.1|5432|name|u|''",
            })
    void aDatabaseUrlIsTakenApart(String url, String host, int port, String database, String user, String password)
            throws Exception {
        assertThat(read(withDatabase(url)).config().database())
                .isEqualTo(new DatabaseConfig.External(host, port, database, user, password, 20));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://u:hush-hush@db/name",
                "postgresql://u:hush-hush@db",
                "postgresql://u:hush-hush@db/",
                "postgresql://:hush-hush@db/name",
                "postgresql://u:hush-hush@db:0/name",
                "postgresql://u:hush-hush@db:65536/name",
                "postgresql://u:hush-hush@db:5432/name?sslmode=require",
                "postgresql://u:hush-hush@with@sign@db/name",
                "postgresql://u:hush-hush%4@db/name",
                "postgresql://u:hush-hush%zz@db/name",
                "embeded hush-hush",
                "postgresql://u:hush-hush@db:5432,/name",
                "postgresql://u:hush-hush@,db/name",
                "postgresql://u:hush-hush@db,db 2/name",
                "postgresql://u:hush-hush@db-1:5432:5433,db-2/name",
                "postgresql://u:hush-hush@2001:db8::1,db/name",
            })
    void aBadDatabaseUrlIsRefusedWithoutShowingIt(String url) {
        assertThat(errors(withDatabase(url)))
                .singleElement()
                .satisfies(error -> assertThat(error)
                        .startsWith(file
                                + ", line 1: database is a value that is not shown because it may hold a password but"
                                + " must be ")
                        .doesNotContain(PASSWORD));
    }

    @Test
    void aDatabaseUrlMayNameSeveralHosts() throws Exception {
        assertThat(read(withDatabase("postgresql://u:p%2F@db-1.example.com,[2001:db8::1]:5433,10.0.0.1:5434/name"
                                + "?target_session_attrs=read-write"))
                        .config()
                        .database())
                .isEqualTo(new DatabaseConfig.Replicated(List.of(
                        new DatabaseConfig.External("db-1.example.com", 5432, "name", "u", "p/", 20),
                        new DatabaseConfig.External("2001:db8::1", 5433, "name", "u", "p/", 20),
                        new DatabaseConfig.External("10.0.0.1", 5434, "name", "u", "p/", 20))));
        assertThat(read(withDatabase("postgresql://u:p@db-1,db-2/name"))
                        .config()
                        .database())
                .isEqualTo(new DatabaseConfig.Replicated(List.of(
                        new DatabaseConfig.External("db-1", 5432, "name", "u", "p", 20),
                        new DatabaseConfig.External("db-2", 5432, "name", "u", "p", 20))));
        assertThat(read(withDatabase("postgresql://u:p@db/name?target_session_attrs=read-write"))
                        .config()
                        .database())
                .as("one is one, whatever is asked of it")
                .isEqualTo(new DatabaseConfig.External("db", 5432, "name", "u", "p", 20));
    }

    @Test
    void severalHostsAreShownWithoutTheirPassword() throws Exception {
        ConfigFile read = read(withDatabase("postgresql://u:" + PASSWORD + "@db-1,[::1]:5433/name"));

        assertThat(read.describe())
                .contains("postgresql://u:***@db-1:5432,[::1]:5433/name")
                .doesNotContain(PASSWORD);
        assertThat(read.config().database()).hasToString("Replicated[u@db-1:5432,[::1]:5433/name]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "db-1,db-2:0/name|a URL whose port is from 1 to 65535",
                "db,db:5432/name|a URL that names each host with its port once",
                "db,DB/name|a URL that names each host with its port once",
                "a,b,c,d,e,f,g,h,i/name|a URL with 8 hosts at most",
                "a,b/name?target_session_attrs=any|a URL whose only parameter, if any, is target_session_attrs=read-write",
                "a,b/name?|a URL whose only parameter, if any, is target_session_attrs=read-write",
                "a,b/name?target_session_attrs=read-write&sslmode=require"
                        + "|a URL whose only parameter, if any, is target_session_attrs=read-write",
            })
    void whatIsWrongWithAUrlOfSeveralHostsIsSaid(String rest, String expected) {
        assertThat(errors(withDatabase("postgresql://u:hush-hush@" + rest)))
                .containsExactly(file
                        + ", line 1: database is a value that is not shown because it may hold a password but must be "
                        + expected + "; set it so, or remove it to have the default, embedded");
    }

    @Test
    void thePasswordComesFromAFileOrTheEnvironment() throws Exception {
        DatabaseConfig expected = new DatabaseConfig.External("db", 5432, "name", "u", PASSWORD, 20);

        assertThat(read("{\"database\": \"postgresql://u@db/name\", \"database_password_file\": \"password\"}")
                        .config()
                        .database())
                .isEqualTo(expected);
        assertThat(read(withDatabase("postgresql://u@db/name"), Map.of("PUSHJOBS_DATABASE_PASSWORD", PASSWORD))
                        .config()
                        .database())
                .isEqualTo(expected);
    }

    @Test
    void aPasswordInNoPlaceOrInTwoIsRefused() {
        assertThat(errors(withDatabase("postgresql://u@db/name")))
                .singleElement()
                .asString()
                .startsWith(file + ", line 1: database has no password; put it into a file");
        assertThat(errors(
                        "{\"database\": \"postgresql://u:" + PASSWORD
                                + "@db/name\", \"database_password_file\": \"password\"}",
                        Map.of("PUSHJOBS_DATABASE_PASSWORD", PASSWORD)))
                .containsExactly(file + ", line 1: database has its password in more than one place: its URL and"
                        + " database_password_file and the environment variable PUSHJOBS_DATABASE_PASSWORD; keep one");
    }

    @Test
    void aPasswordFileMustBeThereAndForItsOwnerOnlyAndNotEmpty() throws Exception {
        String json = "{\"database\": \"postgresql://u@db/name\",\n\"database_password_file\": \"password\"}";

        Files.setPosixFilePermissions(passwordFile, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(errors(json))
                .containsExactly(file + ", line 2: database_password_file cannot be used: " + passwordFile
                        + " holds a secret but its group or others may use it; run: chmod 600 " + passwordFile);

        Files.setPosixFilePermissions(passwordFile, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(passwordFile, "\n");
        assertThat(errors(json))
                .containsExactly(
                        file + ", line 2: database_password_file names an empty file; put the password into it");

        Files.delete(passwordFile);
        assertThat(errors(json))
                .singleElement()
                .asString()
                .startsWith(file + ", line 2: database_password_file cannot be used: " + passwordFile
                        + " cannot be looked at (NoSuchFileException)");
    }

    @Test
    void aFileWithAPasswordThatOthersMayReadIsAWarning() throws Exception {
        Files.writeString(file, withDatabase("postgresql://u:" + PASSWORD + "@db/name"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(ConfigFile.read(file, Map.of(), () -> "host.example.com").warnings())
                .containsExactly(file + ", line 1: database has a password: " + file
                        + " holds a secret but its group or others may use it; run: chmod 600 " + file);
    }

    @Test
    void thePasswordIsNeverPrinted() throws Exception {
        ConfigFile read = read(withDatabase("postgresql://u:" + PASSWORD + "@db/name"));

        assertThat(read.config().toString()).contains("u@db:5432/name").doesNotContain(PASSWORD);
        assertThat(read.describe()).contains("postgresql://u:***@db:5432/name").doesNotContain(PASSWORD);
        assertThat(read.settings().toString()).doesNotContain(PASSWORD);
    }

    @Test
    void theDescriptionListsEverySettingWithValueUnitAndOrigin() throws Exception {
        ConfigFile read = read("{\"data_directory\": \"/data\", \"heartbeat_interval\": \"1000\"}");

        assertThat(read.settings())
                .extracting(EffectiveSetting::name)
                .containsExactlyElementsOf(
                        Settings.ALL.stream().map(Setting::name).toList());
        assertThat(read.settings())
                .contains(
                        new EffectiveSetting("server_name_advertised", "host.example.com", "", true),
                        new EffectiveSetting("heartbeat_interval", "1000", "ms", false),
                        new EffectiveSetting("down_threshold", "0.6", "heartbeats per interval", true),
                        new EffectiveSetting("database", "embedded", "", true),
                        new EffectiveSetting("database_password_file", "", "", true),
                        new EffectiveSetting("data_directory", "/data", "", false),
                        new EffectiveSetting(
                                "secrets_file",
                                directory.resolve("secrets.json").toString(),
                                "",
                                true));
        assertThat(read.describe().lines())
                .hasSize(Settings.ALL.size() + 1)
                .anyMatch(line -> line.matches("heartbeat_interval +1000 +ms +file"))
                .anyMatch(line -> line.matches("voting_timeout +60 +s +default"));
    }

    @Test
    void aFileThatIsNoJsonObjectIsRefusedWithThePlaceAndWithoutItsContent() {
        assertThat(errors("{\n  \"database\": hush-hush\n}"))
                .singleElement()
                .asString()
                .startsWith(file + " is no valid JSON from line 2, column ")
                .doesNotContain(PASSWORD);
        assertThat(errors("{\"data_directory\": \"data\""))
                .singleElement()
                .asString()
                .contains("no valid JSON");
        assertThat(errors(with("api_port", "1".repeat(5000))))
                .singleElement()
                .asString()
                .startsWith(file + " is no valid JSON");
        assertThat(errors("")).containsExactly(file + " holds no JSON object; it must start with { and end with }");
        assertThat(errors("[1]")).containsExactly(file + " holds no JSON object; it must start with { and end with }");
        assertThat(errors("{}\n{}"))
                .containsExactly(file + ", line 2: something follows the end of the JSON object; remove it");
    }

    @Test
    void aFileThatIsNotThereOrCannotBeReadIsNamed() {
        assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigFile.read(directory.resolve("none")))
                        .errors())
                .containsExactly(directory.resolve("none") + " does not exist; create it or name another file");
        assertThat(catchThrowableOfType(ConfigException.class, () -> ConfigFile.read(directory))
                        .errors())
                .singleElement()
                .asString()
                .startsWith(directory + " cannot be read (");
    }
}
