package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands whose standard output takes nothing, or no more. */
class UnwritableOutputIT {
    @TempDir
    private Path home;

    private Workstation workstation;
    private Program program;

    @BeforeEach
    void startServer() throws Exception {
        workstation = new Workstation(home);
        String job = "{\"id\":\"ab12\",\"command\":\"c\",\"status\":\"complete\",\"nodes\":{\"succeeded\":[\"a\"]}}";
        workstation
                .server()
                .answer("POST jobs", 201, "{\"id\":\"ab12\"}")
                .answer("GET jobs/ab12", 200, job)
                .answer("GET jobs", 200, "[" + job + "]")
                .answer("GET jobs/ab12/output/a/stdout", 200, "application/octet-stream", new byte[100_000])
                .answer("GET node_states", 200, "[{\"node_name\":\"a\",\"availability\":\"available\"}]")
                .answer("POST jobs/ab12/abort", 202, "{\"id\":\"ab12\",\"status\":\"running\"}")
                .answer(
                        "GET job_status_feed/ab12",
                        200,
                        "text/event-stream",
                        "event: job_complete\nid: 1\ndata: {\"status\":\"complete\"}\n\n".getBytes());
        program = new Program(home, Map.copyOf(workstation.environment()));
    }

    @AfterEach
    void stopServer() {
        workstation.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "--version",
                "job start c a",
                "job start --follow c a",
                "job start -b -F json c a",
                "job rerun ab12",
                "job status ab12",
                "job list",
                "job list -F yaml",
                "job output ab12 a",
                "job watch -F json ab12",
                "job abort ab12",
                "node status",
                "completion bash"
            })
    void fullDiskIsAFailureAndAReaderThatHasGoneIsNot(String command) throws Exception {
        // when
        Program.Result full = program.run("pushjobs " + command + " > /dev/full");
        Program.Result gone = program.run("mkfifo pipe; true <pipe & exec 3>pipe; wait; pushjobs " + command
                + " >&3; status=$?; rm pipe; exit $status");

        // then
        assertThat(full.output())
                .containsOnlyOnce("ERROR: the output cannot be written: ")
                .doesNotContain("Exception");
        assertThat(full.exitCode()).isEqualTo(6);
        assertThat(gone.output()).doesNotContain("ERROR", "Exception");
        assertThat(gone.exitCode()).isEqualTo(141);
    }

    @ParameterizedTest
    @CsvSource({"knife-push,1", "pushjobs,6"})
    void statusOfAFullDiskIsThatOfTheProgramsName(String name, int status) throws Exception {
        // when
        Program.Result full = program.run(name + " job list > /dev/full");

        // then
        assertThat(full.exitCode()).isEqualTo(status);
    }
}
