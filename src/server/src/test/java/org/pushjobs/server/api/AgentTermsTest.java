package org.pushjobs.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.config.secrets.Secrets;
import org.pushjobs.config.secrets.SecretsFile;
import org.pushjobs.config.settings.ConfigFile;
import org.pushjobs.server.store.ClusterIdentity;

class AgentTermsTest {
    private static final ClusterIdentity STORED =
            new ClusterIdentity(UUID.randomUUID().toString(), 1);

    @TempDir
    private static Path directory;

    private static Secrets secrets;

    @BeforeAll
    static void makeSecrets() throws Exception {
        secrets = SecretsFile.create(directory.resolve("secrets.json"));
    }

    @Test
    void serversWithTheSameSettingsHaveTheSameIncarnation() throws Exception {
        String incarnation = incarnation("", 1, 2);

        assertThat(incarnation).isEqualTo(incarnation("", 1, 2));
        assertThat(UUID.fromString(incarnation)).hasToString(incarnation);
        // of what agents are not told
        assertThat(incarnation).isEqualTo(incarnation(", \"voting_timeout\": 7, \"api_port\": 12345", 1, 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"heartbeat_interval\": 1234",
                "\"config_lifetime\": 1234",
                "\"max_message_skew\": 123",
                "\"max_body_size\": 60000",
                "\"max_output_size\": 4096",
                "\"max_output_tail\": 0",
                "\"disable_curve_encryption\": true"
            })
    void whatAgentsAreToldIsInTheIncarnation(String setting) throws Exception {
        assertThat(incarnation(", " + setting, 1, 2)).isNotEqualTo(incarnation("", 1, 2));
    }

    @Test
    void addressesAndTheClusterAreInTheIncarnation() throws Exception {
        String incarnation = incarnation("", 1, 2);

        assertThat(incarnation("", 3, 2)).isNotEqualTo(incarnation);
        assertThat(incarnation("", 1, 3)).isNotEqualTo(incarnation);
        AgentTerms elsewhere = AgentTerms.of(config(""), secrets, new AgentEndpoint("other", 1, 2));
        assertThat(STORED.saying(elsewhere.fingerprint()).incarnationId()).isNotEqualTo(incarnation);
        String fingerprint = AgentTerms.of(config(""), secrets, new AgentEndpoint("push", 1, 2))
                .fingerprint();
        assertThat(new ClusterIdentity(STORED.incarnationId(), 2).saying(fingerprint))
                .isNotEqualTo(STORED.saying(fingerprint));
        assertThat(new ClusterIdentity(UUID.randomUUID().toString(), 1).saying(fingerprint))
                .isNotEqualTo(STORED.saying(fingerprint));
    }

    private static String incarnation(String settings, int heartbeatPort, int commandPort) throws Exception {
        AgentTerms terms =
                AgentTerms.of(config(settings), secrets, new AgentEndpoint("push", heartbeatPort, commandPort));
        return STORED.saying(terms.fingerprint()).incarnationId();
    }

    private static ServerConfig config(String settings) throws Exception {
        return ConfigFile.read(Files.writeString(
                        directory.resolve("server.json"),
                        "{\"database\": \"postgresql://u:p@127.0.0.1:5432/d\"" + settings + "}"))
                .config();
    }
}
