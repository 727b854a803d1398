package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.workstation.Workstation.Result;

/** The commands that only look: {@code job status|list|output}, {@code node status}. */
class LookIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JOB = """
            {"nodes":{"succeeded":["web-1"],"failed":["web-2"]},"id":"ab12","command":"chef-client","status":"complete",
             "run_timeout":3600,"created_at":"Sun, 22 Nov 2026 11:00:00 GMT","updated_at":"Sun, 22 Nov 2026 11:00:01 GMT",
             "user":"deploy","capture_output":true}""";

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

    @Test
    void jobStatusShowsTheJobAndWhyANodeFailed() {
        // given
        workstation.server().answer("GET jobs/ab12", 200, JOB);

        // when
        Result result = workstation.run("job", "status", "ab12");

        // then
        assertThat(result.out()).isEqualTo("""
                        id:      ab12
                        command: chef-client
                        status:  complete
                        created: Sun, 22 Nov 2026 11:00:00 GMT
                        updated: Sun, 22 Nov 2026 11:00:01 GMT
                        user:    deploy
                        nodes:
                          succeeded: web-1
                          failed:    web-2

                        The job is complete; 1 of 2 nodes did not succeed:
                          web-2  failed  the command ended with an error, or the node could not start it
                        What a failed node wrote: pushjobs job output --channel stderr ab12 web-2
                        """);
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void jobStatusAsJsonIsTheServersDocumentWithTimesInIso8601() throws Exception {
        // given
        workstation.server().answer("GET jobs/ab12", 200, JOB);
        String iso = JOB.replace("Sun, 22 Nov 2026 11:00:00 GMT", "2026-11-22T11:00:00Z")
                .replace("Sun, 22 Nov 2026 11:00:01 GMT", "2026-11-22T11:00:01Z");

        // when
        Result ours = workstation.run("job", "status", "--format", "json", "ab12");
        Result knifes = workstation.runAs("knife-push", "job", "status", "--format", "json", "ab12");

        // then
        assertThat(JSON.readTree(ours.outBytes())).isEqualTo(JSON.readTree(iso));
        assertThat(JSON.readTree(knifes.outBytes())).isEqualTo(JSON.readTree(JOB));
        assertThat(workstation.server().received().stream().map(ScriptedServer.Received::uri))
                .filteredOn(uri -> uri.contains("jobs/ab12"))
                .containsExactly(
                        "/organizations/acme/pushy/jobs/ab12?detail=true&output_tail=true",
                        "/organizations/acme/pushy/jobs/ab12");
    }

    @Test
    void commandThatHoldsControlCharactersCannotSteerTheTerminal() {
        // given
        workstation
                .server()
                .answer("GET jobs/ab12", 200, "{\"id\":\"ab12\",\"status\":\"voting\",\"command\":\"a\\u001b[2Jb\"}");

        // when
        Result result = workstation.run("job", "status", "ab12");

        // then
        assertThat(result.out()).contains("command: a?[2Jb\n");
    }

    @Test
    void outputIsPrintedByteForByte() {
        // given
        byte[] captured = {'o', 'k', 0, (byte) 0xff, 27, '\n'};
        workstation
                .server()
                .answer("GET jobs/ab12/output/web-1/stdout", 200, "application/octet-stream", captured)
                .answer("GET jobs/ab12/output/web-1/stderr", 200, "application/octet-stream", new byte[0]);

        // when
        Result stdout = workstation.run("job", "output", "ab12", "web-1");
        Result stderr = workstation.run("job", "output", "--channel", "stderr", "ab12", "web-1");

        // then
        assertThat(stdout.outBytes()).isEqualTo(captured);
        assertThat(stderr.outBytes()).isEmpty();
        assertThat(stderr.exitCode()).isZero();
        assertThat(workstation.server().received().getLast().headers())
                .containsEntry("accept", "application/octet-stream");
    }

    @Test
    void missingOutputSaysWhatTheReasonsMayBe() {
        // when
        Result result = workstation.run("job", "output", "ab12", "web-1");

        // then
        assertThat(result.err())
                .startsWith("ERROR: the server answered 404: not found\n")
                .contains("started without --capture");
        assertThat(result.exitCode()).isEqualTo(4);
    }

    @Test
    void nodeNameIsEncodedInThePathAndSignedSo() {
        // given
        workstation
                .server()
                .answer(
                        "GET node_states/web:1%2F%20%C3%BC",
                        200, "{\"node_name\":\"web:1/ ü\",\"status\":\"offline\",\"availability\":\"unavailable\"}");

        // when
        Result result = workstation.run("node", "status", "web:1/ ü");

        // then
        assertThat(result.out()).isEqualTo("web:1/ ü\tunavailable\n");
    }
}
