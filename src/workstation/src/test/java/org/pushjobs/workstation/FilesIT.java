package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.workstation.Workstation.Result;

/** Settings from {@code ~/.chef}: which file says what, which is stronger, and how mistakes in them are named. */
class FilesIT {
    @TempDir
    private Path home;

    private Workstation workstation;

    @BeforeEach
    void startServer() throws IOException {
        workstation = new Workstation(home);
        workstation.server().answer("GET jobs", 200, "[]");
        workstation.environment().clear();
        Files.createDirectories(home.resolve(".chef"));
        Files.copy(home.resolve("alice.pem"), home.resolve(".chef/alice.pem"));
    }

    @AfterEach
    void stopServer() {
        workstation.close();
    }

    private void credentials(String content) throws IOException {
        write(".chef/credentials", content.replace("URL", workstation.server().url()));
    }

    private void write(String name, String content) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void twoProfiles() throws IOException {
        credentials("""
                [default]
                client_name = "bob"
                client_key = "alice.pem"
                chef_server_url = "URL"

                [work]
                node_name = "alice"
                client_key = "alice.pem"
                chef_server_url = "URL"

                ['switch.example.org']
                client_name = "carol"
                client_key = "alice.pem"
                chef_server_url = "URL"
                """);
    }

    private String userOf(Result result) {
        assertThat(result.exitCode()).as(result.err()).isIn(0, 4);
        return workstation.server().received().getLast().headers().get("x-ops-userid");
    }

    @Test
    void defaultProfileIsTakenWhereNothingElseIsSaid() throws Exception {
        // given
        twoProfiles();

        // then
        assertThat(userOf(workstation.run("job", "list"))).isEqualTo("bob");
    }

    @Test
    void profileIsChosenByOptionThenVariableThenContext() throws Exception {
        // given
        twoProfiles();
        write(".chef/context", "work\n");

        // then
        assertThat(userOf(workstation.run("job", "list"))).isEqualTo("alice");
        workstation.environment().put("CHEF_PROFILE", "switch.example.org");
        assertThat(userOf(workstation.run("job", "list"))).isEqualTo("carol");
        assertThat(userOf(workstation.run("job", "list", "--profile", "default")))
                .isEqualTo("bob");
    }

    @Test
    void optionIsStrongerThanEnvironmentAndThatThanTheProfile() throws Exception {
        // given
        twoProfiles();

        // then
        workstation.environment().put("PUSHJOBS_USER", "dave");
        assertThat(userOf(workstation.run("job", "list"))).isEqualTo("dave");
        assertThat(userOf(workstation.run("job", "list", "-u", "alice"))).isEqualTo("alice");
    }

