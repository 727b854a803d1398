package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

class JobStartIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ID = "0123456789ab0123456789abcdef0123";

    @TempDir
    private Path directory;

    private Workstation workstation;

    @BeforeEach
    void startServer() {
        workstation = new Workstation(directory);
        workstation.server().answer("POST jobs", 201, """
                        {"uri":"https://example.org/organizations/acme/pushy/jobs/%s","id":"%s"}""".formatted(ID, ID));
    }

    @AfterEach
    void stopServer() {
        workstation.close();
    }

    private void jobIs(String status, String nodes) {
        workstation.server().answer("GET jobs/" + ID, 200, """
                        {"nodes":%s,"id":"%s","command":"chef-client","status":"%s","run_timeout":3600,
                         "created_at":"Sun, 22 Nov 2026 11:00:00 GMT","updated_at":"Sun, 22 Nov 2026 11:00:01 GMT"}""".formatted(nodes.replace('\'', '"'), ID, status));
    }

    @Test
    void jobIsStartedFollowedAndShown() {
        // given
        jobIs("new", "{'new':['web-1','web-2','web-3']}");
        jobIs("voting", "{'new':['web-1','web-2'],'ready':['web-3']}");
        jobIs("voting", "{'ready':['web-1','web-2','web-3']}");
        jobIs("running", "{'running':['web-1','web-2'],'ready':['web-3']}");
        jobIs("running", "{'running':['web-1'],'succeeded':['web-2','web-3']}");
        jobIs("complete", "{'succeeded':['web-3','web-1','web-2']}");

        // when
        Result result = workstation.run("job", "start", "chef-client", "web-1", "web-2", "web-3");

        // then
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo("""
                        Started.  Job ID: 0123456789ab0123456789abcdef0123
                        Voting.
                        Running (3/3 in progress) ...
                        Running (1/3 in progress) ...
                        Complete.
                        id:      0123456789ab0123456789abcdef0123
                        command: chef-client
                        status:  complete
                        created: Sun, 22 Nov 2026 11:00:00 GMT
                        updated: Sun, 22 Nov 2026 11:00:01 GMT
                        nodes:
                          succeeded: web-1, web-2, web-3
                        """);
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void firstLooksComeQuicklyAndThenAtTheInterval() {
        // given
        for (int look = 0; look < 5; look++) {
            jobIs("running", "{'running':['web-1']}");
        }
        jobIs("complete", "{'succeeded':['web-1']}");

        // when
        workstation.run("job", "start", "chef-client", "web-1", "--poll-interval", "0.5");

        // then
        assertThat(workstation.pauses())
                .extracting(Duration::toMillis)
                .containsExactly(100L, 200L, 400L, 500L, 500L, 500L);
    }

    @Test
    void requestCarriesEverythingThatWasAskedFor() throws Exception {
        // given
        Path file = Files.write(directory.resolve("site.json"), new byte[] {0, 1, (byte) 0xff});

        // when
        Result result = workstation.run(
                "job",
                "start",
                "--timeout",
                "90",
                "-q",
                "50%",
                "--file",
                file.toString(),
                "--capture",
                "--with-env",
                "{\"COLOR\":\"blue\"}",
                "--as-user",
                "deploy",
                "--in-dir",
                "/srv",
                "-b",
                "make it so",
                "web-1",
                "web-2",
                "web-1",
                "web-3");

        // then
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEqualTo("Started.  Job ID: " + ID + "\n");
        assertThat(workstation.server().received()).hasSize(1);
        Received request = workstation.server().received().getFirst();
        assertThat(request.headers())
                .containsEntry("accept", "application/json")
                .containsEntry("content-type", "application/json")
                .containsEntry("x-ops-server-api-version", "1")
                .containsEntry("x-ops-sign", "algorithm=sha256;version=1.3;");
        assertThat(JSON.readTree(request.body())).isEqualTo(JSON.readTree("""
                                {"command":"make it so","nodes":["web-1","web-2","web-3"],"quorum":2,"run_timeout":90,
                                 "user":"deploy","dir":"/srv","env":{"COLOR":"blue"},"file":"base64:AAH/",
                                 "capture_output":true}"""));
    }

    @Test
    void requestLeavesOutWhatWasNotAskedFor() throws Exception {
        // when
        workstation.run("job", "start", "--nowait", "chef-client", "web-1", "web-2");

        // then
        assertThat(JSON.readTree(workstation.server().received().getFirst().body()))
                .isEqualTo(JSON.readTree("{\"command\":\"chef-client\",\"nodes\":[\"web-1\",\"web-2\"],\"quorum\":2}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    # status      | nodes                                         | pushjobs | --require-all | knife-push
                    complete      | {'succeeded':['web-1','web-2']}               | 0        | 0             | 0
                    complete      | {'succeeded':['web-1'],'nacked':['web-2']}    | 0        | 1             | 0
                    complete      | {'succeeded':['web-1'],'unavailable':['w']}   | 0        | 1             | 0
                    complete      | {'succeeded':['web-1'],'failed':['web-2']}    | 1        | 1             | 1
                    complete      | {'succeeded':['web-1'],'crashed':['web-2']}   | 1        | 1             | 1
                    complete      | {'succeeded':['web-1'],'aborted':['web-2']}   | 1        | 1             | 1
                    complete      | {'succeeded':['web-1'],'timed_out':['web-2']} | 1        | 1             | 1
                    complete      | {'failed':['web-1'],'nacked':['web-2']}       | 1        | 1             | 1
                    complete      | {'nacked':['web-1'],'unavailable':['web-2']}  | 3        | 3             | 0
                    complete      | {'unavailable':['web-1','web-2']}             | 3        | 3             | 0
                    complete      | {}                                            | 3        | 3             | 0
                    quorum_failed | {'was_ready':['web-1'],'nacked':['web-2']}    | 3        | 3             | 1
                    quorum_failed | {'unavailable':['web-1','web-2']}             | 3        | 3             | 1
                    timed_out     | {'timed_out':['web-1'],'succeeded':['web-2']} | 1        | 1             | 1
                    crashed       | {'crashed':['web-1']}                         | 1        | 1             | 1
                    aborted       | {'aborted':['web-1']}                         | 1        | 1             | 1
                    of_the_future | {'succeeded':['web-1','web-2']}               | 1        | 1             | 1
                    """)
    void exitStatusTellsHowTheJobEnded(String status, String nodes, int pushjobs, int requireAll, int knife) {
        // given
        jobIs(status, nodes);
        String[] command = {"job", "start", "chef-client", "web-1", "web-2"};
        String[] demanding = {"job", "start", "--require-all", "chef-client", "web-1", "web-2"};

        // when, then
        assertThat(workstation.run(command).exitCode()).isEqualTo(pushjobs);
        assertThat(workstation.run(demanding).exitCode()).isEqualTo(requireAll);
        assertThat(workstation.runAs("knife-push", command).exitCode()).isEqualTo(knife);
    }

    @Test
    void failedQuorumIsExplainedNodeByNode() {
        // given
        jobIs("quorum_failed", "{'was_ready':['web-1','web-3'],'nacked':['web-2']}");

        // when
        Result result = workstation.run("job", "start", "chef-client", "web-1", "web-2", "web-3");

        // then
        assertThat(result.out()).contains("\nQuorum_failed.\n").endsWith("""

                        Too few nodes took the job (quorum failed), so the command ran nowhere:
                          web-1  was_ready  the node was ready, but too few others were: the command did not run
                          web-3  was_ready  the node was ready, but too few others were: the command did not run
                          web-2  nacked     the node refused: it is busy, or the command is not in its whitelist
                        """);
    }

    @Test
    void nodesThatCouldNotTakePartAreExplainedAlsoWhenTheStatusIsZero() {
        // given
        workstation
                .server()
                .answer(
                        "GET jobs/" + ID,
                        request -> Answer.json(200, """
                        {"nodes":{"succeeded":["web-1"],"unavailable":["web-2","web-3","web-4"],"nacked":["web-5"]},"id":"%s",
                         "command":"chef-client","status":"complete"%s}""".formatted(
                                        ID,
                                        request.uri().contains("?detail=true")
                                                ? ",\"detail\":{\"nodes\":{\"web-2\":{\"reason\":\"it was down\"},"
                                                        + "\"web-3\":{\"reason\":\"it did not vote in time\"},"
                                                        + "\"web-4\":{\"reason\":\"it was down\"},"
                                                        + "\"web-5\":{\"reason\":\"it is busy with another job\"}}}"
                                                : "")))
                .answer("GET node_states/web-2", 200, """
                        {"node_name":"web-2","availability":"unavailable",
                         "detail":{"reason":"in_rehab","message":"the agent was told 5 s ago to drop what it does"}}""")
                .answer("GET node_states/web-4", 200, """
                        {"node_name":"web-4","availability":"available","detail":{}}""");

        // when
        Result result =
                workstation.run("job", "start", "-q", "1", "chef-client", "web-1", "web-2", "web-3", "web-4", "web-5");

        // then
        assertThat(result.out()).endsWith("""

                        The job is complete; 4 of 5 nodes did not succeed:
                          web-2  unavailable  the agent was told 5 s ago to drop what it does
                          web-3  unavailable  it did not vote in time
                          web-4  unavailable  it was down
                          web-5  nacked       it is busy with another job
                        """);
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void jsonOnStandardOutputIsTheDocumentAlone() throws Exception {
        // given
        jobIs("complete", "{'failed':['web-1']}");

        // when
        Result result = workstation.run("job", "start", "-F", "json", "chef-client", "web-1");

        // then
        assertThat(JSON.readTree(result.outBytes()).at("/nodes/failed/0").asText())
                .isEqualTo("web-1");
        assertThat(result.err()).startsWith("Started.  Job ID: " + ID).contains("Complete.", "web-1  failed");
        assertThat(result.exitCode()).isOne();
    }

    @Test
    void jsonWithoutWaitingIsTheServersAnswer() throws Exception {
        // when
        Result result = workstation.run("job", "start", "-b", "-F", "json", "chef-client", "web-1");

        // then
        assertThat(JSON.readTree(result.outBytes()).path("id").asText()).isEqualTo(ID);
    }

    @Test
    void oldServerThatSendsOnlyTheUriIsUnderstood() {
        // given
        try (Workstation old = new Workstation(directory)) {
            old.server()
                    .answer(
                            "POST jobs",
                            201,
                            "{\"uri\":\"http://localhost/organizations/acme/pushy/jobs/" + ID + "\"}");

            // when
            Result result = old.run("job", "start", "-b", "chef-client", "web-1");

            // then
            assertThat(result.out()).isEqualTo("Started.  Job ID: " + ID + "\n");
        }
    }

    @Test
    void noCommandIsRefusedBeforeAnythingIsSent() {
        // when
        Result result = workstation.run("job", "start");

        // then
        assertThat(result.err()).isEqualTo("No job specified.\n");
        assertThat(result.exitCode()).isOne();
    }

    @Test
    void noNodesAreRefusedBeforeAnythingIsSent() {
        // when
        Result result = workstation.run("job", "start", "chef-client");

        // then
        assertThat(result.err())
                .isEqualTo("No nodes to run job on. Specify nodes as arguments or use -s to specify a search query.\n");
        assertThat(result.exitCode()).isOne();
        assertThat(workstation.server().received()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --quorum=half          | Invalid Format please enter integer or percent
                    --quorum=-1            | Invalid Format please enter integer or percent
                    --timeout=0            | --timeout must be a time above 0 such as 90 (seconds), 90s, 10m or 1h30m, not 0
                    --timeout=0m           | --timeout must be a time above 0
                    --timeout=soon         | --timeout must be a time above 0
                    --timeout=-5           | --timeout must be a time above 0
                    --timeout=10d          | --timeout must be a time above 0
                    --with-env=COLOR       | --with-env: 'COLOR' is neither KEY=VALUE nor a JSON object
                    --with-env=[]          | --with-env: '[]' is neither KEY=VALUE nor a JSON object
                    --with-env==blue       | --with-env: '=blue' is neither KEY=VALUE nor a JSON object
                    --with-env={"A"        | --with-env is not JSON
                    --env-from=/not/there  | --env-from: /not/there does not exist
                    --nodes-from=/not/there | --nodes-from: /not/there does not exist
                    --all                  | give nodes, --all or --retry, not two of them
                    --retry=ab12           | give nodes, --all or --retry, not two of them
                    --only=failed          | --only chooses from the nodes of a job: give it by --retry
                    --only=lost            | Invalid value for option '--only'
                    '--nowait --output'    | give one of them
                    --with-env={"A":1}     | --with-env: the value of A must be a string
                    --with-env={"A":"","A":""} | --with-env is not JSON: Duplicate field 'A'
                    --file=/does/not/exist | --file: /does/not/exist does not exist
                    --poll-interval=0      | --poll-interval must be 0.01 to 86400 seconds, not 0.0
                    --poll-interval=NaN    | --poll-interval must be 0.01 to 86400 seconds, not NaN
                    --search=name:web*     | give the nodes or a search, not both
                    '--follow --nowait'    | give one of them
                    """)
    void optionThatMakesNoSenseIsAnErrorOfUsage(String option, String message) {
        // when
        Result result = workstation.run(arguments("job start " + option + " chef-client web-1"));

        // then
        assertThat(result.err()).contains(message).contains("Try 'pushjobs job start --help'.");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(workstation.server().received()).isEmpty();
    }

    private static String[] arguments(String line) {
        return line.split(" ");
    }

    @Test
    void fileThatIsTooLargeIsNotSent() throws Exception {
        // given
        Path file = Files.write(directory.resolve("large"), new byte[100_001]);

        // when
        Result result = workstation.run("job", "start", "--file", file.toString(), "chef-client", "web-1");

        // then
        assertThat(result.err()).contains("has 100001 bytes, a job takes a file of at most 100000");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(workstation.server().received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504})
    void serverThatIsAwayForAWhileIsAskedAgain(int status) {
        // given
        jobIs("running", "{'running':['web-1']}");
        workstation.server().answer("GET jobs/" + ID, status, "{\"error\":[\"the database is away\"]}");
        workstation.server().answer("GET jobs/" + ID, status, "{\"error\":[\"the database is away\"]}");
        jobIs("complete", "{'succeeded':['web-1']}");

        // when
        Result result = workstation.run("job", "start", "chef-client", "web-1");

        // then
        assertThat(result.out()).contains("""
                        Running (1/1 in progress) ...
                        No news: the server answered %d: the database is away
                        The job goes on without this command; asking again for up to 120 s.
                        The server answers again.
                        Complete.
                        """.formatted(status));
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void serverThatStaysAwayIsGivenUpAfterTwoMinutes() {
        // given
        workstation.server().answer("GET jobs/" + ID, 503, "{\"error\":[\"starting\"]}");

        // when
        Result result = workstation.run("job", "start", "chef-client", "web-1");

        // then
        Duration waited = workstation.pauses().stream().reduce(Duration.ZERO, Duration::plus);
        assertThat(waited).isBetween(Duration.ofSeconds(120), Duration.ofSeconds(123));
        assertThat(result.out())
                .endsWith("The job goes on on the server: look with 'pushjobs job status " + ID + "'.\n");
        assertThat(result.err())
                .isEqualTo("ERROR: the server answered 503: starting\n"
                        + "The server is not ready yet; try again in a moment.\n");
        assertThat(result.exitCode()).isEqualTo(5);
    }

    @Test
    void refusalWhileWaitingIsNotRepeated() {
        // given
        workstation.server().answer("GET jobs/" + ID, 403, "{\"error\":[\"no more\"]}");

        // when
        Result result = workstation.run("job", "start", "chef-client", "web-1");

        // then
        assertThat(workstation.server().received()).hasSize(2);
        assertThat(result.err()).startsWith("ERROR: the server answered 403: no more\n");
        assertThat(result.exitCode()).isEqualTo(4);
    }
}
