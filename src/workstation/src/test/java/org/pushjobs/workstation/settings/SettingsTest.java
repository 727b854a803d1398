package org.pushjobs.workstation.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.chefhttp.TlsSettings.Verification;
import org.pushjobs.protocol.keys.PemKeys;

class SettingsTest {
    private static final String URL = "https://example.org/organizations/acme";

    @TempDir
    private Path directory;

    private static SettingsLayer options(String user, String key, String url) {
        return SettingsLayer.EMPTY
                .with(Setting.USER, Optional.of(user), "--user")
                .with(Setting.KEY, Optional.of(key), "--key")
                .with(Setting.SERVER_URL, Optional.of(url), "--server-url");
    }

    @Test
    void strongerSourceWinsAndTheWeakerFillsGaps() {
        // given
        SettingsLayer options = SettingsLayer.EMPTY.with(Setting.USER, Optional.of("alice"), "--user");
        SettingsLayer environment = SettingsLayer.ofEnvironment(
                Map.of("PUSHJOBS_USER", "bob", "PUSHJOBS_KEY", "/k", "PUSHJOBS_SERVER_URL", ""));

        // when
        SettingsLayer both = options.orElse(environment);

        // then
        assertThat(both.get(Setting.USER)).contains(new Given("alice", "--user", Path.of("")));
        assertThat(both.get(Setting.KEY)).contains(new Given("/k", "PUSHJOBS_KEY", Path.of("")));
        assertThat(both.get(Setting.SERVER_URL)).isEmpty();
    }

    @Test
    void keyIsReadFromItsFileAndNeverPrinted() throws Exception {
        // given
        KeyPair pair = PemKeys.generate();
        Path file = Files.writeString(directory.resolve("key"), PemKeys.toPem((RSAPrivateKey) pair.getPrivate()));

        // when
        Settings settings = Settings.of(options("alice", file.toString(), URL), directory, Map.of());

        // then
        assertThat(settings.key()).isEqualTo(pair.getPrivate());
        assertThat(settings).hasToString("Settings[user=alice, serverUrl=" + URL + "]");
        assertThat(settings.identityOrigin()).isEqualTo("user alice from --user, key from --key");
    }

    @Test
    void keyMayBeTheTextItself() throws Exception {
        // given
        KeyPair pair = PemKeys.generate();
        String pem = PemKeys.toPem((RSAPrivateKey) pair.getPrivate());

        // when
        Settings settings = Settings.of(options("alice", pem, URL), directory, Map.of());

        // then
        assertThat(settings.key()).isEqualTo(pair.getPrivate());
    }

    @Test
    void fileThatIsNoPrivateKeyIsRefusedWithItsNameAndOrigin() throws Exception {
        // given
        KeyPair pair = PemKeys.generate();
        Path publicKey = Files.writeString(directory.resolve("public"), PemKeys.toPem((RSAPublicKey) pair.getPublic()));
        Path large = Files.write(directory.resolve("large"), new byte[100_000]);

        // then
        assertRefused("alice", directory.resolve("none"), "none (from --key) does not exist");
        assertRefused("alice", publicKey, "public (from --key) is no RSA private key: a private key is wanted");
        assertRefused("alice", large, "large (from --key) is no private key: it is too large");
        assertRefused("alice", directory, "cannot be read");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "al ice", "alice\nX-Evil: 1", "älice"})
    void userNameThatCannotBeAHeaderIsRefused(String user) {
        assertRefused(user, directory, "the user name must be printable ASCII without spaces");
    }

    private static void assertRefused(String user, Path key, String message) {
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> Settings.of(options(user, key.toString(), URL), key, Map.of()))
                .withMessageContaining(message);
    }

    private static Given given(String url) {
        return new Given(url, "--server-url", Path.of(""));
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.org/organizations/acme,        https://example.org/organizations/acme/pushy/jobs",
        "https://example.org/organizations/acme/,       https://example.org/organizations/acme/pushy/jobs",
        "http://localhost:10003/organizations/acme,     http://localhost:10003/organizations/acme/pushy/jobs",
        "HTTPS://example.org/chef/organizations/a-b_1,  HTTPS://example.org/chef/organizations/a-b_1/pushy/jobs",
        "https://chef_server:10003/organizations/acme,  https://chef_server:10003/organizations/acme/pushy/jobs",
        "http://[::1]:10003/organizations/acme,         http://[::1]:10003/organizations/acme/pushy/jobs",
    })
    void serverUrlNamesAnOrganization(String text, String jobs) throws Exception {
        assertThat(Settings.serverUrl(given(text)).pushy("jobs")).hasToString(jobs);
    }

    @ParameterizedTest
    @CsvSource({
        ":verify_none, false, NONE",
        "0, '', NONE",
        "1, '', PEER",
        "verify_none, true, PEER",
        "verify_none, True, PEER"
    })
    void verificationIsUnderstoodInAllItsForms(String mode, String always, Verification expected) throws Exception {
        // given
        KeyPair pair = PemKeys.generate();
        SettingsLayer layer = options("alice", PemKeys.toPem((RSAPrivateKey) pair.getPrivate()), URL)
                .with(Setting.SSL_VERIFY_MODE, Optional.of(mode), "knife.rb")
                .with(Setting.VERIFY_API_CERT, Optional.of(always), "knife.rb");

        // then
        assertThat(Settings.of(layer, directory, Map.of()).tls().verification()).isEqualTo(expected);
    }

    @Test
    void certificatesOfAllPlacesAreTrustedAndThoseThatAreNamedMustBeThere() throws Exception {
        // given
        KeyPair pair = PemKeys.generate();
        Path file = Files.writeString(directory.resolve("ca.pem"), "");
        Path usual = Files.createDirectories(directory.resolve(".chef/trusted_certs"));
        SettingsLayer layer = options("alice", PemKeys.toPem((RSAPrivateKey) pair.getPrivate()), URL)
                .with(Setting.SSL_CA_FILE, Optional.of(file.toString()), "knife.rb")
                .with(Setting.SSL_CA_PATH, Optional.of(directory.toString()), "knife.rb");
        Map<String, String> environment = Map.of("SSL_CERT_FILE", "/f", "SSL_CERT_DIR", "/d:/e");

        // then
        assertThat(Settings.of(layer, directory, environment).tls().trustedPlaces())
                .containsExactlyInAnyOrder(Path.of("/f"), Path.of("/d"), Path.of("/e"), file, directory, usual);
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> Settings.of(
                        layer.with(Setting.SSL_CA_FILE, Optional.of("/none.pem"), "knife.rb"), directory, Map.of()))
                .withMessage("ssl_ca_file /none.pem (from knife.rb) is no file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.org",
                "https://example.org",
                "https://example.org/organizations/",
                "https://example.org/organizations/acme/pushy",
                "ftp://example.org/organizations/acme",
                "https:///organizations/acme",
                "https://example.org/organizations/acme?x=1",
                "https://example.org/organizations/acme#x",
                "https://exa mple.org/organizations/acme",
                "https://me@exa_mple.org/organizations/acme"
            })
    void anythingElseIsNoServerUrl(String text) {
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> Settings.serverUrl(given(text)))
                .withMessageContaining(
                        "'" + text + "' (from --server-url) must look like https://HOST[:PORT]/organizations/ORG");
    }
}
