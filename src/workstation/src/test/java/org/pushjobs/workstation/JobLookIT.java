package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.protocol.codec.HttpDate;
import org.pushjobs.workstation.ScriptedServer.Answer;
import org.pushjobs.workstation.ScriptedServer.Received;
import org.pushjobs.workstation.Workstation.Result;

/** {@code job list|status|events}, and what stands for the id of a job. */
class JobLookIT {
    private static final String ORG = "0123456789ab";
    private static final String FIRST = ORG + "aa000000000000000001";
    private static final String SECOND = ORG + "ab000000000000000002";
    private static final String THIRD = ORG + "cc000000000000000003";

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

    private String ago(Duration duration) {
        return HttpDate.format(workstation.now().minus(duration));
    }

    private String summary(String id, String status, Duration age, String requestor) {
        return """
                {"id":"%s","command":"chef-client","status":"%s","created_at":"%s","detail":{"requested_by":"%s"}}""".formatted(id, status, ago(age), requestor);
    }

    /** As our server, newest first. */
    private void jobsAre(String... summaries) {
        workstation
                .server()
                .answer(
                        "GET jobs",
                        Answer.json(200, "[" + String.join(",", summaries) + "]")
                                .with("X-Request-Id", "1"));
    }

    private String query() {
        String uri = workstation.server().received().getLast().uri();
        return URLDecoder.decode(uri.substring(uri.indexOf('?') + 1), StandardCharsets.UTF_8);
    }

    @Test
    void listSaysWhoAskedAndHowLongAgo() {
        // given
        jobsAre(
                summary(SECOND, "running", Duration.ofMinutes(5), "alice"),
                summary(FIRST, "quorum_failed", Duration.ofHours(3), "bob"));

        // when
        Result result = workstation.run("job", "list");

        // then
        assertThat(result.out()).isEqualTo("""
                ID                                STATUS         CREATED    BY     COMMAND
                %s  quorum_failed  3 h ago    bob    chef-client
                %s  running        5 min ago  alice  chef-client
                """.formatted(FIRST, SECOND));
        assertThat(result.err()).isEmpty();
        assertThat(query()).isEqualTo("limit=20&detail=true");
    }

    @Test
    void listOfAnOldServerLeavesOutWhoAsked() {
        // given
        workstation
                .server()
                .answer(
                        "GET jobs",
                        200,
                        "["
                                + summary(FIRST, "running", Duration.ofMinutes(5), "")
                                        .replaceFirst(",\"detail.*}$", "}")
                                + "]");

        // then
        assertThat(workstation.run("job", "list").out().lines())
                .first()
                .isEqualTo("ID                                STATUS   CREATED    COMMAND");
    }

    @Test
    void conditionsAreTheServers() {
        // given
        jobsAre();
        Instant now = workstation.now();

        // when
        Result result = workstation.run(
                "job",
                "list",
                "--by",
                "bob",
                "--command",
                "a&b",
                "--since",
                "2h",
                "--status",
                "RUNNING",
                "--limit",
                "7");

        // then
        assertThat(result.err()).isEqualTo("There are no such jobs.\n");
        assertThat(query())
                .isEqualTo("status=running&command=a&b&requested_by=bob&since=" + now.minus(Duration.ofHours(2))
                        + "&limit=7&detail=true");
    }

