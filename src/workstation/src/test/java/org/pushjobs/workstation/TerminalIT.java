package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program on a terminal (a pty made by {@code script}) and without one, and what Ctrl-C does. */
class TerminalIT {
    private static final String ERASE = "\r\u001b[K";

    @TempDir
    private Path home;

    private Workstation workstation;
    private Program program;

    @BeforeEach
    void startServer() throws Exception {
        workstation = new Workstation(home);
        workstation.server().answer("POST jobs", 201, "{\"id\":\"ab12\"}");
        program = new Program(home, Map.copyOf(workstation.environment()));
    }

    @AfterEach
    void stopServer() {
        workstation.close();
    }

    private void jobIs(String status, String nodes) {
        workstation
                .server()
                .answer(
                        "GET jobs/ab12",
                        200,
                        "{\"id\":\"ab12\",\"command\":\"c\",\"status\":\"" + status + "\",\"nodes\":" + nodes + "}");
    }

    private void jobThatRunsAndEnds() {
        jobIs("voting", "{\"new\":[\"a\",\"b\"]}");
        jobIs("running", "{\"running\":[\"a\",\"b\"]}");
        jobIs("running", "{\"running\":[\"a\"],\"succeeded\":[\"b\"]}");
        jobIs("complete", "{\"succeeded\":[\"a\",\"b\"]}");
    }

    private String onTerminal(int columns, String command) throws Exception {
        Files.writeString(home.resolve("session"), "stty cols " + columns + " rows 24 -echo\n" + command + "\n");
        Program.Result result = program.run("script -qec 'sh session' /dev/null");
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output().replace("\r\n", "\n");
    }

    @Test
    void terminalHasOneLiveLineForEachState() throws Exception {
        // given
        jobThatRunsAndEnds();

        // when
        String screen = onTerminal(80, "pushjobs job start c a b");

        // then
        assertThat(screen)
                .contains(ERASE + "Voting.\n" + ERASE + "Running (2/2 in progress) ..." + ERASE
                        + "Running (1/2 in progress) ...\n" + ERASE + "Complete.\nid:      ab12\n");
    }

    @Test
    void terminalGetsATableInColoursUnlessNobodyWantsThem() throws Exception {
        // given
        workstation.server().answer("GET node_states", 200, "[{\"node_name\":\"a\",\"availability\":\"available\"}]");

        // then
        assertThat(onTerminal(80, "TERM=xterm pushjobs node status"))
                .isEqualTo("NODE  STATE\na     \u001b[32mavailable\u001b[0m\n\n1 node: 1 available, 0 unavailable\n");
        for (String plain : List.of(
                "NO_COLOR=1 TERM=xterm pushjobs node status",
                "TERM=xterm pushjobs node status --no-color",
                "TERM=dumb pushjobs node status")) {
            assertThat(onTerminal(80, plain))
                    .as(plain)
                    .isEqualTo("NODE  STATE\na     available\n\n1 node: 1 available, 0 unavailable\n");
        }
        assertThat(onTerminal(80, "TERM=xterm knife-push node status")).isEqualTo("a\tavailable\n");
    }

    @Test
    void lineIsCutOffAtTheTerminalsWidth() throws Exception {
        // given
        jobThatRunsAndEnds();

        // when
        String screen = onTerminal(24, "pushjobs job start c a b");

        // then
        assertThat(screen).contains(ERASE + "Running (2/2 in prog..." + ERASE + "Running (1/2 in prog...\n" + ERASE);
    }

    @Test
    void withoutTerminalThereAreLinesAndNoControlCharacters() throws Exception {
        // given
        jobThatRunsAndEnds();

        // when
        Program.Result result = program.run("pushjobs job start c a b");

        // then
        assertThat(result.output()).startsWith("""
                        Started.  Job ID: ab12
                        Voting.
                        Running (2/2 in progress) ...
                        Running (1/2 in progress) ...
                        Complete.
                        id:      ab12
                        """).doesNotContain("\u001b", "\r");
    }

    @Test
    void interruptedCommandSaysThatTheJobGoesOnAndHow() throws Exception {
        // given
        jobIs("running", "{\"running\":[\"a\",\"b\"]}");
        Process process = program.start("exec pushjobs job start c a b");
        awaitOutput("Running (2/2 in progress) ...\n");

        // when
        new ProcessBuilder("kill", "-s", "INT", Long.toString(process.pid()))
                .start()
                .waitFor();

        // then
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(program.output()).isEqualTo("""
                        Started.  Job ID: ab12
                        Running (2/2 in progress) ...
                        The job goes on: watch it with 'pushjobs job watch ab12', end it with 'pushjobs job abort ab12'.
                        """);
        assertThat(process.exitValue()).isEqualTo(130);
    }

    private void awaitOutput(String text) throws Exception {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
        while (!program.output().contains(text)) {
            assertThat(Instant.now()).as(program.output()).isBefore(deadline);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
