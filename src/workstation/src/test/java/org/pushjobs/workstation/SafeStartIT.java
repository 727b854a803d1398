package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.workstation.ScriptedServer.Answer;
import org.pushjobs.workstation.ScriptedServer.Received;
import org.pushjobs.workstation.Workstation.Result;

/** {@code job start} when its answer gets lost, or the server is not ready for it. */
class SafeStartIT {
    private static final Answer STARTED = Answer.json(201, "{\"id\":\"ab12\"}").with("X-Request-Id", "1");
    private static final Answer NOT_READY =
            Answer.json(503, "{\"error\":[\"no coordinator is active\"]}").with("X-Request-Id", "1");

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

    private Result start() {
        return workstation.run("job", "start", "-b", "chef-client", "web-1");
    }

    private List<Received> starts() {
        return workstation.server().received().stream()
                .filter(request -> request.method().equals("POST"))
                .toList();
    }

    @Test
    void everyStartHasAKeyOfItsOwn() {
        // given
        workstation.server().answer("POST jobs", STARTED);

        // when
        start();
        start();

        // then
        assertThat(starts())
                .extracting(request -> request.headers().get("idempotency-key"))
                .doesNotContainNull()
                .doesNotHaveDuplicates();
    }

    @Test
    void startWhoseAnswerGotLostIsSentAgainWithTheSameKeyAndBody() {
        // given
        workstation
                .server()
                .answer("POST jobs", STARTED.thenBroken())
                .answer("POST jobs", STARTED)
                .answer("GET jobs", Answer.json(503, "{}"))
                .answer("GET jobs", Answer.json(200, "[]").with("X-Request-Id", "1"));

        // when
        Result result = start();

        // then
        assertThat(result.out()).isEqualTo("Started.  Job ID: ab12\n");
        assertThat(result.err())
                .startsWith("The start is not confirmed: the connection to http://localhost:")
                .endsWith("\nTrying again for up to 120 s; the job is started once at most.\n")
                .hasLineCount(2);
        assertThat(starts()).hasSize(2);
        assertThat(starts().getFirst().headers().get("idempotency-key"))
                .isEqualTo(starts().getLast().headers().get("idempotency-key"));
        assertThat(starts().getFirst().body()).isEqualTo(starts().getLast().body());
    }

    @Test
    void startIsNotSentAgainToAServerThatWouldStartTwoJobs() {
        // given
        workstation.server().answer("POST jobs", STARTED.thenBroken()).answer("GET jobs", 200, "[]");

        // when
        Result result = start();

        // then
        assertThat(starts()).hasSize(1);
        assertThat(result.err())
                .contains(
                        "\nThe job may have been started all the same: look with 'pushjobs job list'.\nERROR: the connection to");
        assertThat(result.exitCode()).isEqualTo(5);
    }

    @Test
    void startWaitsAsLongAsTheServerAsks() {
        // given
        workstation
                .server()
                .answer("POST jobs", NOT_READY.with("Retry-After", "5"))
                .answer("POST jobs", NOT_READY.with("Retry-After", "0"))
                .answer("POST jobs", NOT_READY.with("Retry-After", "999"))
                .answer("POST jobs", STARTED);

        // when
        Result result = start();

        // then
        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEqualTo("""
                        The start is not confirmed: the server answered 503: no coordinator is active
                        Trying again for up to 120 s; the job is started once at most.
                        """);
        assertThat(workstation.pauses()).extracting(Duration::toSeconds).containsExactly(5L, 1L, 30L);
    }

    @Test
    void startIsGivenUpAfterTwoMinutes() {
        // given
        workstation.server().answer("POST jobs", NOT_READY.with("Retry-After", "7"));

        // when
        Result result = start();

        // then
        assertThat(workstation.pauses().stream().mapToLong(Duration::toSeconds).sum())
                .isBetween(113L, 120L);
        assertThat(result.err()).contains("ERROR: the server answered 503: no coordinator is active");
        assertThat(result.exitCode()).isEqualTo(5);
    }

    @Test
    void refusalWithoutATimeToComeAgainIsNotRepeated() {
        // given
        workstation.server().answer("POST jobs", NOT_READY);

        // when
        Result result = start();

        // then
        assertThat(starts()).hasSize(1);
        assertThat(result.exitCode()).isEqualTo(5);
    }

    @Test
    void serverThatHangsUpOnEveryoneIsGivenUpAndMayHaveStartedTheJob() throws Exception {
        // given
        try (ServerSocket rude = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> hangUp(rude));

            // when
            Result result = workstation.run(
                    "job",
                    "start",
                    "chef-client",
                    "web-1",
                    "--server-url",
                    "http://localhost:" + rude.getLocalPort() + "/organizations/acme");

            // then
            assertThat(result.err())
                    .contains("\nThe job may have been started all the same: look with 'pushjobs job list'.\nERROR: the"
                            + " connection to http://localhost:" + rude.getLocalPort() + " broke");
            assertThat(workstation.pauses().stream().reduce(Duration.ZERO, Duration::plus))
                    .isLessThanOrEqualTo(Duration.ofMinutes(2));
            assertThat(result.exitCode()).isEqualTo(5);
        }
    }

    private static void hangUp(ServerSocket rude) {
        try {
            while (true) {
                try (Socket connection = rude.accept()) {
                    connection.getInputStream().read();
                }
            }
        } catch (IOException _) {
            // The test has ended.
        }
    }
}
