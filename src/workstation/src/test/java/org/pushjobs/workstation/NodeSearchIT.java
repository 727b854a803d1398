package org.pushjobs.workstation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.workstation.ScriptedServer.Answer;
import org.pushjobs.workstation.ScriptedServer.Received;
import org.pushjobs.workstation.Workstation.Result;

/** {@code job start --search} against the search of a Chef server. */
class NodeSearchIT {
    private static final String QUERY = "role:webapp AND NOT tags:a+b ü";

    @TempDir
    private Path directory;

    private Workstation workstation;

    @BeforeEach
    void startServer() {
        workstation = new Workstation(directory);
        workstation.server().answer("POST jobs", 201, "{\"id\":\"ab12\"}");
    }

    @AfterEach
    void stopServer() {
        workstation.close();
    }

    private Result start(String... options) {
        return workstation.run(Stream.of(Stream.of("job", "start", "-b", "chef-client"), Stream.of(options))
                .flatMap(part -> part)
                .toArray(String[]::new));
    }

    private JsonNode job() throws Exception {
        Received last = workstation.server().received().getLast();
        assertThat(last.method() + " " + last.uri()).isEqualTo("POST /organizations/acme/pushy/jobs");
        return new ObjectMapper().readTree(last.body());
    }

    private static List<String> nodes(int count) {
        return IntStream.range(0, count).mapToObj(i -> "web-" + i).toList();
    }

    @Test
    void jobRunsOnAllNodesThatTheSearchFindsOverItsPages() throws Exception {
        // given
        NodeSearchFixture search = new NodeSearchFixture(QUERY, nodes(2345));
        workstation.server().answer("POST /search/node", search::post);

        // when
        Result result = start("--search", QUERY, "--quorum", "90%");

        // then
        assertThat(result.exitCode()).isZero();
        assertThat(workstation.server().received())
                .extracting(Received::uri)
                .containsExactly(
                        "/organizations/acme/search/node?q=role%3Awebapp%20AND%20NOT%20tags%3Aa%2Bb%20%C3%BC&start=0&rows=1000",
                        "/organizations/acme/search/node?q=role%3Awebapp%20AND%20NOT%20tags%3Aa%2Bb%20%C3%BC&start=1000&rows=1000",
                        "/organizations/acme/search/node?q=role%3Awebapp%20AND%20NOT%20tags%3Aa%2Bb%20%C3%BC&start=2000&rows=1000",
                        "/organizations/acme/pushy/jobs");
        assertThat(job().path("nodes")).hasSize(2345);
        assertThat(job().at("/nodes/2344").asText()).isEqualTo("web-2344");
        assertThat(job().path("quorum").asInt()).isEqualTo(2111);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 405})
    void serverWithoutPartialSearchIsAskedForWholeNodes(int status) throws Exception {
        // given
        NodeSearchFixture search = new NodeSearchFixture("role:webapp", nodes(1001));
        workstation
                .server()
                .answer("POST /search/node", status, "{\"error\":[\"no such thing\"]}")
                .answer("GET /search/node", search::get);

        // when
        Result result = start("-s", "role:webapp");

        // then
        assertThat(result.exitCode()).isZero();
        assertThat(job().path("nodes")).hasSize(1001);
        assertThat(workstation.server().received())
                .extracting(Received::method)
                .containsExactly("POST", "GET", "GET", "POST");
    }

    @Test
    void nodesThatAreGoneOrFoundTwiceDoNotMatter() throws Exception {
        // given
        NodeSearchFixture search = new NodeSearchFixture("role:webapp", List.of("web-1", "", "web-2", "web-1"));
        workstation.server().answer("POST /search/node", search::post);

        // when
        start("-s", "role:webapp");

        // then
        assertThat(job().path("nodes")).hasToString("[\"web-1\",\"web-2\"]");
        assertThat(job().path("quorum").asInt()).isEqualTo(2);
    }

    @Test
    void searchThatFindsNothingStartsNothing() {
        // given
        NodeSearchFixture search = new NodeSearchFixture("role:webapp", List.of());
        workstation.server().answer("POST /search/node", search::post);

        // when
        Result result = start("-s", "role:webapp");

        // then
        assertThat(result.err())
                .isEqualTo("No nodes to run job on. Specify nodes as arguments or use -s to specify a search query.\n");
        assertThat(result.exitCode()).isOne();
        assertThat(workstation.server().received()).hasSize(1);
    }

    @Test
    void queryThatTheServerDoesNotUnderstandIsReported() {
        // given
        workstation
                .server()
                .answer("POST /search/node", Answer.json(400, "{\"error\":[\"invalid search query: 'role:['\"]}"));

        // when
        Result result = start("-s", "role:[");

        // then
        assertThat(result.err()).isEqualTo("ERROR: the server answered 400: invalid search query: 'role:['\n");
        assertThat(result.exitCode()).isEqualTo(4);
    }

    @Test
    void serverWithoutChefServerSaysWhatSearchNeeds() {
        // when
        Result result = start("-s", "role:webapp");

        // then
        assertThat(result.err())
                .startsWith("ERROR: the server answered 404: not found\nNode search needs a Chef server, ")
                .contains("'web-*'", "--nodes-from", "--all");
        assertThat(result.exitCode()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "{\"total\":1,\"rows\":{}}", "{\"total\":\"1\",\"rows\":[]}"})
    void answerThatIsNoSearchResultIsReported(String answer) {
        // given
        workstation.server().answer("POST /search/node", 200, answer);

        // when
        Result result = start("-s", "role:webapp");

        // then
        assertThat(result.err()).startsWith("ERROR: the server's answer is no search result");
        assertThat(result.exitCode()).isEqualTo(4);
    }
}
