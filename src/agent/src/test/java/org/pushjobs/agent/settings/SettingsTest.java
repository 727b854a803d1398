package org.pushjobs.agent.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.agent.fake.SecretFile;
import org.pushjobs.agent.whitelist.CommandPattern;
import org.pushjobs.agent.whitelist.Whitelist;
import org.pushjobs.agent.whitelist.WhitelistRule;
import org.pushjobs.chefhttp.ProxyAddress;
import org.pushjobs.chefhttp.ProxySettings;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.chefhttp.TlsSettings;
import org.pushjobs.chefhttp.TlsSettings.Verification;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.rubyconfig.RubyValue;
import org.slf4j.event.Level;

class SettingsTest {
    private static final RSAPrivateKey KEY = (RSAPrivateKey) PemKeys.generate().getPrivate();

    @TempDir
    private Path directory;

    private Path keyFile;
    private Path file;

    @BeforeEach
    void writeKey() throws IOException {
        keyFile = SecretFile.write(directory.resolve("client.pem"), PemKeys.toPem(KEY));
        file = directory.resolve("push-jobs-client.json");
    }

    private SettingsSource source(String json, Map<Setting, RubyValue> options, Map<String, String> environment)
            throws IOException {
        return new SettingsSource(
                Optional.of(Files.writeString(file, json)), options, environment, () -> "here.example.com");
    }

    private String required() {
        return "\"chef_server_url\": \"https://chef/organizations/acme\", \"client_key\": \"" + keyFile + "\"";
    }

    private AgentSettings settings(String more) throws Exception {
        return settings(more, Map.of());
    }

    private AgentSettings settings(String more, Map<String, String> environment) throws Exception {
        SettingsSource.Loaded loaded =
                source("{" + required() + more + "}", Map.of(), environment).read();
        assertThat(loaded.files()).containsExactly(file);
        return loaded.settings();
    }

    /** With values that JSON does not have. */
    private AgentSettings settings(Setting setting, RubyValue value) throws Exception {
        SettingsDraft draft = new SettingsDraft();
        draft.put(Setting.CHEF_SERVER_URL, "test", new RubyValue.Text("https://chef/organizations/acme"));
        draft.put(Setting.CLIENT_KEY, "test", new RubyValue.Text(keyFile.toString()));
        draft.put(setting, "client.rb: " + setting.key(), value);
        return new SettingsReading(draft, Map.of(), Map.of()).settings(() -> "here");
    }

    private static RubyValue.Hash hash(RubyValue.Entry... entries) {
        return new RubyValue.Hash(List.of(entries));
    }

    private static RubyValue.Entry entry(RubyValue key, RubyValue value) {
        return new RubyValue.Entry(key, value);
    }

    private static RubyValue.Text text(String text) {
        return new RubyValue.Text(text);
    }

    @Test
    void whatIsNotGivenHasItsDefault() throws Exception {
        AgentSettings settings = settings("");

        assertThat(settings)
                .isEqualTo(
                        AgentSettings.of(ServerUrl.parse("https://chef/organizations/acme"), "here.example.com", KEY));
        assertThat(settings.allowUnencrypted()).isFalse();
        assertThat(settings.tls()).isEqualTo(AgentSettings.DEFAULT_TLS);
        assertThat(settings.proxies()).isEqualTo(ProxySettings.NONE);
        assertThat(settings.jobs())
                .isEqualTo(new JobSettings(
                        Whitelist.of(Map.of("chef-client", "chef-client")),
                        JobVariables.HARMLESS,
                        Map.of(),
                        Path.of("/tmp/chef-push"),
                        Duration.ofDays(1),
                        63_000,
                        4096));
        assertThat(settings.log()).isEqualTo(new LogSettings(Level.INFO, Optional.empty()));
    }

