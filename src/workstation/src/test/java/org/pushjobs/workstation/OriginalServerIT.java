package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.workstation.ScriptedServer.Answer;
import org.pushjobs.workstation.ScriptedServer.Received;
import org.pushjobs.workstation.Workstation.Result;

/** A server without our extensions: queries are ignored, answers have nothing more than the original's. */
class OriginalServerIT {
    @TempDir
    private Path directory;

    private Workstation workstation;

    @BeforeEach
    void startServer() {
        workstation = new Workstation(directory);
        workstation
                .server()
                .answer(
                        "GET jobs",
                        200,
                        "[" + summary(1, "complete") + "," + summary(2, "running") + "," + summary(3, "complete") + ","
                                + summary(4, "complete") + "]");
        for (int i = 1; i <= 4; i++) {
            String node = i % 2 == 0 ? "web-even" : "web-odd";
            workstation
                    .server()
                    .answer(
                            "GET jobs/job-" + i,
                            200,
                            summary(i, "complete").replace("{", "{\"nodes\":{\"succeeded\":[\"" + node + "\"]},"));
        }
    }

    @AfterEach
    void stopServer() {
        workstation.close();
    }

    private static String summary(int number, String status) {
        return "{\"id\":\"job-" + number + "\",\"command\":\"c\",\"status\":\"" + status + "\"}";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    job list                                    | job-1 job-2 job-3 job-4
                    job list --limit 2                          | job-3 job-4
                    job list --limit 100                        | job-1 job-2 job-3 job-4
                    job list --status complete                  | job-1 job-3 job-4
                    job list --status COMPLETE --limit 2        | job-3 job-4
                    job list --status running                   | job-2
                    job list --node web-odd                     | job-1 job-3
                    job list --node web-even --status complete  | job-4
                    job list --node web-odd --limit 1           | job-3
                    """)
    void listIsLookedThroughHere(String command, String ids) {
        // when
        Result result = workstation.run(command.split(" "));

        // then
        assertThat(result.out().lines().skip(1).map(line -> line.split(" ")[0])).containsExactly(ids.split(" "));
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void listWithoutMatchSaysSo() {
        // when
        Result result = workstation.run("job", "list", "--status", "crashed");

        // then
        assertThat(result.err()).isEqualTo("There are no such jobs.\n");
        assertThat(result.exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--as-user deploy",
                "--in-dir /srv",
                "--capture",
                "--output",
                "--follow",
                "--timeout 5",
                "--with-env {\"A\":\"b\"}",
                "--file pom.xml"
            })
    void serverOfVersionOneGetsNoJobWithoutTheOptions(String option) {
        // given
        workstation.server().answer("POST jobs", 400, "{\"error\":\"invalid key supplied\"}");

        // when
        Result result = workstation.run(("job start " + option + " chef-client web-1").split(" "));

        // then
        assertThat(result.err()).isEqualTo("""
                        ERROR: the server answered 400: invalid key supplied
                        If this is a 1.x server: it knows none of --timeout, --as-user, --in-dir, --with-env, --file and --capture. The job was not sent again without them.
                        """);
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(workstation.server().received()).hasSize(1);
    }

    @Test
    void serverOfVersionOneTakesAPlainJob() {
        // given
        workstation.server().answer("POST jobs", 201, "{\"uri\":\"https://x/organizations/acme/pushy/jobs/job-1\"}");

        // when
        Result result = workstation.run("job", "start", "-q", "1", "chef-client", "web-odd");

        // then
        assertThat(result.out()).startsWith("Started.  Job ID: job-1\nComplete.\n");
        assertThat(workstation.server().received().getFirst().body())
                .isEqualTo("{\"command\":\"chef-client\",\"nodes\":[\"web-odd\"],\"quorum\":1}");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void followedJobShowsItsOutputAtTheEnd() {
        // given
        workstation
                .server()
                .answer("POST jobs", 201, "{\"id\":\"job-1\"}")
                .answer(
                        "GET job_status_feed/job-1",
                        Answer.stream(
                                "text/event-stream", "event: job_complete\nid: 1\ndata: {\"status\":\"complete\"}\n\n"))
                .answer("GET jobs/job-1/output/web-odd/stdout", Answer.stream("application/octet-stream", "one\ntwo"));

        // when
        Result result = workstation.run("job", "start", "--follow", "c", "web-odd");

        // then
        assertThat(result.out()).startsWith("""
                        Started.  Job ID: job-1
                        Complete.
                        web-odd | one
                        web-odd | two
                        id:      job-1
                        """);
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void abortIsNotThere() {
        // when
        Result result = workstation.run("job", "abort", "job-1");

        // then
        assertThat(result.err())
                .isEqualTo(
                        "ERROR: the server answered 404: not found\nCheck the job ID. A server of version 2 or 3 cannot"
                                + " abort jobs.\n");
        assertThat(result.exitCode()).isEqualTo(4);
    }

    @Test
    void whyIsNotKnown() {
        // given
        workstation.server().answer("GET node_states", 200, """
                        [{"node_name":"web-1","availability":"available"},
                         {"node_name":"web-2","availability":"unavailable"}]""");

        // when
        Result result = workstation.run("node", "status", "--why");

        // then
        assertThat(result.out()).isEqualTo("web-1\tavailable\nweb-2\tunavailable\tthe server does not say why\n");
    }

    @Test
    void ourServerIsAskedForPages() {
        // given
        String first = IntStream.rangeClosed(1, 1000)
                .mapToObj(i -> summary(2000 - i, "complete"))
                .reduce((a, b) -> a + "," + b)
                .orElseThrow();
        try (Workstation ours = new Workstation(directory)) {
            ours.server()
                    .answer(
                            "GET jobs",
                            Answer.json(200, "[" + first + "]")
                                    .with("X-Request-Id", "r1")
                                    .with(
                                            "Link",
                                            "<http://elsewhere/organizations/acme/pushy/jobs?limit=1000&before=x>; rel=\"next\""))
                    .answer(
                            "GET jobs",
                            Answer.json(200, "[" + summary(999, "complete") + "]")
                                    .with("X-Request-Id", "r2"));

            // when
            Result result = ours.run("job", "list", "--all", "--status", "complete");

            // then
            assertThat(result.out().lines().skip(1)).hasSize(1001);
            assertThat(result.out().lines().skip(1).findFirst().orElseThrow()).startsWith("job-999 ");
            assertThat(ours.server().received())
                    .extracting(Received::uri)
                    .containsExactly(
                            "/organizations/acme/pushy/jobs?status=complete&limit=1000&detail=true",
                            "/organizations/acme/pushy/jobs?limit=1000&before=x");
        }
    }
}
