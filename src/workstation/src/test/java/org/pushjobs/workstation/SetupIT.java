package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.workstation.ScriptedServer.Answer;
import org.pushjobs.workstation.Workstation.Result;

/** {@code whoami}, {@code doctor} and {@code config}. */
class SetupIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TRY_TO_WRITE = "POST jobs/none/abort";

    @TempDir
    private Path home;

    private Workstation workstation;
    private Path key;

    @BeforeEach
    void startServer() throws IOException {
        workstation = new Workstation(home);
        key = home.resolve("alice.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }

    @AfterEach
    void stopServer() {
        workstation.close();
    }

    private void server(int reading, int writing) {
        workstation
                .server()
                .answer("GET jobs", Answer.json(reading, reading == 200 ? "[]" : "{\"error\":[\"not for you\"]}"))
                .answer(
                        TRY_TO_WRITE,
                        Answer.json(writing, "{\"error\":[\"there is no job 'none'\"]}")
                                .with("X-Request-Id", "1"));
    }

    // ---- whoami

    @ParameterizedTest
    @CsvSource({"200, 404, yes, yes", "200, 403, yes, no", "403, 403, no, no", "200, 500, yes, unknown"})
    void whoamiSaysWhoAsksWhomAndWhatIsAllowed(int reading, int writing, String mayRead, String mayStart) {
        server(reading, writing);

        Result result = workstation.run("whoami");

        assertThat(result.out()).isEqualTo("""
                user:           alice
                organization:   acme
                server:         %s
                may read:       %s
                may start jobs: %s
                from:           user alice from PUSHJOBS_USER, key from PUSHJOBS_KEY
                """.formatted(workstation.server().url(), mayRead, mayStart));
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void whoeverTheServerDoesNotKnowIsToldSo() {
        server(200, 404);

        Result result = workstation.run("whoami", "-u", "mallory");

        assertThat(result.err()).startsWith("ERROR: the server answered 401: Invalid signature");
        assertThat(result.out()).isEmpty();
        assertThat(result.exitCode()).isNotZero();
    }

    @Test
    void whoamiIsDataOnRequest() throws Exception {
        server(200, 404);

        JsonNode document =
                JSON.readTree(workstation.run("whoami", "-F", "json").outBytes());

        assertThat(document.path("user").asText()).isEqualTo("alice");
        assertThat(document.path("may_start_jobs").asText()).isEqualTo("yes");
    }

    // ---- doctor

    @Test
    void healthySetupHasNothingButGoodChecks() {
        server(200, 404);

        Result result = workstation.run("doctor");

        assertThat(result.out().replaceFirst("in [0-9]+ ms", "in 5 ms"))
                .isEqualTo("""
                ok      settings     user alice from PUSHJOBS_USER, key from PUSHJOBS_KEY
                ok      key          %s, an RSA key that only its owner can read
                ok      server       %s answers in 5 ms
                ok      clock        this machine's clock is that of the server
                ok      identity     the server knows alice by this key
                ok      reading      may look at jobs and nodes
                ok      starting     may start and abort jobs
                """.formatted(key, workstation.server().url()));
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void missingSettingsAreAllNamedAndNothingIsAsked() {
        workstation.environment().clear();

        Result result = workstation.run("doctor");

        assertThat(result.out().lines()).hasSize(3).allMatch(line -> line.startsWith("FAILED  settings     no "));
        assertThat(result.exitCode()).isOne();
    }

    @Test
    void keyThatOthersMayReadIsAWarning() throws Exception {
        server(200, 404);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));

        Result result = workstation.run("doctor");

        assertThat(result.out()).contains("""
                warning key          others than its owner may read or change %1$s
                                     -> chmod 600 %1$s
                """.formatted(key));
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void serverThatIsNotThereIsTheLastCheck() {
        workstation.server().close();

        Result result = workstation.run("doctor");

        assertThat(result.out().lines())
                .last()
                .asString()
                .startsWith("FAILED  server       cannot reach http://localhost:")
                .endsWith("check the server URL and that the server is running");
        assertThat(result.exitCode()).isOne();
    }

    @ParameterizedTest
    @CsvSource({
        "120, 'warning clock        this machine''s clock is [12] min [0-9]+ s ahead of the server''s'",
        "-3000, 'FAILED  clock        this machine''s clock is (49|50) min [0-9]+ s behind the server''s'"
    })
    void clockThatIsWrongIsNamedWithHowMuch(long seconds, String line) {
        server(200, 404);
        workstation.pass(Duration.ofSeconds(seconds));

        Result result = workstation.run("doctor");

        assertThat(result.out()).containsPattern(line).contains("-> set the clock;");
        assertThat(result.exitCode()).isEqualTo(seconds < 0 ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    401 | 404 | FAILED  identity     the server answered 401: not for you
                    404 | 404 | FAILED  organization the server answered 404: not for you
                    403 | 403 | FAILED  reading      the server answered 403: not for you
                    200 | 403 | warning starting     may not start jobs
                    200 | 405 | warning starting     this server does not say whether jobs may be started
                    """)
    void whatIsNotAllowedIsSaidWithARemedy(int reading, int writing, String line) {
        server(reading, writing);

        Result result = workstation.run("doctor");

        assertThat(result.out()).contains(line + "\n" + " ".repeat(21) + "-> ");
        assertThat(result.exitCode()).isEqualTo(line.startsWith("FAILED") ? 1 : 0);
    }

    @Test
    void doctorIsDataOnRequest() throws Exception {
        server(200, 403);

        JsonNode checks = JSON.readTree(workstation.run("doctor", "-F", "json").outBytes());

        assertThat(checks).hasSize(7);
        assertThat(checks.get(6).path("check").asText()).isEqualTo("starting");
        assertThat(checks.get(6).path("outcome").asText()).isEqualTo("warning");
        assertThat(checks.get(6).path("remedy").asText()).contains("pushy_job_writers");
    }

    // ---- config

    @Test
    void configShowsWhereEachSettingComesFromAndNoSecret() throws Exception {
        // given
        workstation.environment().remove("PUSHJOBS_KEY");
        workstation.environment().put("https_proxy", "http://user:geheim@proxy.example.com:3128");
        Files.createDirectories(home.resolve(".chef"));
        Files.writeString(home.resolve(".chef/credentials"), """
                [default]
                client_name = "bob"
                client_key = "bob.pem"
                chef_server_url = "https://chef.example.com/organizations/acme"
                https_proxy_pass = "geheim"

                [inline]
                client_key = '''
                -----BEGIN RSA PRIVATE KEY-----
                geheim
                '''
                """);

        // when
        Result table = workstation.run("config");
        Result inline = workstation.run("config", "--profile", "inline");
        Result json = workstation.run("config", "-F", "json");

        // then
        String profile = home.resolve(".chef/credentials") + ", profile default";
        assertThat(table.out().lines().map(line -> line.replaceAll(" {2,}", " | ")))
                .containsExactly(
                        "SETTING | VALUE | FROM",
                        "client_name | alice | PUSHJOBS_USER",
                        "client_key | " + home.resolve(".chef/bob.pem") + " | " + profile,
                        "chef_server_url | " + workstation.server().url() + " | PUSHJOBS_SERVER_URL",
                        "https_proxy | http://(not shown)@proxy.example.com:3128 | https_proxy",
                        "https_proxy_pass | (not shown) | " + profile);
        assertThat(inline.out()).contains("client_key       PEM text (not shown)");
        assertThat(JSON.readTree(json.outBytes()).get(0).path("from").asText()).isEqualTo("PUSHJOBS_USER");
        assertThat(table.out() + inline.out() + json.out()).doesNotContain("geheim");
        assertThat(workstation.server().received()).isEmpty();
    }

    @Test
    void whereNothingIsSetThatIsSaid() {
        workstation.environment().clear();

        assertThat(workstation.run("config").err())
                .isEqualTo("Nothing is set: no option, no variable, no file in ~/.chef.\n");
    }
}