    @Test
    void everyKeyOfTheFileIsHeard() throws Exception {
        AgentSettings settings = settings("""
                , "node_name": "web-1", "file_dir": "/var/push", "file_dir_expiry": 60,
                "whitelist": {"a b": "c d", "e": {"command_line": "f", "lock": true},
                "g": {"command_line": "h", "lock": "/run/g"}, "i": {"command_line": "j", "lock": false}},
                "lockfile": "/run/chef.lock", "file_cache_path": "/not/used",
                "allowed_overwritable_env_vars": ["LANG", "LC_ALL"],
                "allow_unencrypted": true, "max_body_size": 1000, "output_tail_size": 16384, "log_level": "DEBUG", "log_location": "/var/log/x",
                "ssl_verify_mode": "verify_none", "verify_api_cert": false, "trusted_certs_dir": "/certs",
                "http_proxy": "http://p1:3128", "http_proxy_user": "u", "http_proxy_pass": "secret",
                "https_proxy": "p2", "https_proxy_user": "v", "https_proxy_pass": "w",
                "no_proxy": "a,b c"
                """);

        assertThat(settings)
                .isEqualTo(new AgentSettings(
                        ServerUrl.parse("https://chef/organizations/acme"),
                        "web-1",
                        KEY,
                        true,
                        new TlsSettings(Verification.NONE, Path.of("/certs"), List.of()),
                        new ProxySettings(
                                Optional.of(new ProxyAddress("p1", 3128, Optional.of("u:secret"))),
                                Optional.of(new ProxyAddress("p2", 80, Optional.of("v:w"))),
                                List.of("a", "b", "c")),
                        new JobSettings(
                                new Whitelist(List.of(
                                        exact("a b", "c d", Optional.empty()),
                                        exact("e", "f", Optional.of(Path.of("/run/chef.lock"))),
                                        exact("g", "h", Optional.of(Path.of("/run/g"))),
                                        exact("i", "j", Optional.empty()))),
                                new JobVariables.Only(Set.of("LANG", "LC_ALL")),
                                Map.of(),
                                Path.of("/var/push"),
                                Duration.ofSeconds(60),
                                1000,
                                16_384),
                        new LogSettings(Level.DEBUG, Optional.of(Path.of("/var/log/x")))));
        assertThat(settings.proxies().toString()).doesNotContain("secret");
    }

    private static WhitelistRule exact(String command, String line, Optional<Path> lock) {
        return new WhitelistRule(new WhitelistRule.Exact(command), line, lock);
    }

    @Test
    void lockOfTheWhitelistHasChefsDefault() throws Exception {
        String locked = ", \"whitelist\": {\"e\": {\"command_line\": \"f\", \"lock\": true}}";

        assertThat(settings(locked).jobs().whitelist().look("e"))
                .isEqualTo(
                        new Whitelist.Permitted("f", Optional.of(Path.of("/var/chef/cache/chef-client-running.pid"))));
        assertThat(settings(locked + ", \"file_cache_path\": \"/c\"")
                        .jobs()
                        .whitelist()
                        .look("e"))
                .isEqualTo(new Whitelist.Permitted("f", Optional.of(Path.of("/c/chef-client-running.pid"))));
    }

    @Test
    void rubysValuesAreUnderstood() throws Exception {
        assertThat(settings(Setting.SSL_VERIFY_MODE, new RubyValue.Symbol("verify_none"))
                        .tls()
                        .verification())
                .isEqualTo(Verification.NONE);
        assertThat(settings(Setting.LOG_LOCATION, new RubyValue.Stream("STDOUT"))
                        .log()
                        .file())
                .isEmpty();
        assertThat(settings(Setting.LOG_LOCATION, new RubyValue.Symbol("syslog"))
                        .log()
                        .file())
                .isEmpty();
        for (String name : List.of("STDERR", "syslog", "win_evt")) {
            assertThat(settings(Setting.LOG_LOCATION, text(name)).log().file()).isEmpty();
        }
        assertThat(settings(
                                Setting.LOG_LOCATION,
                                new RubyValue.Array(List.of(
                                        new RubyValue.Stream("STDOUT"), text("/var/log/a"), text("/var/log/b"))))
                        .log()
                        .file())
                .contains(Path.of("/var/log/a"));
        assertThat(settings(Setting.LOG_LOCATION, new RubyValue.Array(List.of(new RubyValue.Stream("STDOUT"))))
                        .log()
                        .file())
                .isEmpty();
        assertThat(settings(Setting.LOG_LEVEL, new RubyValue.Symbol("auto"))
                        .log()
                        .level())
                .isEqualTo(Level.INFO);
        assertThat(settings(Setting.NODE_NAME, new RubyValue.Nil()).nodeName()).isEqualTo("here");
        assertThat(settings(Setting.ALLOWED_OVERWRITABLE_ENV_VARS, new RubyValue.Array(List.of()))
                        .jobs()
                        .variables())
                .isEqualTo(new JobVariables.Only(Set.of()));
        assertThat(settings(Setting.NO_PROXY, new RubyValue.Array(List.of(text("a"), text("b,c"))))
                        .proxies()
                        .noProxy())
                .containsExactly("a", "b", "c");
    }

