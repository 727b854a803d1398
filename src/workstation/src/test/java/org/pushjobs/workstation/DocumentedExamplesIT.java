package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.protocol.codec.HttpDate;
import org.pushjobs.workstation.ScriptedServer.Answer;
import org.pushjobs.workstation.ScriptedServer.Received;

/**
 * Every example of docs/workstation.md, run as a program of its own: what it writes and its exit status are those of the
 * document. An example is {@code $ COMMAND}, its output and, unless the status is 0, {@code $ echo $?} and the status.
 */
class DocumentedExamplesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path DOCUMENT = Path.of("../../docs/workstation.md");
    private static final Pattern BLOCK = Pattern.compile("(?s)\n```console\n(.*?)```\n");
    private static final Pattern EXAMPLE = Pattern.compile("(?s)\\$ ([^\n]*)\n(.*?)(?:\\$ echo \\$\\?\n([0-9]+)\n)?");

    private static final String GLASSES = "26e98ba162fa7ba6fb2793125553c7ae";
    private static final String WEBAPP = "26e98ba162fa1f7a0c66a1d6dc1b0c55";
    private static final String MARX = "26e98ba162fa6b0d3c8f9a3b1a0d7e21";
    private static final String REPORT = "26e98ba162fa2c4d6e8f0a1b3c5d7e9f";
    private static final String DEPLOY = "26e98ba162fa1f0e8d7c6b5a49382716";

    private static final String SILENT =
            "the last heartbeat of the agent came 95 s ago; is the node up, the agent running and the network between them"
                    + " working?";

    @TempDir
    private static Path home;

    private static Workstation workstation;
    private static Program program;

    record Example(String command, String output, int status) {
        @Override
        public String toString() {
            return command;
        }
    }

    static Stream<Example> examples() {
        List<Example> examples = new ArrayList<>();
        Matcher blocks;
        try {
            blocks = BLOCK.matcher(Files.readString(DOCUMENT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        while (blocks.find()) {
            for (String text : blocks.group(1).split("(?m)(?=^\\$ (?!echo))")) {
                Matcher example = EXAMPLE.matcher(text);
                assertThat(example.matches()).as(text).isTrue();
                String status = example.group(3);
                examples.add(
                        new Example(example.group(1), example.group(2), status == null ? 0 : Integer.parseInt(status)));
            }
        }
        return examples.stream();
    }

    @BeforeAll
    static void start() throws IOException {
        workstation = new Workstation(home);
        script(workstation.server());
        Files.createDirectories(home.resolve(".chef"));
        Files.writeString(home.resolve(".chef/credentials"), """
                [default]
                client_name = "alice"
                client_key = "../alice.pem"
                chef_server_url = "%s"
                """.formatted(
                        workstation.server().url()));
        Files.writeString(home.resolve("site.json"), "{}\n");
        Files.setPosixFilePermissions(home.resolve("alice.pem"), PosixFilePermissions.fromString("rw-r--r--"));
        program = new Program(home, Map.of("HOME", home.toString()));
    }

    @AfterAll
    static void stop() {
        workstation.close();
    }

    private static void script(ScriptedServer server) {
        server.answer("POST jobs", DocumentedExamplesIT::started);
        job(server, GLASSES, "add-glasses", "voting", "{'new':['ricardosalazar']}");
        job(server, GLASSES, "add-glasses", "running", "{'running':['ricardosalazar']}");
        job(server, GLASSES, "add-glasses", "complete", "{'succeeded':['ricardosalazar']}");
        job(server, WEBAPP, "chef-client", "complete", "{'succeeded':['web-1','web-2'],'unavailable':['web-3']}");
        job(server, MARX, "chef-client", "voting", "{'new':['chico','groucho','gummo','harpo','zeppo']}");
        job(
                server,
                MARX,
                "chef-client",
                "quorum_failed",
                "{'was_ready':['chico','groucho','gummo','harpo'],'unavailable':['zeppo']}");
        job(server, DEPLOY, "deploy", "complete", "{'succeeded':['web-1'],'failed':['web-2']}");
        job(server, REPORT, "make report", "complete", "{'succeeded':['web-1'],'failed':['web-2']}");
        NodeSearchFixture search = new NodeSearchFixture("role:webapp", List.of("web-1", "web-2", "web-3"));
        server.answer("POST /search/node", search::post)
                .answer("GET jobs", DocumentedExamplesIT::list)
                .answer("POST jobs/" + WEBAPP + "/abort", 202, "{\"id\":\"" + WEBAPP + "\",\"status\":\"running\"}")
                .answer(
                        "POST jobs/none/abort",
                        Answer.json(404, "{\"error\":[\"there is no job 'none'\"]}")
                                .with("X-Request-Id", "1"))
                .answer("GET jobs/" + GLASSES + "/output/ricardosalazar/stdout", output("Glasses on.\n"))
                .answer("GET jobs/" + REPORT + "/output/web-1/stdout", output("42 pages\n"))
                .answer("GET jobs/" + REPORT + "/output/web-2/stdout", output(""))
                .answer("GET jobs/" + REPORT + "/output/web-2/stderr", output("disk full\n"))
                .answer("GET job_status_feed/" + REPORT, DocumentedExamplesIT::feed)
                .answer("GET node_states", DocumentedExamplesIT::nodes)
                .answer("GET node_states/web-3", absent("web-3", SILENT))
                .answer(
                        "GET node_states/zeppo",
                        absent(
                                "zeppo",
                                "the agent was told 20 s ago to drop what it does and has not answered yet; it stays"
                                        + " unavailable until it does"))
                .answer(
                        "GET node_states/web-1",
                        200,
                        "{\"node_name\":\"web-1\",\"status\":\"online\",\"availability\":\"available\"}");
    }

    private static Answer absent(String node, String why) {
        return Answer.json(
                200,
                "{\"node_name\":\"" + node + "\",\"status\":\"offline\",\"availability\":\"unavailable\",\"detail\":{"
                        + "\"message\":\"" + why + "\"}}");
    }

    private static Answer started(Received request) {
        JsonNode job;
        try {
            job = JSON.readTree(request.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String id = switch (job.path("command").asText()) {
            case "add-glasses" -> GLASSES;
            case "make report" -> REPORT;
            case "chef-client" -> job.path("nodes").size() == 5 ? MARX : WEBAPP;
            default -> "";
        };
        return id.isEmpty()
                ? Answer.json(400, "{\"error\":\"invalid command supplied\"}")
                : Answer.json(
                        201,
                        "{\"uri\":\"https://chef.example.com/organizations/acme/pushy/jobs/" + id + "\",\"id\":\"" + id
                                + "\"}");
    }

    private static String summary(String id, String command, String status) {
        return """
                "id":"%s","command":"%s","status":"%s","run_timeout":3600,"created_at":"Sun, 22 Nov 2026 11:00:00 GMT",\
                "updated_at":"Sun, 22 Nov 2026 11:00:01 GMT\"""".formatted(id, command, status);
    }

    private static void job(ScriptedServer server, String id, String command, String status, String nodes) {
        String capture = command.equals("make report") ? ",\"capture_output\":true" : "";
        String detail = !status.equals("complete")
                ? ""
                : switch (command) {
                    case "make report" -> ",\"detail\":{\"nodes\":{\"web-2\":{\"status\":\"failed\",\"exit_code\":2}}}";
                    case "add-glasses" -> """
                            ,"detail":{"requested_by":"alice","quorum":1,"nodes":{"ricardosalazar":{"status":"succeeded",
                            "started_at":"2026-11-22T11:00:00.300Z","finished_at":"2026-11-22T11:00:00.700Z","exit_code":0}}}""";
                    case "deploy" -> """
                            ,"detail":{"requested_by":"alice","quorum":2,"nodes":{
                            "web-1":{"status":"succeeded","started_at":"2026-11-22T11:00:00.300Z",
                            "finished_at":"2026-11-22T11:00:00.700Z","exit_code":0},
                            "web-2":{"status":"failed","started_at":"2026-11-22T11:00:00.300Z",
                            "finished_at":"2026-11-22T11:00:00.900Z","exit_code":3,"output":"none",
                            "output_tail_bytes":4096,"output_tail_offset":1205,"output_tail":
                            "unpacking release 42\\ndeploy: no space left on device\\n"}}}""";
                    default -> "";
                };
        server.answer(
                "GET jobs/" + id,
                request -> Answer.json(
                        200,
                        "{\"nodes\":" + nodes.replace('\'', '"') + "," + summary(id, command, status) + capture
                                + (request.uri().contains("detail=true") ? detail : "") + "}"));
    }

    /** As our server: the newest first, of whom it is asked for, and ids of others where any may be meant. */
    private static Answer list(Received request) {
        String glasses = listed(GLASSES, "add-glasses", "complete", Duration.ofHours(3), "alice");
        String marx = listed(MARX, "chef-client", "quorum_failed", Duration.ofMinutes(5), "bob");
        String report = listed(REPORT, "make report", "complete", Duration.ofMinutes(4), "alice");
        String jobs = request.uri().contains("requested_by=bob")
                ? marx
                : request.uri().contains("limit=1000") ? report + "," + marx + "," + glasses : marx + "," + glasses;
        return Answer.json(200, "[" + jobs + "]").with("X-Request-Id", "1");
    }

    private static String listed(String id, String command, String status, Duration age, String requestor) {
        return """
                {"id":"%s","command":"%s","status":"%s","created_at":"%s","detail":{"requested_by":"%s"}}""".formatted(id, command, status, HttpDate.format(Instant.now().minus(age)), requestor);
    }

    private static Answer output(String text) {
        return Answer.stream("application/octet-stream", text);
    }

    private static Answer feed(Received request) {
        if (request.uri().endsWith("?history=true")) {
            return Answer.stream(
                    "text/event-stream",
                    event(
                            1,
                            "start",
                            "'command':'make report','run_timeout':60,'quorum':2,'node_count':2,'user':'alice'"),
                    event(2, "quorum_vote", "'node':'web-1','status':'success'"));
        }
        String output = request.uri().endsWith("?output=true")
                ? event(7, "output", "'node':'web-1','channel':'stdout','offset':0,'data':'NDIgcGFnZXMK'")
                : ":keepalive\n\n";
        return Answer.stream(
                "text/event-stream",
                event(1, "start", "'command':'make report','run_timeout':60,'quorum':2,'node_count':2,'user':'alice'"),
                event(2, "quorum_vote", "'node':'web-1','status':'success'"),
                event(3, "quorum_vote", "'node':'web-2','status':'success'"),
                event(4, "quorum_succeeded", ""),
                event(5, "run_start", "'node':'web-1'"),
                event(6, "run_start", "'node':'web-2'"),
                output,
                event(8, "run_complete", "'node':'web-1','status':'success'"),
                event(9, "run_complete", "'node':'web-2','status':'failure'"),
                event(10, "job_complete", "'status':'complete'"));
    }

    private static String event(int id, String name, String fields) {
        return "event: " + name + "\nid: " + id
                + "\ndata: {\"timestamp\":\"2026-11-22 11:00:%02d.000001Z\"".formatted(id)
                + (fields.isEmpty() ? "" : "," + fields.replace('\'', '"')) + "}\n\n";
    }

    private static Answer nodes(Received request) {
        if (!request.uri().contains("all=true&detail=true")) {
            return Answer.json(200, """
                    [{"node_name":"web-1","availability":"available"},{"node_name":"web-2","availability":"available"}]""");
        }
        Instant now = Instant.now();
        return Answer.json(200, """
                [{"node_name":"web-1","status":"online","availability":"available","detail":{"last_seen":"%1$s",
                  "address":"10.0.0.1","client":"web-1.example.com","protocol_version":"2.1"}},
                 {"node_name":"web-2","status":"online","availability":"available","detail":{"last_seen":"%1$s",
                  "address":"10.0.0.2","client":"web-2.example.com","protocol_version":"2.1","job_id":"%3$s"}},
                 {"node_name":"web-3","status":"offline","availability":"unavailable","detail":{"reason":"went_silent",
                  "last_seen":"%2$s","message":"the last heartbeat of the agent came 95 s ago; is the node up, the agent running\
                 and the network between them working?"}}]""".formatted(
                        HttpDate.format(now.minusSeconds(2)), HttpDate.format(now.minusSeconds(95)), REPORT));
    }

    @Test
    void documentHasExamplesOfEveryCommand() {
        String all = examples().map(Example::command).reduce("", (a, b) -> a + "\n" + b);

        for (String command : new String[] {
            "job start",
            "job rerun",
            "job status",
            "job list",
            "job events",
            "job output",
            "job watch",
            "job abort",
            "node status",
            "whoami",
            "doctor",
            "config",
            "completion"
        }) {
            assertThat(all).contains(command);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void exampleWritesWhatTheDocumentShows(Example example) throws Exception {
        // when
        Program.Result result = program.run(example.command());

        // then
        assertThat(comparable(example, asOnAnyMachine(result.output())))
                .isEqualTo(comparable(example, example.output()));
        assertThat(result.exitCode()).isEqualTo(example.status());
    }

    private static String asOnAnyMachine(String output) {
        return output.replace(home.toString(), "HOME")
                .replace(workstation.server().url(), "SERVER")
                .replaceFirst("answers in [0-9]+ ms", "answers in 12 ms")
                .replaceAll("\\b[23] s ago", "2 s ago")
                .replaceAll("\\b9[56] s ago  ", "95 s ago  ");
    }

    /** Columns are as wide as what is in them, which differs where the document has a word for it. */
    private static String comparable(Example example, String output) {
        return example.command().equals("pushjobs config") ? output.replaceAll(" {2,}", "  ") : output;
    }
}
