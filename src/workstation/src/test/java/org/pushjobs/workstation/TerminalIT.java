package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.workstation.ScriptedServer.Answer;

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
        return onTerminal(columns, command, 0);
    }

    private String onTerminal(int columns, String command, int exitCode) throws Exception {
        Files.writeString(home.resolve("session"), "stty cols " + columns + " rows 24 -echo\n" + command + "\n");
        Program.Result result = program.run("script -qec 'sh session' /dev/null");
        assertThat(result.exitCode()).as(result.output()).isEqualTo(exitCode);
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
    void followedOutputStandsAboveTheLiveLine() throws Exception {
        // given
        workstation.server().answer("GET job_status_feed/ab12", Answer.stream("text/event-stream", """
                        event: start
                        id: 1
                        data: {"timestamp":"2026-11-22 11:00:01.000001Z","node_count":1}

                        event: quorum_vote
                        id: 2
                        data: {"timestamp":"2026-11-22 11:00:02.000001Z","node":"a","status":"success"}

                        event: quorum_succeeded
                        id: 3
                        data: {"timestamp":"2026-11-22 11:00:03.000001Z"}

                        event: output
                        data: {"timestamp":"2026-11-22 11:00:04.000001Z","node":"a","channel":"stdout","offset":0,"data":"b25lCnR3bw=="}

                        event: output
                        data: {"timestamp":"2026-11-22 11:00:05.000001Z","node":"a","channel":"stderr","offset":0,"data":"b29wcwo="}

                        event: job_complete
                        id: 4
                        data: {"timestamp":"2026-11-22 11:00:06.000001Z","status":"complete"}

                        """));
        jobIs("complete", "{\"succeeded\":[\"a\"]}");

        // when
        String screen = onTerminal(80, "pushjobs job start --follow c a");

        // then
        String running = "Running (1/1 in progress) ...";
        assertThat(screen)
                .contains(ERASE + "Voting.\n" + ERASE + running + ERASE + "a | one\n" + running + ERASE + "a | oops\n"
                        + running + ERASE + "a | two\n" + running + ERASE + "Complete.\nid:      ab12\n");
    }

    @Test
    void outputIsShownAtTheEndAndFoldedWhereItIsTheSame() throws Exception {
        // given
        hundredNodesOfWhichThreeAreDifferent();

        // when
        String screen = onTerminal(200, "pushjobs job start c n-1", 1);

        // then
        assertThat(screen).contains("""
                        Complete.
                        ==> 97 nodes: n-1, n-10, n-100, n-11, n-12, ... <==
                        all is well
                        ==> 2 nodes: n-98, n-99 <==
                        all is well
                        but the disk is nearly full
                        ==> n-97 <==
                        no newline
                        id:      ab12
                        """);
        assertThat(new ObjectMapper()
                        .readTree(workstation.server().received().getFirst().body())
                        .at("/capture_output")
                        .asBoolean())
                .isTrue();
    }

    private void hundredNodesOfWhichThreeAreDifferent() {
        String names =
                IntStream.rangeClosed(1, 99).mapToObj(i -> "\"n-" + i + "\"").collect(Collectors.joining(","));
        workstation.server().answer("GET jobs/ab12", 200, """
                        {"id":"ab12","command":"c","status":"complete","capture_output":true,
                         "nodes":{"succeeded":[%s],"failed":["n-100"],"nacked":["n-101"]}}""".formatted(names));
        for (int i = 1; i <= 100; i++) {
            String path = "GET jobs/ab12/output/n-" + i + "/";
            workstation
                    .server()
                    .answer(path + "stdout", bytes(i == 97 ? "no newline" : "all is well\n"))
                    .answer(path + "stderr", bytes(i == 98 || i == 99 ? "but the disk is nearly full\n" : ""));
        }
    }

    private static Answer bytes(String text) {
        return Answer.stream("application/octet-stream", text);
    }

    @Test
    void longOutputIsShownFromItsLastLinesOn() throws Exception {
        // given
        String lines =
                IntStream.rangeClosed(1, 250).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
        workstation.server().answer("GET jobs/ab12", 200, """
                        {"id":"ab12","command":"c","status":"complete","capture_output":true,"nodes":{"succeeded":["a"]}}""").answer("GET jobs/ab12/output/a/stdout", bytes(lines));

        // when
        String screen = onTerminal(200, "pushjobs job start c a");

        // then
        assertThat(screen)
                .contains(
                        "==> a <==\n(the last 100 lines; all of them: pushjobs job output --channel stdout ab12 a)\nline 151\n")
                .contains("line 250\nid:      ab12\n")
                .doesNotContain("line 150\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pushjobs job start --no-output c a",
                "pushjobs job start -F json c a",
                "knife-push job start c a",
                "pushjobs job start c a | cat"
            })
    void outputIsNotShownWhereItIsNotWantedOrKnifeWouldNot(String command) throws Exception {
        // given
        jobIs("complete", "{\"succeeded\":[\"a\"]}");

        // when
        onTerminal(80, command);

        // then
        assertThat(workstation.server().received().getFirst().body())
                .contains("\"command\"")
                .doesNotContain("capture_output");
        assertThat(workstation.server().received())
                .noneMatch(request -> request.uri().contains("/output/"));
    }

    @Test
    void serverOfVersionOneGetsAPlainJobWhereNobodyAskedForOutput() throws Exception {
        // given
        try (Workstation old = new Workstation(home)) {
            old.server()
                    .answer(
                            "POST jobs",
                            request -> request.body().contains("capture_output")
                                    ? Answer.json(400, "{\"error\":\"invalid key supplied\"}")
                                    : Answer.json(
                                            201, "{\"uri\":\"http://localhost/organizations/acme/pushy/jobs/ab12\"}"))
                    .answer(
                            "GET jobs/ab12",
                            200,
                            "{\"id\":\"ab12\",\"status\":\"complete\",\"nodes\":{\"succeeded\":[\"a\"]}}");
            program = new Program(home, Map.copyOf(old.environment()));

            // when
            String screen = onTerminal(80, "pushjobs job start c a");

            // then
            assertThat(screen).contains("Started.  Job ID: ab12\n");
        }
    }

    @Test
    void outputOfManyNodesIsFoldedOnATerminal() throws Exception {
        // given
        hundredNodesOfWhichThreeAreDifferent();

        // when
        String screen = onTerminal(200, "pushjobs job output ab12");

        // then
        assertThat(screen).contains("""
                        ==> 99 nodes: n-1, n-10, n-100, n-11, n-12, ... <==
                        all is well
                        ==> n-97 <==
                        no newline
                        There is no output of n-101.
                        """);
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