    @Test
    void dangerousVariablesAreForbiddenUntilTheSettingAllowsThem() throws Exception {
        assertThat(settings("").jobs().variables()).isEqualTo(new JobVariables.AllButDangerous(Set.of()));
        assertThat(settings(", \"allow_dangerous_env\": false").jobs().variables())
                .isEqualTo(new JobVariables.AllButDangerous(Set.of()));
        assertThat(settings(", \"allow_dangerous_env\": [\"HOME\", \"PATH\"]")
                        .jobs()
                        .variables())
                .isEqualTo(new JobVariables.AllButDangerous(Set.of("HOME", "PATH")));
        assertThat(settings(", \"allow_dangerous_env\": true").jobs().variables())
                .isEqualTo(new JobVariables.All());
        assertThat(settings(", \"allow_dangerous_env\": true, \"allowed_overwritable_env_vars\": [\"A\"]")
                        .jobs()
                        .variables())
                .isEqualTo(new JobVariables.Only(Set.of("A")));
    }

    @Test
    void regularExpressionsAndSymbolsOfTheWhitelistAreUnderstood() throws Exception {
        RubyValue.Regexp pattern = new RubyValue.Regexp("^x (.)$", RubyValue.Regexp.IGNORE_CASE);

        Whitelist whitelist = settings(
                        Setting.WHITELIST,
                        hash(entry(
                                pattern,
                                hash(
                                        entry(new RubyValue.Symbol("command_line"), text("y \\1")),
                                        entry(new RubyValue.Symbol("lock"), text("/l"))))))
                .jobs()
                .whitelist();

        assertThat(whitelist)
                .isEqualTo(new Whitelist(List.of(new WhitelistRule(
                        new WhitelistRule.Matching(new CommandPattern(pattern)),
                        "y \\1",
                        Optional.of(Path.of("/l"))))));
    }

    @Test
    void valuesMayHaveTheFormsThatPeopleGiveThem() throws Exception {
        AgentSettings settings = settings("""
                , "max_body_size": "64000", "file_dir_expiry": " 60 ", "verify_api_cert": "false",
                "allow_unencrypted": "True", "ssl_verify_mode": 0""");

        assertThat(settings.jobs().maxBodySizeBytes()).isEqualTo(64_000);
        assertThat(settings.jobs().fileExpiry()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.allowUnencrypted()).isTrue();
        assertThat(settings.tls().verification()).isEqualTo(Verification.NONE);
        assertThat(settings(", \"ssl_verify_mode\": 1").tls().verification()).isEqualTo(Verification.PEER);
        assertThat(settings(", \"ssl_verify_mode\": \":verify_none\"").tls().verification())
                .isEqualTo(Verification.NONE);
        assertThat(settings(Setting.WHITELIST, hash(entry(new RubyValue.Symbol("restart"), text("b"))))
                        .jobs()
                        .whitelist()
                        .look("restart"))
                .isEqualTo(new Whitelist.Permitted("b", Optional.empty()));
    }