    @Test
    void keyMayStandInTheProfileItself() throws Exception {
        // given
        credentials("[default]\nclient_name = 'alice'\nchef_server_url = 'URL'\nclient_key = '''\n"
                + Files.readString(home.resolve("alice.pem")) + "'''\n");

        // when
        Result result = workstation.run("job", "list");

        // then
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    [default                                  | HOME/.chef/credentials, line 1:
                    [default]!client_key = "none.pem"         | the key file HOME/.chef/none.pem (from HOME/.chef/credentials, profile default) does not exist
                    [default]!client_name = "a b"             | without spaces (it is from HOME/.chef/credentials, profile default)
                    [default]!chef_server_url = "example.org" | the server URL 'example.org' (from HOME/.chef/credentials, profile default) must look like
                    [default]!ssl_verify_mode = "sometimes"   | ssl_verify_mode must be verify_peer or verify_none, not 'sometimes' (from HOME/.chef/credentials
                    [default]!trusted_certs_dir = "none"      | trusted_certs_dir HOME/.chef/none (from HOME/.chef/credentials, profile default) is no directory
                    [default]!http_proxy = "ftp://u:geheim@p" | the proxy from HOME/.chef/credentials, profile default must look like http://HOST:PORT
                    """)
    void mistakeIsNamedWithItsPlace(String content, String message) throws Exception {
        // given
        credentials(content.replace("!", "\n") + "\n");
        if (!content.contains("client_name")) {
            workstation.environment().put("PUSHJOBS_USER", "alice");
        }
        if (!content.contains("client_key")) {
            workstation
                    .environment()
                    .put("PUSHJOBS_KEY", home.resolve("alice.pem").toString());
        }
        if (!content.contains("chef_server_url")) {
            workstation
                    .environment()
                    .put("PUSHJOBS_SERVER_URL", workstation.server().url());
        } else {
            workstation.environment().remove("PUSHJOBS_SERVER_URL");
        }

        // when
        Result result = workstation.run("job", "list");

        // then
        assertThat(result.err())
                .contains(message.replace("HOME", home.toString()))
                .doesNotContain("geheim");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(workstation.server().received()).isEmpty();
    }

    @Test
    void profileThatIsNotThereIsNamedWithWhoWantsIt() throws Exception {
        // given
        twoProfiles();
        workstation.environment().put("CHEF_PROFILE", "home");

        // when
        Result result = workstation.run("job", "list");

        // then
        assertThat(result.err()).contains("credentials has no profile 'home' (from CHEF_PROFILE)");
        assertThat(result.exitCode()).isEqualTo(2);
    }

    @Test
    void refusedUserIsNamedWithItsOrigin() throws Exception {
        // given
        twoProfiles();

        // when
        Result result = workstation.run("job", "list");

        // then
        assertThat(result.err())
                .contains("(user bob from " + home + "/.chef/credentials, profile default, key from " + home
                        + "/.chef/credentials, profile default)");
        assertThat(result.exitCode()).isEqualTo(4);
    }

    @Test
    void rubyFileFillsWhatIsMissing() throws Exception {
        // given
        write(".chef/knife.rb", """
                current_dir = File.dirname(__FILE__)
                node_name 'alice'
                client_key "#{current_dir}/alice.pem"
                chef_server_url '%s'
                ssl_verify_mode :verify_none
                knife[:editor] = 'vi'
                """.formatted(workstation.server().url()));
        workstation.environment().put("PUSHJOBS_KEY", home.resolve("alice.pem").toString());

        // when
        Result result = workstation.run("job", "list");

        // then
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    @Test
    void knifesOwnSettingsAreBeforeThoseOfItsProgram() throws Exception {
        // given
        write(".chef/knife.rb", """
                node_name 'bob'
                knife[:node_name] = 'alice'
                knife[:client_key] = '%s'
                knife[:chef_server_url] = '%s'
                """.formatted(
                        home.resolve("alice.pem"), workstation.server().url()));

        // then
        assertThat(userOf(workstation.run("job", "list"))).isEqualTo("alice");
    }

    @Test
    void environmentIsAsTheRubyFileLeavesIt() throws Exception {
        // given
        write(".chef/knife.rb", """
                node_name 'alice'
                client_key '%s'
                chef_server_url 'http://chef.invalid/organizations/acme'
                ENV['http_proxy'] = 'http://127.0.0.1:1'
                """.formatted(home.resolve("alice.pem")));
        workstation.environment().put("http_proxy", "http://127.0.0.1:2");

        // when
        Result result = workstation.run("job", "list");

        // then
        assertThat(result.err()).startsWith("ERROR: cannot reach the proxy 127.0.0.1:1:");
    }

    @Test
    void settingThatIsNoTextIsNamedWithItsKind() throws Exception {
        // given
        write(".chef/knife.rb", "node_name({})\nno_proxy %w[a b]\nssl_verify_mode 0\n");

        // when
        Result result = workstation.run("job", "list");

        // then
        assertThat(result.err()).contains("knife.rb:1: node_name must be a text, is a hash");
        assertThat(result.exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void markThatWindowsPutsBeforeTheCredentialsDoesNotMatter(Charset charset) throws Exception {
        // given
        String text = "\uFEFF[default]\nclient_name = 'alice'\nclient_key = 'alice.pem'\nchef_server_url = '"
                + workstation.server().url() + "'\n";
        Files.write(home.resolve(".chef/credentials"), text.getBytes(charset));

        // then
        assertThat(userOf(workstation.run("job", "list"))).isEqualTo("alice");
    }

    @Test
    void rubyFileIsNotEvenReadWhenNothingIsMissing() throws Exception {
        // given
        twoProfiles();
        write(".chef/config.rb", "File.write('" + home.resolve("evaluated") + "', '')\n");

        // when
        workstation.run("job", "list", "--profile", "work");

        // then
        assertThat(home.resolve("evaluated")).doesNotExist();
    }

    @Test
    void rubyFileThatIsNamedIsWeakerThanTheProfileAndItsErrorsHaveAPlace() throws Exception {
        // given
        twoProfiles();
        write("other.rb", "node_name 'zoe'\nno_proxy 'a'\nclient_key nosuch.thing\n");
        write("fine.rb", "node_name 'zoe'\n");

        // when
        Result broken = workstation.run("job", "list", "-c", "other.rb", "--profile", "work");
        Result fine = workstation.run("job", "list", "-c", "fine.rb", "--profile", "work");

        // then
        assertThat(broken.err()).startsWith("ERROR: " + home.resolve("other.rb") + ":3: ");
        assertThat(broken.exitCode()).isEqualTo(2);
        assertThat(userOf(fine)).isEqualTo("alice");
    }
}
