package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.workstation.ScriptedServer.Received;
import org.pushjobs.workstation.Workstation.Result;

/** The ways to say where a job runs that need no Chef server: {@code job start} and {@code job rerun}. */
class NodeSelectionIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EARLIER = """
            {"nodes":{"succeeded":["web-1"],"failed":["web-2"],"timed_out":["web-10"],"unavailable":["db-1"]},"id":"ab12",
             "command":"make report","status":"complete","run_timeout":90%s}""";

    @TempDir
    private Path directory;

    private Workstation workstation;

    @BeforeEach
    void startServer() {
        workstation = new Workstation(directory);
        workstation.server().answer("POST jobs", 201, "{\"id\":\"cd34\"}").answer("GET node_states", 200, """
                        [{"node_name":"web-10","availability":"available"},{"node_name":"web-2","availability":"available"},
                         {"node_name":"web-1","availability":"available"},{"node_name":"db-1","availability":"unavailable"}]""");
        earlierJob("");
    }

    @AfterEach
    void stopServer() {
        workstation.close();
    }

    private void earlierJob(String options) {
        workstation.server().answer("GET jobs/ab12", 200, EARLIER.formatted(options));
    }

    private Result start(String... options) {
        return workstation.run(Stream.concat(Stream.of("job", "start", "-b"), Stream.of(options))
                .toArray(String[]::new));
    }

    private JsonNode job() throws Exception {
        Received last = workstation.server().received().getLast();
        assertThat(last.method() + " " + last.uri()).isEqualTo("POST /organizations/acme/pushy/jobs");
        return JSON.readTree(last.body());
    }

    private void assertNodes(String names, int quorum) throws Exception {
        assertThat(job().path("nodes")).extracting(JsonNode::asText).containsExactly(names.split(" "));
        assertThat(job().path("quorum").asInt()).isEqualTo(quorum);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    web-*             | web-1 web-10 web-2
                    web-?             | web-1 web-2
                    web-[12]          | web-1 web-2
                    web-[2-9]         | web-2
                    web-[!2-9]        | web-1
                    *                 | db-1 web-1 web-10 web-2
                    db-* web-2 web-3  | db-1 web-2 web-3
                    web-?,db-1        | web-1 web-2 db-1
                    *-1 web-1         | db-1 web-1
                    @web-1            | @web-1
                    """)
    void patternStandsForTheNodesThatMatchIt(String arguments, String names) throws Exception {
        // when
        Result result = start(("chef-client " + arguments).split(" "));

        // then
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertNodes(names, names.split(" ").length);
    }

    @Test
    void namesAreTakenWithoutAskingForTheNodes() {
        // when
        start("chef-client", "web-1", "elsewhere");

        // then
        assertThat(workstation.server().received()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"mail-*", "web-[z-a]", "web-[", "WEB-*", "eb-1*"})
    void patternThatMatchesNothingStartsNothing(String pattern) {
        // when
        Result result = start("chef-client", "web-1", pattern);

        // then
        assertThat(result.err()).isEqualTo("No node's name matches '" + pattern + "': the job was not started.\n");
        assertThat(result.exitCode()).isOne();
        assertThat(workstation.server().received())
                .noneMatch(request -> request.method().equals("POST"));
    }

    @Test
    void allAreTheNodesThatTheServerKnows() throws Exception {
        // when
        start("--all", "-q", "50%", "chef-client");

        // then
        assertNodes("db-1 web-1 web-10 web-2", 2);
        assertThat(workstation.server().received().getFirst().uri()).endsWith("/node_states?all=true");
    }

    @Test
    void allOfNothingIsNothing() {
        // given
        try (Workstation empty = new Workstation(directory)) {
            empty.server().answer("GET node_states", 200, "[]");

            // when
            Result result = empty.run("job", "start", "--all", "chef-client");

            // then
            assertThat(result.err()).startsWith("No nodes to run job on. ");
            assertThat(result.exitCode()).isOne();
        }
    }

    @Test
    void nodesAreReadFromAFile() throws Exception {
        // given
        Path file = Files.writeString(
                directory.resolve("nodes"), "# the front\r\nweb-1\r\n\n  web-2,web-3 \ndb-*\nweb-1\n");

        // when
        start("--nodes-from", file.toString(), "chef-client", "mail-1");

        // then
        assertNodes("mail-1 web-1 web-2 web-3 db-1", 5);
    }

    @Test
    void nodesAreReadFromStandardInput() throws Exception {
        // given
        Program program = new Program(directory, Map.copyOf(workstation.environment()));

        // when
        Program.Result result =
                program.run("printf 'web-1\\nweb-2\\n' | pushjobs job start -b --nodes-from - chef-client");

        // then
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertNodes("web-1 web-2", 2);
    }

    @Test
    void fileWithoutNodesStartsNothing() throws Exception {
        // given
        Path file = Files.writeString(directory.resolve("nodes"), "# none\n");

        // when
        Result result = start("--nodes-from", file.toString(), "chef-client");

        // then
        assertThat(result.err()).startsWith("No nodes to run job on. ");
        assertThat(workstation.server().received()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --retry ab12                           | db-1 web-10 web-2
                    --retry ab12 --only failed             | web-2
                    --retry ab12 --only failed,UNAVAILABLE | db-1 web-2
                    --retry ab12 --only succeeded          | web-1
                    """)
    void nodesOfAnEarlierJobAreChosenByWhatBecameOfThem(String options, String names) throws Exception {
        // when
        start((options + " chef-client").split(" "));

        // then
        assertThat(job().path("command").asText()).isEqualTo("chef-client");
        assertNodes(names, names.split(" ").length);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    complete | {'succeeded':['web-1']} | --retry ab12               | Every node of job ab12 succeeded: there is nothing to run.
                    complete | {'failed':['web-1']}    | --retry ab12 --only nacked,crashed | No node of job ab12 is crashed or nacked: there is nothing to run.
                    running  | {'failed':['web-1']}    | --retry ab12               | Job ab12 has not ended; it is running. Wait for it with 'pushjobs job watch ab12'.
                    """)
    void jobWithoutSuchNodesIsNotTriedAgain(String status, String nodes, String options, String message) {
        // given
        try (Workstation other = new Workstation(directory)) {
            other.server()
                    .answer(
                            "GET jobs/ab12",
                            200,
                            "{\"id\":\"ab12\",\"status\":\"" + status + "\",\"nodes\":" + nodes.replace('\'', '"')
                                    + "}");

            // when
            Result result = other.run(("job start chef-client " + options).split(" "));

            // then
            assertThat(result.err()).isEqualTo(message + "\n");
            assertThat(result.exitCode()).isOne();
        }
    }

    @Test
    void rerunIsTheSameJobAgain() throws Exception {
        // given
        try (Workstation other = new Workstation(directory)) {
            other.server()
                    .answer("POST jobs", 201, "{\"id\":\"cd34\"}")
                    .answer("GET jobs/ab12", 200, EARLIER.formatted("""
                            ,"user":"deploy","dir":"/srv","env":{"COLOR":"blue"},"file":"raw:hello","capture_output":true"""));

            // when
            Result result = other.run("job", "rerun", "-b", "ab12");

            // then
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(other.server().received())
                    .anyMatch(request -> request.uri().contains("/jobs/ab12?include_file=true"));
            assertThat(JSON.readTree(other.server().received().getLast().body()))
                    .isEqualTo(JSON.readTree("""
                    {"command":"make report","nodes":["db-1","web-1","web-10","web-2"],"quorum":4,"run_timeout":90,
                     "user":"deploy","dir":"/srv","env":{"COLOR":"blue"},"file":"raw:hello","capture_output":true}"""));
        }
    }

    @Test
    void rerunMayBeOfSomeNodesWithAnotherQuorumAndEnvironment() throws Exception {
        // when
        Result result = workstation.run(
                "job", "rerun", "-b", "--only", "failed,timed_out", "-q", "1", "--with-env", "COLOR=red", "ab12");

        // then
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertNodes("web-10 web-2", 1);
        assertThat(job().at("/env/COLOR").asText()).isEqualTo("red");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ab12                          | 3
                    --only failed,timed_out ab12  | 2
                    --only failed ab12            | 1
                    -q 25% ab12                   | 1
                    """)
    void rerunNeedsAsLargeAPartOfTheNodesAsTheJobDid(String options, int quorum) throws Exception {
        // given
        try (Workstation other = new Workstation(directory)) {
            other.server()
                    .answer("POST jobs", 201, "{\"id\":\"cd34\"}")
                    .answer("GET jobs/ab12", 200, EARLIER.formatted(",\"detail\":{\"quorum\":3}"));

            // when
            Result result = other.run(("job rerun -b " + options).split(" "));

            // then
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(JSON.readTree(other.server().received().getLast().body())
                            .path("quorum")
                            .asInt())
                    .isEqualTo(quorum);
        }
    }

    @Test
    void rerunDoesNotRunWithAnEnvironmentWhoseValuesAreHidden() throws Exception {
        // given
        try (Workstation other = new Workstation(directory)) {
            other.server()
                    .answer("POST jobs", 201, "{\"id\":\"cd34\"}")
                    .answer("GET jobs/ab12", 200, EARLIER.formatted("""
                            ,"env":{"TOKEN":"(hidden)"},"env_hidden":true"""));

            // when
            Result hidden = other.run("job", "rerun", "-b", "ab12");
            Result given = other.run("job", "rerun", "-b", "--with-env", "TOKEN=secret", "ab12");

            // then
            assertThat(hidden.err()).startsWith("The values in the job's environment are hidden from you");
            assertThat(hidden.exitCode()).isOne();
            assertThat(given.exitCode()).as(given.err()).isZero();
            assertThat(JSON.readTree(other.server().received().getLast().body())
                            .at("/env/TOKEN")
                            .asText())
                    .isEqualTo("secret");
        }
    }

    @Test
    void environmentComesFromOptionsAndAFile() throws Exception {
        // given
        Path file = Files.writeString(directory.resolve("env"), "# colours\nCOLOR=green\nSHAPE=round = good\nEMPTY=\n");

        // when
        start(
                "--env-from",
                file.toString(),
                "--with-env",
                "COLOR=blue",
                "--with-env",
                "{\"SIZE\":\"1\",\"EMPTY\":\"no\"}",
                "--with-env",
                "EMPTY=",
                "c",
                "web-1");

        // then
        assertThat(job().path("env")).isEqualTo(JSON.readTree("""
                {"COLOR":"blue","SHAPE":"round = good","SIZE":"1","EMPTY":""}"""));
    }

    @Test
    void environmentMayBeAFileOfJson() throws Exception {
        // given
        Path file = Files.writeString(directory.resolve("env.json"), "{\"COLOR\": \"green\"}\n");

        // when
        start("--env-from", file.toString(), "c", "web-1");

        // then
        assertThat(job().path("env")).isEqualTo(JSON.readTree("{\"COLOR\":\"green\"}"));
    }

    @ParameterizedTest
    @CsvSource({"90,90", "90s,90", "10m,600", "1h,3600", "1h30m,5400", "1m30,90", "1h1s,3601"})
    void timeoutIsATime(String given, int seconds) throws Exception {
        // when
        start("--timeout", given, "c", "web-1");

        // then
        assertThat(job().path("run_timeout").asInt()).isEqualTo(seconds);
    }

    @Test
    void argumentThatBeginsWithAnAtSignIsNoFile() throws Exception {
        // given
        Path file = Files.writeString(directory.resolve("arguments"), "--all\n");

        // when
        start("@" + file, "web-1");

        // then
        assertThat(job().path("command").asText()).isEqualTo("@" + file);
        assertNodes("web-1", 1);
    }
}