    @Test
    void certificatesOfAllPlacesAreTrusted() throws Exception {
        Path authority = Files.writeString(directory.resolve("ca.pem"), "");

        assertThat(settings(
                                ", \"ssl_ca_file\": \"" + authority + "\", \"ssl_ca_path\": \"" + directory + "\"",
                                Map.of("SSL_CERT_FILE", "/f", "SSL_CERT_DIR", "/d:/e"))
                        .tls()
                        .authorities())
                .containsExactly(authority, directory, Path.of("/f"), Path.of("/d"), Path.of("/e"));
    }

    @Test
    void proxyOfTheEnvironmentThatIsNotUsedMayLookLikeAnything() throws Exception {
        assertThat(settings("", Map.of("HTTP_PROXY", "socks5://x", "HTTPS_PROXY", "https://two:2"))
                        .proxies())
                .isEqualTo(new ProxySettings(
                        Optional.empty(), Optional.of(new ProxyAddress("two", 2, Optional.empty())), List.of()));
        assertThatThrownBy(() -> settings("", Map.of("HTTPS_PROXY", "socks5://x")))
                .hasMessageContaining("the environment variable HTTPS_PROXY must have the form http://");
    }

    @Test
    void verifyApiCertOverrulesVerifyNone() throws Exception {
        assertThat(settings(", \"ssl_verify_mode\": \"verify_none\", \"verify_api_cert\": true")
                        .tls()
                        .verification())
                .isEqualTo(Verification.PEER);
    }

    @Test
    void proxiesOfTheEnvironmentCountWhereTheFileIsSilent() throws Exception {
        Map<String, String> environment = Map.of(
                "http_proxy", "http://u:p%40s@one:1", "HTTPS_PROXY", "http://two:2", "no_proxy", "x", "NO_PROXY", "y");

        assertThat(settings("", environment).proxies())
                .isEqualTo(new ProxySettings(
                        Optional.of(new ProxyAddress("one", 1, Optional.of("u:p@s"))),
                        Optional.of(new ProxyAddress("two", 2, Optional.empty())),
                        List.of("x")));
        assertThat(settings(", \"http_proxy\": \"http://three:3\"", environment)
                        .proxies()
                        .http())
                .contains(new ProxyAddress("three", 3, Optional.empty()));
        assertThat(settings(", \"http_proxy\": \"\"", environment).proxies().http())
                .isEmpty();
    }

    @Test
    void optionWinsOverTheFile() throws Exception {
        SettingsSource source = source(
                "{" + required() + ", \"node_name\": \"file\", \"max_body_size\": 1}",
                Map.of(Setting.NODE_NAME, text("option"), Setting.MAX_BODY_SIZE, new RubyValue.Int(BigInteger.TWO)),
                Map.of());

        assertThat(source.read().settings().nodeName()).isEqualTo("option");
        assertThat(source.read().settings().maxBodySizeBytes()).isEqualTo(2);
    }

