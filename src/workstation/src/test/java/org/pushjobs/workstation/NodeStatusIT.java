package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.protocol.codec.HttpDate;
import org.pushjobs.workstation.ScriptedServer.Answer;
import org.pushjobs.workstation.ScriptedServer.Received;
import org.pushjobs.workstation.Workstation.Result;

/** {@code node status}: for people on a terminal, for programs elsewhere, and as from knife. */
class NodeStatusIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONNECTED = """
            [{"node_name":"web-1","availability":"available"},{"node_name":"web-2","availability":"unavailable"}]""";

    @TempDir
    private Path directory;

    private Workstation workstation;

    @BeforeEach
    void startServer() {
        workstation = new Workstation(directory);
        workstation.server().answer("GET node_states", this::states);
    }

    @AfterEach
    void stopServer() {
        workstation.close();
    }

    private Answer states(Received request) {
        if (!request.uri().contains("?")) {
            return Answer.json(200, CONNECTED);
        }
        String now = HttpDate.format(workstation.now().minus(Duration.ofSeconds(2)));
        String before = HttpDate.format(workstation.now().minus(Duration.ofHours(3)));
        return Answer.json(200, """
                [{"node_name":"web-1","status":"online","availability":"available","updated_at":"NOW",
                  "detail":{"last_seen":"NOW","address":"10.0.0.1","client":"web-1.example.com","protocol_version":"2.1"}},
                 {"node_name":"web-2","status":"online","availability":"unavailable",
                  "detail":{"reason":"in_rehab","message":"it is aborted","last_seen":"NOW","address":"10.0.0.2","client":"b",
                            "protocol_version":"2.0","job_id":"0123456789ab0123456789abcdef0123"}},
                 {"node_name":"web-3","status":"offline","availability":"unavailable",
                  "detail":{"reason":"went_silent","message":"the last heartbeat came long ago","last_seen":"BEFORE"}}]
                """.replace("NOW", now).replace("BEFORE", before));
    }

    @Test
    void terminalShowsAllKnownNodesAndTotals() {
        Result result = workstation.runOnTerminal("node", "status");

        assertThat(result.out().replaceAll("[23] s ago", "2 s ago")).isEqualTo("""
                NODE   STATE        LAST SEEN  WHY
                web-1  available    2 s ago
                web-2  unavailable  2 s ago    in_rehab
                web-3  unavailable  3 h ago    went_silent

                3 nodes: 1 available, 2 unavailable
                """);
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void wideViewHasAllThatIsKnownOnATerminalAndElsewhere() {
        Result result = workstation.run("node", "status", "-o", "wide");

        assertThat(result.out().replaceAll("[23] s ago", "2 s ago")).isEqualTo("""
                NODE   STATE        LAST SEEN  HOST               ADDRESS   PROTOCOL  JOB                               WHY
                web-1  available    2 s ago    web-1.example.com  10.0.0.1  2.1
                web-2  unavailable  2 s ago    b                  10.0.0.2  2.0       0123456789ab0123456789abcdef0123  in_rehab
                web-3  unavailable  3 h ago                                                                             went_silent

                3 nodes: 1 available, 2 unavailable
                """);
    }

    @Test
    void programsGetKnifesLinesOfAllKnownNodes() {
        assertThat(workstation.run("node", "status").out())
                .isEqualTo("web-1\tavailable\nweb-2\tunavailable\nweb-3\tunavailable\n");
        assertThat(workstation.runOnTerminal("node", "status", "-o", "lines").out())
                .isEqualTo(workstation.run("node", "status").out());
    }

    @Test
    void knifePushShowsWhatKnifeShowsOfTheNodesThatKnifeShows() throws Exception {
        Result text = workstation.runAs("knife-push", "node", "status");
        Result json = workstation.runAs("knife-push", "node", "status", "-F", "json");

        assertThat(text.out()).isEqualTo("web-1\tavailable\nweb-2\tunavailable\n");
        assertThat(JSON.readTree(json.outBytes())).isEqualTo(JSON.readTree(CONNECTED));
        assertThat(workstation.server().received())
                .extracting(Received::uri)
                .containsOnly("/organizations/acme/pushy/node_states");
    }

    @Test
    void whySaysForEachNodeWhatIsToBeDone() {
        assertThat(workstation.run("node", "status", "--why").out()).isEqualTo("""
                web-1\tavailable
                web-2\tunavailable\tit is aborted
                web-3\tunavailable\tthe last heartbeat came long ago
                """);
    }

    @Test
    void dataIsALineForEachNodeWithTimesInIso8601() {
        Result result = workstation.run("node", "status", "-F", "jsonl");

        assertThat(result.out().lines()).hasSize(3).allMatch(line -> line.startsWith("{\"node_name\":\"web-"));
        assertThat(result.out()).containsPattern("\"last_seen\":\"20[0-9-]{8}T[0-9:]{8}Z\"");
    }

    @Test
    void nodeStatusAsksForTheNamedNodesOnly() {
        // given
        workstation
                .server()
                .answer("GET node_states/b", 200, "{\"node_name\":\"b\",\"availability\":\"available\"}")
                .answer("GET node_states/a", 200, "{\"node_name\":\"a\",\"availability\":\"unavailable\"}");

        // then
        assertThat(workstation.run("node", "status", "b", "a").out()).isEqualTo("b\tavailable\na\tunavailable\n");
        assertThat(workstation.runOnTerminal("node", "status", "b", "a").out()).isEqualTo("""
                NODE  STATE
                b     available
                a     unavailable

                2 nodes: 1 available, 1 unavailable
                """);
    }

    @Test
    void withoutNodesThereIsOnlyTheTotal() {
        workstation.close();
        try (Workstation empty = new Workstation(directory)) {
            empty.server().answer("GET node_states", 200, "[]");

            assertThat(empty.runOnTerminal("node", "status").out()).isEqualTo("0 nodes: 0 available, 0 unavailable\n");
        }
    }
}