    @Test
    void usualListSaysThatThereMayBeMore() {
        // given
        String[] twenty = new String[20];
        Arrays.fill(twenty, summary(FIRST, "complete", Duration.ZERO, "alice"));
        jobsAre(twenty);

        // then
        assertThat(workstation.run("job", "list").err())
                .isEqualTo("These are the newest 20; --limit N or --all shows more.\n");
        assertThat(workstation.run("job", "list", "--limit", "20").err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"pushjobs, --all", "knife-push, --format=text"})
    void allJobsAreListedOnRequestAndUnderKnifesName(String name, String option) {
        // given
        jobsAre();

        // when
        workstation.runAs(name, "job", "list", option);

        // then
        assertThat(query()).isEqualTo("detail=true");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --limit 0         | --limit must be at least 1, not 0
                    --limit 5 --all   | give --limit or --all, not both
                    --since yesterday | --since must be a length of time such as 30m
                    """)
    void wrongConditionIsAnErrorOfUsage(String options, String message) {
        Result result = workstation.run(("job list " + options).split(" "));

        assertThat(result.err()).startsWith("ERROR: " + message);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(workstation.server().received()).isEmpty();
    }

    @Test
    void oldServerIsLookedThroughButCannotSayWhoAsked() {
        // given
        workstation
                .server()
                .answer(
                        "GET jobs",
                        200,
                        "[" + summary(FIRST, "complete", Duration.ofHours(3), "") + ","
                                + summary(SECOND, "complete", Duration.ofMinutes(3), "")
                                        .replace("chef-client", "report")
                                + "," + summary(THIRD, "complete", Duration.ofMinutes(2), "") + "]");

        // then
        assertThat(workstation
                        .run("job", "list", "--since", "1h", "--command", "chef-client")
                        .out())
                .contains(THIRD)
                .doesNotContain(FIRST, SECOND);
        Result by = workstation.run("job", "list", "--by", "alice");
        assertThat(by.err())
                .startsWith("ERROR: the server's answer is a list that does not say who asked for the jobs");
        assertThat(by.exitCode()).isNotZero();
    }

    @Test
    void statusSaysWhoAskedHowLongItTookAndWhatEachNodeDid() {
        // given
        workstation.server().answer("GET jobs/" + FIRST, 200, """
                {"id":"%s","command":"report","status":"complete","run_timeout":60,
                 "nodes":{"succeeded":["web-1"],"failed":["web-2"],"unavailable":["web-3"]},
                 "created_at":"Sun, 22 Nov 2026 11:00:00 GMT","updated_at":"Sun, 22 Nov 2026 11:02:05 GMT",
                 "detail":{"requested_by":"alice","quorum":2,"nodes":{
                   "web-1":{"status":"succeeded","started_at":"2026-11-22T11:00:00.800Z",
                            "finished_at":"2026-11-22T11:02:05.000Z","exit_code":0},
                   "web-2":{"status":"failed","started_at":"2026-11-22T11:00:00.900Z",
                            "finished_at":"2026-11-22T11:00:02.400Z","exit_code":137,"signal":"KILL"},
                   "web-3":{"status":"unavailable","reason":"it was down"}}}}""".formatted(FIRST));

        // when
        Result result = workstation.run("job", "status", FIRST);

        // then
        assertThat(result.out()).isEqualTo("""
                id:      %s
                command: report
                status:  complete
                created: Sun, 22 Nov 2026 11:00:00 GMT
                updated: Sun, 22 Nov 2026 11:02:05 GMT
                nodes:
                  succeeded:   web-1
                  failed:      web-2
                  unavailable: web-3
                by:      alice
                quorum:  2 of 3 nodes
                took:    2 min 5 s

                  NODE   STATUS       STARTED  RAN        EXIT
                  web-1  succeeded    +0.8 s   2 min 4 s  0
                  web-2  failed       +0.9 s   1.5 s      SIGKILL
                  web-3  unavailable

                The job is complete; 2 of 3 nodes did not succeed:
                  web-2  failed       ended by signal KILL
                  web-3  unavailable  it was down
                """.formatted(FIRST));
    }

    @Test
    void statusOfARunningJobSaysHowLongItHasRunSoFar() {
        // given
        workstation.server().answer("GET jobs/" + FIRST, 200, """
                {"id":"%s","command":"report","status":"running","nodes":{"running":["web-1"]},"created_at":"%s",
                 "updated_at":"%s","detail":{"requested_by":"alice","quorum":1,"nodes":{
                   "web-1":{"status":"running","started_at":"%s"}}}}""".formatted(
                        FIRST,
                        ago(Duration.ofSeconds(90)),
                        ago(Duration.ofSeconds(80)),
                        workstation.now().minusSeconds(75)));

        // then
        assertThat(workstation.run("job", "status", FIRST).out())
                .containsPattern("took:    1 min 3[01] s so far\n")
                .containsPattern(" {2}web-1  running  \\+1[56]\\.[0-9] s +1 min 15 s\n");
    }

    @Test
    void manyNodesOfOneStatusAreSummedUp() {
        // given
        StringBuilder nodes = new StringBuilder();
        for (int i = 0; i < 150; i++) {
            nodes.append(i == 0 ? "" : ",").append("\"node-%03d\":{\"status\":\"succeeded\"}".formatted(i));
        }
        workstation
                .server()
                .answer(
                        "GET jobs/" + FIRST,
                        200,
                        "{\"id\":\"" + FIRST + "\",\"status\":\"complete\",\"detail\":{\"nodes\":{" + nodes + "}}}");

        // then
        assertThat(workstation.run("job", "status", FIRST).out())
                .contains("  node-099  ", "\n  ... and 50 more  succeeded\n")
                .doesNotContain("node-100");
    }

    // ---- events

    private static String event(int id, String name, String fields) {
        return "event: " + name + "\nid: " + id + "\ndata: {\"timestamp\":\"2026-11-22 11:00:0" + id + ".000001Z\""
                + fields.replace('\'', '"') + "}\n\n";
    }

    @Test
    void eventsAreTheHistorySoFar() {
        // given
        workstation
                .server()
                .answer(
                        "GET job_status_feed/" + FIRST,
                        Answer.stream(
                                "text/event-stream",
                                event(
                                        1,
                                        "start",
                                        ",'command':'c','run_timeout':60,'quorum':1,'node_count':1,'user':'bob'"),
                                event(2, "quorum_vote", ",'node':'web-1','status':'success'")));

        // when
        Result text = workstation.run("job", "events", FIRST);
        Result data = workstation.run("job", "events", FIRST, "-F", "jsonl");

        // then
        assertThat(text.out()).isEqualTo("""
                2026-11-22 11:00:01Z  started: c (nodes: 1, quorum: 1, time-out: 60 s, by: bob)
                2026-11-22 11:00:02Z  web-1: ready
                """);
        assertThat(data.out().lines())
                .last()
                .isEqualTo(
                        "{\"event\":\"quorum_vote\",\"timestamp\":\"2026-11-22T11:00:02.000001Z\",\"node\":\"web-1\","
                                + "\"status\":\"success\"}");
        assertThat(query()).isEqualTo("history=true");
        assertThat(text.exitCode()).isZero();
    }

    @Test
    void whereNoEventsAreKeptThatIsSaid() {
        // given
        workstation
                .server()
                .answer(
                        "GET job_status_feed/" + FIRST,
                        Answer.stream("text/event-stream", event(1, "summary", ",'status':'complete'")));

        // when
        Result result = workstation.run("job", "events", FIRST);

        // then
        assertThat(result.out()).isEqualTo("2026-11-22 11:00:01Z  ended: complete\n");
        assertThat(result.err()).isEqualTo("This server keeps no events of the job, only how it ended.\n");
    }

    // ---- what stands for an id

    @ParameterizedTest
    @CsvSource({"0123456789abaa, " + FIRST, "aa, " + FIRST, "ab0, " + SECOND, "c, " + THIRD, THIRD + ", " + THIRD})
    void beginningOfAnIdIsEnoughAlsoWithoutTheDigitsThatAllHave(String given, String meant) {
        // given
        jobsAre(
                summary(THIRD, "complete", Duration.ZERO, "bob"),
                summary(SECOND, "complete", Duration.ofMinutes(1), "alice"),
                summary(FIRST, "complete", Duration.ofMinutes(2), "alice"));
        for (String id : new String[] {FIRST, SECOND, THIRD}) {
            workstation.server().answer("GET jobs/" + id, 200, summary(id, "complete", Duration.ZERO, ""));
        }

        // then
        assertThat(workstation.run("job", "status", given).out()).startsWith("id:      " + meant + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", ORG})
    void beginningOfSeveralIsRefusedWithTheirNames(String given) {
        // given
        jobsAre(
                summary(SECOND, "complete", Duration.ofMinutes(1), "alice"),
                summary(FIRST, "running", Duration.ofMinutes(2), "alice"));

        // when
        Result result = workstation.run("job", "abort", given);

        // then
        assertThat(result.err())
                .isEqualTo("ERROR: '" + given + "' is the beginning of 2 jobs; give more digits:\n  " + SECOND
                        + "  complete  chef-client\n  " + FIRST + "  running  chef-client\n");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(workstation.server().received()).extracting(Received::method).containsOnly("GET");
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "events", "watch", "abort"})
    void lastIsTheNewestJobThatTheUserStarted(String command) {
        // given
        jobsAre(summary(SECOND, "complete", Duration.ofMinutes(1), "alice"));

        // when
        workstation.run("job", command, "last");

        // then
        assertThat(workstation.server().received().getFirst().uri())
                .endsWith("/jobs?requested_by=alice&limit=1&detail=true");
        assertThat(workstation.server().received().get(1).uri()).contains(SECOND);
    }

    @Test
    void whoStartedNoJobIsTold() {
        // given
        jobsAre();

        // when
        Result result = workstation.run("job", "status", "last");

        // then
        assertThat(result.err())
                .isEqualTo("ERROR: 'last' is no job: alice has started none; 'pushjobs job list' shows others'\n");
        assertThat(result.exitCode()).isEqualTo(2);
    }

    @Test
    void whatIsTheBeginningOfNoJobIsTheServersToRefuse() {
        // given
        jobsAre(summary(SECOND, "complete", Duration.ofMinutes(1), "alice"));

        // then
        assertThat(workstation.run("job", "status", "f").err())
                .startsWith("ERROR: the server answered 404: not found\n");
        assertThat(workstation.server().received().getLast().uri()).endsWith("/jobs/f?detail=true&output_tail=true");
    }
}
