package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.workstation.Workstation.Result;

/** What commands say when a request does not get what it asked for. */
class FailureIT {
    @TempDir
    private Path directory;

    private Workstation workstation;

    @BeforeEach
    void startServer() {
        workstation = new Workstation(directory);
    }

    @AfterEach
    void stopServer() {
        workstation.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    400 | {"error":"invalid command supplied"}    | the server answered 400: invalid command supplied
                    403 | {"error":["not","allowed"]}             | the server answered 403: not; allowed
                    403 | {"error":["not allowed"]}               | Ask an administrator for access
                    404 | {"error":["organization 'acme' does not exist."]} | Check the organization in the server URL
                    422 | {"error":"user must not be empty"}      | the server answered 422: user must not be empty
                    500 | <html>oops</html>                       | the server answered 500.
                    503 | {"error":["no database"]}               | The server is not ready yet
                    302 | ''                                      | the server answered 302.
                    200 | <html>welcome</html>                    | the server's answer is not JSON
                    200 | ''                                      | the server's answer is no JSON array
                    200 | {"jobs":[]}                             | the server's answer is no JSON array
                    200 | [{"name":"x"}]                          | the server's answer is no job document
                    """)
    void unwelcomeAnswerIsReportedWithWhatToDo(int status, String body, String message) {
        // given
        workstation.server().answer("GET jobs", status, body);

        // when
        Result result = workstation.run("job", "list");

        // then
        assertThat(result.err()).startsWith("ERROR: ").contains(message).doesNotContain("Exception");
        assertThat(result.out()).isEmpty();
        assertThat(result.exitCode()).isEqualTo(status == 503 ? 5 : 4);
        assertThat(workstation.runAs("knife-push", "job", "list").exitCode()).isOne();
    }

    @Test
    void wrongUserGetsAHintAtUserKeyAndClock() {
        // when
        Result result = workstation.run("job", "list", "-u", "mallory");

        // then
        assertThat(result.err())
                .startsWith("ERROR: the server answered 401: Invalid signature")
                .contains("--user", "--key", "clock");
        assertThat(result.exitCode()).isEqualTo(4);
    }

    @Test
    void serverThatIsNotThereIsReportedWithItsAddress() {
        // given
        String url = workstation.server().url();
        workstation.server().close();

        // when
        Result result = workstation.run("job", "start", "chef-client", "web-1");

        // then
        assertThat(result.err())
                .isEqualTo("ERROR: cannot reach " + url.replace("/organizations/acme", "")
                        + ": nobody listens there; check the server URL and that the server is running\n");
        assertThat(result.exitCode()).isEqualTo(5);
        assertThat(workstation
                        .runAs("knife-push", "job", "start", "chef-client", "web-1")
                        .exitCode())
                .isOne();
    }

    @Test
    void hostThatDoesNotExistIsReported() {
        // when
        Result result = workstation.run("job", "list", "-s", "http://no-such-host.invalid/organizations/acme");

        // then
        assertThat(result.err())
                .isEqualTo("ERROR: cannot reach http://no-such-host.invalid: no such host; check the server URL\n");
    }

    @Test
    void missingSettingsAreNamedAllAtOnce() {
        // given
        workstation.environment().clear();

        // when
        Result result = workstation.run("node", "status");

        // then
        assertThat(result.err())
                .contains("PUSHJOBS_USER", "PUSHJOBS_KEY", "PUSHJOBS_SERVER_URL")
                .endsWith("Try 'pushjobs node status --help'.\n");
        assertThat(result.exitCode()).isEqualTo(2);
    }

    @Test
    void optionsAreStrongerThanTheEnvironment() {
        // given
        workstation.server().answer("GET jobs", 200, "[]");
        String url = workstation.server().url();
        workstation.environment().put("PUSHJOBS_SERVER_URL", "http://no-such-host.invalid/organizations/acme");

        // when
        Result result = workstation.run("job", "list", "--server-url", url);

        // then
        assertThat(result.exitCode()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "job rerun",
        "job output",
        "job watch",
        "job abort",
        "job output --follow ab12",
        "job list --format=xml",
        "jobs list",
        "completion tcsh"
    })
    void incompleteCommandIsAnErrorOfUsage(String arguments) {
        // when
        Result result = workstation.run(arguments.split(" "));

        // then
        assertThat(result.err()).startsWith("ERROR: ").contains("--help'.");
        assertThat(result.exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"--help", "job --help", "job start --help", "job status -h", "node status --help", "--version"})
    void helpIsPrintedOnStandardOutput(String arguments) {
        // when
        Result result = workstation.run(arguments.split(" "));

        // then
        assertThat(result.out()).contains("pushjobs");
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
    }
}