    @Test
    void firstOfTheDefaultFilesThatExistsIsTaken() throws Exception {
        Path second = Files.writeString(directory.resolve("second"), "");
        Path third = Files.writeString(directory.resolve("third"), "");

        assertThat(SettingsSource.firstOf(List.of(directory.resolve("first"), second, third)))
                .contains(second);
        assertThat(SettingsSource.firstOf(List.of(directory.resolve("first")))).isEmpty();
        assertThat(SettingsSource.DEFAULT_FILES)
                .extracting(Path::toString)
                .containsExactly(
                        "/etc/chef/chef-push-client.rb", "/etc/chef/push-jobs-client.rb", "/etc/chef/client.rb");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "\"node_name\": 5 | node_name must be a text that is not empty, is the number 5",
                "\"node_name\": \" \" | node_name must be a text that is not empty",
                "\"file_dir\": \"push\" | file_dir must be an absolute path",
                "\"file_dir\": [] | file_dir must be a text that is not empty, is a list",
                "\"file_dir_expiry\": -1 | file_dir_expiry must be a whole number of seconds above -1, is the number -1",
                "\"whitelist\": [\"a\"] | whitelist must be a hash of job commands and command lines, is a list",
                "\"whitelist\": {\"a\": 1} | whitelist must give a command line for \"a\", has the number 1",
                "\"whitelist\": {\"a\": \" \"} | whitelist must give a command line for \"a\", has the text \" \"",
                "\"whitelist\": {\"a\": {\"lock\": true}} | whitelist must give a command line for \"a\", has a hash without command_line",
                "\"whitelist\": {\"a\": {\"command_line\": \"b\", \"lock\": \"c\"}} |"
                        + " whitelist must have true or an absolute path as the lock of \"a\", has the text \"c\"",
                "\"allowed_overwritable_env_vars\": [1] | allowed_overwritable_env_vars must be a list of texts, holds the number 1",
                "\"allow_dangerous_env\": \"PATH\" | allow_dangerous_env must be true or false, is the text \"PATH\"",
                "\"allow_dangerous_env\": [1] | allow_dangerous_env must be a list of texts, holds the number 1",
                "\"allow_unencrypted\": \"yes\" | allow_unencrypted must be true or false, is the text \"yes\"",
                "\"max_body_size\": 0 | max_body_size must be a whole number of bytes above 0, is the number 0",
                "\"max_body_size\": 1.5 | max_body_size must be a whole number of bytes above 0, is the number 1.5",
                "\"max_body_size\": 5000000000 | max_body_size must be a whole number of bytes above 0, is the number 5000000000",
                "\"max_body_size\": \"9k\" | max_body_size must be a whole number of bytes above 0, is the text \"9k\"",
                "\"output_tail_size\": 16385 | output_tail_size must be a whole number of bytes from 0 to 16384, is the number 16385",
                "\"output_tail_size\": -1 | output_tail_size must be a whole number of bytes from 0 to 16384, is the number -1",
                "\"max_body_size\": \"-9\" | max_body_size must be a whole number of bytes above 0, is the text \"-9\"",
                "\"ssl_verify_mode\": \"verify\" | ssl_verify_mode must be :verify_peer or :verify_none, is the text \"verify\"",
                "\"ssl_verify_mode\": 2 | ssl_verify_mode must be :verify_peer or :verify_none, is the number 2",
                "\"ssl_ca_file\": \"/none/ca.pem\" | ssl_ca_file names /none/ca.pem, which is not there",
                "\"verify_api_cert\": 1 | verify_api_cert must be true or false, is the number 1",
                "\"http_proxy\": \"socks5://x\" | http_proxy must have the form http://[USER:PASSWORD@]HOST:PORT",
                "\"https_proxy\": \"http://a b\" | https_proxy must have the form http://[USER:PASSWORD@]HOST:PORT",
                "\"log_level\": \"loud\" | log_level must be debug, info, warn, error or fatal, is loud",
                "\"log_location\": 1 | log_location must be a text that is not empty",
            })
    void wrongValueIsRefusedWithFileKeyAndValue(String field, String problem) {
        assertThatThrownBy(() -> settings(", " + field))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageStartingWith("the settings cannot be used, 1 of them is wrong:\n  " + file + ": " + problem);
    }

    @Test
    void keysAndExpressionsOfTheWhitelistAreChecked() {
        assertThatThrownBy(() -> settings(
                        Setting.WHITELIST,
                        hash(
                                entry(new RubyValue.Bool(true), text("b")),
                                entry(new RubyValue.Regexp("a(", 0), text("b")))))
                .hasMessageContaining(
                        "client.rb: whitelist must have strings and regular expressions as keys, has the truth"
                                + " value true")
                .hasMessageContaining("client.rb: whitelist /a(/ is no regular expression: end pattern with unmatched");
    }

    @Test
    void allProblemsAreToldAtOnce() throws IOException {
        SettingsSource source = source(
                "{\"colour\": \"red\", \"max_body_size\": -1}",
                Map.of(
                        Setting.CHEF_SERVER_URL,
                        text("https://chef"),
                        Setting.CLIENT_KEY,
                        text(directory.resolve("none").toString())),
                Map.of());

        InvalidSettingsException error = catchThrowableOfType(InvalidSettingsException.class, source::read);

        assertThat(error.problems())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith(file + ": colour is no known key; known are "),
                        second -> assertThat(second)
                                .isEqualTo("--server must end in /organizations/ORG, ORG being the organisation's"
                                        + " name, is https://chef"),
                        third -> assertThat(third)
                                .isEqualTo("--client_key cannot be read: " + directory.resolve("none")
                                        + " is not there; put the private key of this node there, for nobody else to"
                                        + " read"),
                        fourth -> assertThat(fourth).startsWith(file + ": max_body_size must be"));
    }

    @Test
    void missingServerIsNamedWithItsOption() {
        assertThatThrownBy(() -> source("{}", Map.of(), Map.of()).read())
                .hasMessageContaining("chef_server_url is missing; give http(s)://HOST/organizations/ORG in the file"
                        + " or with --server");
    }

    @Test
    void keyFileThatHoldsNoPrivateKeyIsRefused() throws IOException {
        Files.writeString(keyFile, "nonsense");

        assertThatThrownBy(() -> settings(""))
                .hasMessageContaining(file + ": client_key " + keyFile + ": the text holds no PEM block");
    }

    @Test
    void fileThatIsNoJsonIsRefusedWithTheLine() {
        assertThatThrownBy(
                        () -> source("{\n\"node_name\": }", Map.of(), Map.of()).read())
                .hasMessageContaining(file + " is no JSON: ")
                .hasMessageContaining("[line: 2]");
    }

    @Test
    void keyThatIsGivenTwiceIsRefused() {
        assertThatThrownBy(() -> source("{\"node_name\": \"a\", \"node_name\": \"b\"}", Map.of(), Map.of())
                        .read())
                .hasMessageContaining("Duplicate field 'node_name'");
    }

    @Test
    void fileThatIsNoObjectOrNotThereIsRefused() {
        assertThatThrownBy(() -> source("[]", Map.of(), Map.of()).read())
                .hasMessageContaining("must hold one JSON object");
        SettingsSource none =
                new SettingsSource(Optional.of(directory.resolve("none.json")), Map.of(), Map.of(), () -> "here");
        assertThatThrownBy(none::read).hasMessageContaining(directory.resolve("none.json") + " cannot be read: ");
    }

    @Test
    void settingsAreNeverPrintedWithTheirKey() throws Exception {
        assertThat(settings("").toString()).doesNotContain("clientKey", "RSA");
    }

    @Test
    void whatMayChangeWhileTheAgentRunsIsTakenOverAndTheRestIsNamed() throws Exception {
        LiveSettings live = new LiveSettings(settings(""));
        Path otherKey = SecretFile.write(directory.resolve("other.pem"), PemKeys.toPem((RSAPrivateKey)
                PemKeys.generate().getPrivate()));
        AgentSettings changed =
                settings(", \"whitelist\": {\"a\": \"b\"}, \"max_body_size\": 5, \"log_level\": \"warn\"");

        assertThat(live.update(changed)).isEmpty();
        assertThat(live.current()).isEqualTo(changed);

        AgentSettings another = new AgentSettings(
                ServerUrl.parse("https://other/organizations/acme"),
                "other",
                PemKeys.privateKey(Files.readString(otherKey)),
                true,
                changed.tls(),
                changed.proxies(),
                JobSettings.DEFAULT,
                new LogSettings(Level.WARN, Optional.of(Path.of("/x"))));
        assertThat(live.update(another)).containsExactly("chef_server_url", "node_name", "log_location");
        assertThat(live.current())
                .isEqualTo(new AgentSettings(
                        changed.server(),
                        changed.nodeName(),
                        another.clientKey(),
                        true,
                        changed.tls(),
                        changed.proxies(),
                        JobSettings.DEFAULT,
                        changed.log()));
    }
}
