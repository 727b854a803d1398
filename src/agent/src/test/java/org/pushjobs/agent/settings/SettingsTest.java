package org.pushjobs.agent.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.protocol.keys.PemKeys;
import org.slf4j.event.Level;

class SettingsTest {
    private static final RSAPrivateKey KEY = (RSAPrivateKey) PemKeys.generate().getPrivate();

    @TempDir
    private Path directory;

    private Path keyFile;
    private Path file;

    @BeforeEach
    void writeKey() throws IOException {
        keyFile = Files.writeString(directory.resolve("client.pem"), PemKeys.toPem(KEY));
        file = directory.resolve("push-jobs-client.json");
    }

    private SettingsDraft draft(String json) throws IOException {
        Files.writeString(file, json);
        SettingsDraft draft = new SettingsDraft();
        JsonSettingsFile.read(file, draft);
        return draft;
    }

    private String required() {
        return "\"chef_server_url\": \"https://chef/organizations/acme\", \"client_key\": \"" + keyFile + "\"";
    }

    private AgentSettings settings(String more) throws Exception {
        return draft("{" + required() + more + "}").build(() -> "here.example.com");
    }

    @Test
    void whatIsNotGivenHasItsDefault() throws Exception {
        AgentSettings settings = settings("");

        assertThat(settings)
                .isEqualTo(
                        AgentSettings.of(ServerUrl.parse("https://chef/organizations/acme"), "here.example.com", KEY));
        assertThat(settings.fileDir()).isEqualTo(Path.of("/tmp/chef-push"));
        assertThat(settings.whitelist()).isEqualTo(Map.of("chef-client", "chef-client"));
        assertThat(settings.allowUnencrypted()).isFalse();
        assertThat(settings.maxBodySizeBytes()).isEqualTo(63_000);
        assertThat(settings.log()).isEqualTo(new LogSettings(Level.INFO, Optional.empty()));
    }

    @Test
    void everyKeyOfTheFileIsHeard() throws Exception {
        AgentSettings settings = settings("""
                , "node_name": "web-1", "file_dir": "/var/push", "whitelist": {"a b": "c d", "e": "f"},
                "allow_unencrypted": true, "max_body_size": 1000, "log_level": "DEBUG", "log_location": "/var/log/x"
                """);

        assertThat(settings)
                .isEqualTo(new AgentSettings(
                        ServerUrl.parse("https://chef/organizations/acme"),
                        "web-1",
                        KEY,
                        Path.of("/var/push"),
                        Map.of("a b", "c d", "e", "f"),
                        true,
                        1000,
                        new LogSettings(Level.DEBUG, Optional.of(Path.of("/var/log/x")))));
    }

    @Test
    void laterValueWins() throws Exception {
        SettingsDraft draft = draft("{" + required() + ", \"node_name\": \"file\"}");
        draft.put(Setting.NODE_NAME, "--node-name", "option");

        assertThat(draft.build(() -> "default").nodeName()).isEqualTo("option");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "\"node_name\": 5 | node_name must be a text that is not empty",
                "\"node_name\": \" \" | node_name must be a text that is not empty",
                "\"file_dir\": \"push\" | file_dir must be an absolute path",
                "\"file_dir\": [] | file_dir must be a text that is not empty",
                "\"whitelist\": [\"a\"] | whitelist must be an object of job commands and command lines",
                "\"whitelist\": {\"a\": 1} | whitelist must give a command line for \"a\"",
                "\"whitelist\": {\"a\": \" \"} | whitelist must give a command line for \"a\"",
                "\"allow_unencrypted\": \"yes\" | allow_unencrypted must be true or false, is yes",
                "\"max_body_size\": 0 | max_body_size must be a whole number of bytes above 0, is 0",
                "\"max_body_size\": 1.5 | max_body_size must be a whole number of bytes above 0, is 1.5",
                "\"max_body_size\": 5000000000 | max_body_size must be a whole number of bytes above 0, is 5000000000",
                "\"max_body_size\": \"9\" | max_body_size must be a whole number of bytes above 0, is 9",
                "\"log_level\": \"loud\" | log_level must be debug, info, warn, error or fatal, is loud",
                "\"log_location\": 1 | log_location must be a text that is not empty",
            })
    void wrongValueIsRefusedWithFileKeyAndValue(String field, String problem) {
        assertThatThrownBy(() -> settings(", " + field))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessage("cannot start, 1 setting is wrong:\n  " + file + ": " + problem);
    }

    @Test
    void allProblemsAreToldAtOnce() throws IOException {
        SettingsDraft draft = draft("{\"colour\": \"red\", \"max_body_size\": -1}");
        draft.put(Setting.CHEF_SERVER_URL, "--server", "https://chef");
        draft.put(Setting.CLIENT_KEY, "--client-key", directory.resolve("none").toString());

        InvalidSettingsException error =
                catchThrowableOfType(InvalidSettingsException.class, () -> draft.build(() -> "default"));

        assertThat(error.problems())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith(file + ": colour is no known key; known are "),
                        second -> assertThat(second)
                                .isEqualTo("--server must end in /organizations/ORG, ORG being the organisation's"
                                        + " name, is https://chef"),
                        third -> assertThat(third).startsWith("--client-key cannot be read: "),
                        fourth -> assertThat(fourth).startsWith(file + ": max_body_size must be"));
    }

    @Test
    void missingSettingsAreNamedWithTheirOptions() {
        assertThatThrownBy(() -> draft("{}").build(() -> "default"))
                .hasMessageContaining("chef_server_url is missing; give http(s)://HOST/organizations/ORG in the file"
                        + " or with --server")
                .hasMessageContaining("client_key is missing");
    }

    @Test
    void keyFileThatHoldsNoPrivateKeyIsRefused() throws IOException {
        Files.writeString(keyFile, "nonsense");

        assertThatThrownBy(() -> settings(""))
                .hasMessageContaining(file + ": client_key " + keyFile + ": the text holds no PEM block");
    }

    @Test
    void fileThatIsNoJsonIsRefusedWithTheLine() {
        assertThatThrownBy(() -> draft("{\n\"node_name\": }").build(() -> "default"))
                .hasMessageContaining(file + " is no JSON: ")
                .hasMessageContaining("[line: 2]");
    }

    @Test
    void keyThatIsGivenTwiceIsRefused() {
        assertThatThrownBy(() ->
                        draft("{\"node_name\": \"a\", \"node_name\": \"b\"}").build(() -> "default"))
                .hasMessageContaining("Duplicate field 'node_name'");
    }

    @Test
    void fileThatIsNoObjectOrNotThereIsRefused() {
        assertThatThrownBy(() -> draft("[]").build(() -> "default")).hasMessageContaining("must hold one JSON object");

        SettingsDraft draft = new SettingsDraft();
        JsonSettingsFile.read(directory.resolve("none.json"), draft);
        assertThatThrownBy(() -> draft.build(() -> "default"))
                .hasMessageContaining(directory.resolve("none.json") + " cannot be read: ");
    }

    @Test
    void settingsAreNeverPrintedWithTheirKey() throws Exception {
        assertThat(settings("").toString()).doesNotContain("clientKey", "RSA");
    }
}
