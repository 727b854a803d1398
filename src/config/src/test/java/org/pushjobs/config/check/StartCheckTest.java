package org.pushjobs.config.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.config.settings.ConfigFile;

class StartCheckTest {
    @TempDir
    private Path directory;

    private final Map<String, Object> settings = new LinkedHashMap<>();

    @BeforeEach
    void somethingThatCanStart() {
        settings.put("data_directory", "data");
        settings.put("api_listen_address", "127.0.0.1");
        settings.put("zeromq_listen_address", "tcp://127.0.0.1");
        for (String port : List.of("api_port", "management_port", "server_heartbeat_port", "command_port")) {
            settings.put(port, 0);
        }
    }

    private StartCheck check() throws Exception {
        Path file = directory.resolve("server.json");
        Files.writeString(file, new ObjectMapper().writeValueAsString(settings));
        return new StartCheck(
                ConfigFile.read(file, Map.of(), () -> "host.example.com").config());
    }

    @Test
    void nothingIsWrongAndNothingIsMade() throws Exception {
        assertThat(check().problems()).isEmpty();
        assertThat(check().portsInUse()).isEmpty();
        assertThat(directory).isDirectoryContaining("glob:**server.json");
        assertThat(directory.resolve("data")).doesNotExist();
        assertThat(directory.resolve("secrets.json")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp://*", "tcp://localhost", "tcp://lo", "tcp://127.0.0.1"})
    void addressesForAgentsAreThoseThatTheServerTakes(String address) throws Exception {
        settings.put("zeromq_listen_address", address);

        assertThat(check().problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"api_port", "management_port", "server_heartbeat_port", "command_port"})
    void aPortInUseNamesItsSetting(String setting) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            settings.put(setting, taken.getLocalPort());

            assertThat(check().portsInUse())
                    .singleElement()
                    .asString()
                    .startsWith(setting + " is " + taken.getLocalPort() + ", which cannot be opened at ")
                    .contains("set another port");
            assertThat(check().problems()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "api_port, 'gateway,coordinator'",
        "server_heartbeat_port, 'api,coordinator'",
        "command_port, 'api,coordinator'"
    })
    void aPortThatNoRoleOfTheProcessOpensMayBeInUse(String setting, String roles) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            settings.put("server_heartbeat_port", 10_000);
            settings.put("command_port", 10_002);
            settings.put(setting, taken.getLocalPort());
            settings.put("roles", roles);

            assertThat(check().portsInUse()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"api_listen_address", "management_listen_address"})
    void anAddressOfNobodyOrOfAnotherMachineNamesItsSetting(String setting) throws Exception {
        settings.put(setting, "no-such-host.invalid");
        assertThat(check().problems())
                .singleElement()
                .asString()
                .startsWith(setting + " is no-such-host.invalid, which");

        settings.put(setting, "192.0.2.1");
        assertThat(check().problems()).singleElement().asString().startsWith(setting + " is 192.0.2.1, where nothing");
        assertThat(check().portsInUse()).as("said once").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster_port", "cluster_bus_port"})
    void aMemberOfAClusterHasTwoMorePorts(String setting) throws Exception {
        settings.remove("data_directory");
        settings.put("database", "postgresql://pushy:@127.0.0.1/pushes");
        settings.put("cluster_members", List.of("127.0.0.1:10005"));
        settings.put("cluster_address", "127.0.0.1");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            settings.put(setting, taken.getLocalPort());
            assertThat(check().portsInUse())
                    .singleElement()
                    .asString()
                    .startsWith(setting + " is " + taken.getLocalPort() + ", which cannot be opened at 127.0.0.1");
        }

        settings.put("cluster_address", "192.0.2.1");
        assertThat(check().problems()).singleElement().asString().startsWith("cluster_address is 192.0.2.1");
    }

    @Test
    void anUnknownAddressForAgentsIsSaidOnce() throws Exception {
        settings.put("zeromq_listen_address", "tcp://no-such-host.invalid");

        assertThat(check().problems())
                .singleElement()
                .asString()
                .startsWith("zeromq_listen_address is tcp://no-such-host.invalid, which is no address");
    }

    @Test
    void anAuditFileThatCannotBeOpenedNamesItsSetting() throws Exception {
        settings.put("audit_log_file", "missing/audit.jsonl");
        assertThat(check().problems())
                .singleElement()
                .asString()
                .startsWith("audit_log_file is " + directory.resolve("missing/audit.jsonl"))
                .contains("whose directory does not exist");

        Files.createDirectories(directory.resolve("missing/audit.jsonl"));
        assertThat(check().problems()).singleElement().asString().contains("which is a directory");

        settings.put("audit_log_file", "audit.jsonl");
        assertThat(check().problems()).isEmpty();
        assertThat(directory.resolve("audit.jsonl")).doesNotExist();
    }

    @Test
    void aSecretsDirectoryThatDoesNotExistNamesItsSetting() throws Exception {
        settings.put("secrets_file", "missing/secrets.json");

        assertThat(check().problems())
                .singleElement()
                .asString()
                .startsWith("secrets_file is " + directory.resolve("missing/secrets.json"))
                .contains("whose directory does not exist");
    }

    @Test
    void secretsThatCannotBeUsedAreFoundBeforeTheStart() throws Exception {
        Files.writeString(directory.resolve("secrets.json"), "{}");

        assertThat(check().problems()).singleElement().asString().startsWith("secrets_file cannot be used: ");
    }

    @Test
    void aDataDirectoryThatCannotBeMadeNamesItsSetting() throws Exception {
        Files.writeString(directory.resolve("file"), "in the way");
        for (String path : List.of("file", "file/data", "file/deep/data")) {
            settings.put("data_directory", path);
            assertThat(check().problems())
                    .as(path)
                    .singleElement()
                    .asString()
                    .startsWith("data_directory is " + directory.resolve(path) + ", which ");
        }

        settings.put("data_directory", "new/and/deep");
        assertThat(check().problems()).isEmpty();
    }
}
