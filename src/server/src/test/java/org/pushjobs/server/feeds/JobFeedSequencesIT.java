package org.pushjobs.server.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.FeedClient;
import org.pushjobs.server.testing.FeedClient.Event;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.ScriptedAgent;
import org.pushjobs.server.testing.ScriptedAgent.Step;
import org.pushjobs.server.testing.ScriptedAgent.Step.Send;
import org.pushjobs.server.testing.TestConfig;

/** The cells of lifecycle.md that agents can bring about: each gives exactly the listed events, in the listed order. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JobFeedSequencesIT {
    private static final int SCENARIOS = 25;
    private static final Duration AVAILABLE_WITHIN = Await.DEADLINE;
    private static final String FIRST = "node-1";
    private static final String SECOND = "node-2";
    private static final List<Step> VOTE = List.of(Send.ACK_COMMIT);

    @TempDir
    static Path directory;

    private RunningServer server;
    private ApiClient admin;
    private int used;

    /** What a node does. */
    private record Script(List<Step> onCommit, List<Step> onRun) {
        static Script of(List<Step> onCommit, Step... onRun) {
            return new Script(onCommit, List.of(onRun));
        }
    }

    /**
     * @param scripts of node-1 and, where there are two, node-2; fewer than {@code nodes} when one is not connected
     * @param events name, node and status of each
     */
    private record Scenario(
            String name, int nodes, int quorum, int runTimeout, List<Script> scripts, List<String> events) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** The events that the reader of the scenario has seen; steps wait for them. */
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @BeforeAll
    void start(DatabaseConfig.External database) throws Exception {
        JsonObject settings = TestConfig.settings(database)
                .put("heartbeat_interval", 500)
                .put("voting_timeout", 6)
                .put("keep_alive_time", 1)
                .put("wait_complete_time", 600);
        server = RunningServer.start(directory, settings, database, 2 * SCENARIOS);
        admin = server.admin();
    }

    @AfterAll
    void stop() {
        admin.close();
        server.close();
    }

    private Step after(String event) {
        BooleanSupplier condition = () -> seen.contains(event);
        return new Step.Until(condition);
    }

    private static Scenario one(String name, Script script, String... events) {
        return new Scenario(name, 1, 1, 60, List.of(script), List.of(events));
    }

    private static Scenario two(String name, int quorum, Script first, Script second, String... events) {
        return new Scenario(name, 2, quorum, 60, List.of(first, second), List.of(events));
    }

    Stream<Scenario> scenarios() {
        Step silence = new Step.FallSilent();
        return Stream.of(
                one(
                        "success",
                        Script.of(VOTE, Send.ACK_RUN, Send.SUCCEEDED),
                        "start",
                        "quorum_vote node-1 success",
                        "quorum_succeeded",
                        "run_start node-1",
                        "run_complete node-1 success",
                        "job_complete complete"),
                one(
                        "failure",
                        Script.of(VOTE, Send.ACK_RUN, Send.FAILED),
                        "start",
                        "quorum_vote node-1 success",
                        "quorum_succeeded",
                        "run_start node-1",
                        "run_complete node-1 failure",
                        "job_complete complete"),
                one(
                        "refused",
                        Script.of(List.of(Send.NACK_COMMIT)),
                        "start",
                        "quorum_vote node-1 failure",
                        "job_complete quorum_failed"),
                new Scenario(
                        "not connected",
                        1,
                        1,
                        60,
                        List.of(),
                        List.of("start", "quorum_vote node-1 down", "rehab node-1", "job_complete quorum_failed")),
                one(
                        "no vote",
                        Script.of(List.of()),
                        "start",
                        "quorum_vote node-1 voting_timeout",
                        "job_complete quorum_failed"),
                two(
                        "two votes",
                        2,
                        Script.of(List.of(Send.ACK_COMMIT, Send.ACK_COMMIT), Send.ACK_RUN, Send.SUCCEEDED),
                        Script.of(
                                List.of(after("quorum_vote node-1 unexpected_commit"), Send.ACK_COMMIT),
                                after("run_complete node-1 success"),
                                Send.ACK_RUN,
                                Send.SUCCEEDED),
                        "start",
                        "quorum_vote node-1 success",
                        "quorum_vote node-1 unexpected_commit",
                        "quorum_vote node-2 success",
                        "quorum_succeeded",
                        "run_start node-1",
                        "run_complete node-1 success",
                        "run_start node-2",
                        "run_complete node-2 success",
                        "job_complete complete"),
                two(
                        "vote after a refusal",
                        1,
                        Script.of(List.of(Send.NACK_COMMIT, Send.ACK_COMMIT)),
                        Script.of(
                                List.of(after("quorum_vote node-1 client_died_while_voting"), Send.ACK_COMMIT),
                                Send.ACK_RUN,
                                Send.FAILED),
                        "start",
                        "quorum_vote node-1 failure",
                        "rehab node-1",
                        "quorum_vote node-1 client_died_while_voting",
                        "quorum_vote node-2 success",
                        "quorum_succeeded",
                        "run_start node-2",
                        "run_complete node-2 failure",
                        "job_complete complete"),
                two(
                        "something else than a vote",
                        2,
                        Script.of(List.of(Send.ACK_RUN)),
                        Script.of(List.of(after("rehab node-1"), Send.ACK_COMMIT)),
                        "start",
                        "rehab node-1",
                        "quorum_vote node-2 success",
                        "job_complete quorum_failed"),
                two(
                        "aborted in the vote",
                        1,
                        Script.of(List.of(Send.ACK_COMMIT, Send.ABORTED)),
                        Script.of(List.of(after("rehab node-1"), Send.ACK_COMMIT), Send.ACK_RUN, Send.SUCCEEDED),
                        "start",
                        "quorum_vote node-1 success",
                        "rehab node-1",
                        "quorum_vote node-2 success",
                        "quorum_succeeded",
                        "run_start node-2",
                        "run_complete node-2 success",
                        "job_complete complete"),
                two(
                        "down in the vote",
                        2,
                        Script.of(List.of(Send.ACK_COMMIT, silence)),
                        Script.of(List.of(after("rehab node-1"), Send.ACK_COMMIT)),
                        "start",
                        "quorum_vote node-1 success",
                        "quorum_vote node-1 down",
                        "rehab node-1",
                        "quorum_vote node-2 success",
                        "job_complete quorum_failed"),
                two(
                        "quorum not reached",
                        2,
                        Script.of(VOTE),
                        Script.of(List.of(after("quorum_vote node-1 success"), Send.NACK_COMMIT)),
                        "start",
                        "quorum_vote node-1 success",
                        "quorum_vote node-2 failure",
                        "job_complete quorum_failed"),
                one(
                        "run refused",
                        Script.of(VOTE, Send.NACK_RUN),
                        "start",
                        "quorum_vote node-1 success",
                        "quorum_succeeded",
                        "rehab node-1",
                        "run_complete node-1 run_nacked",
                        "job_complete complete"),
                one(
                        "run refused while running",
                        Script.of(VOTE, Send.ACK_RUN, Send.NACK_RUN),
                        "start",
                        "quorum_vote node-1 success",
                        "quorum_succeeded",
                        "run_start node-1",
                        "rehab node-1",
                        "run_complete node-1 run_nacked_while_running",
                        "job_complete complete"),
                one(
                        "result without a start",
                        Script.of(VOTE, Send.SUCCEEDED),
                        "start",
                        "quorum_vote node-1 success",
                        "quorum_succeeded",
                        "rehab node-1",
                        "run_complete node-1 crashed",
                        "job_complete complete"),
                one(
                        "down while running",
                        Script.of(VOTE, Send.ACK_RUN, silence),
                        "start",
                        "quorum_vote node-1 success",
                        "quorum_succeeded",
                        "run_start node-1",
                        "rehab node-1",
                        "run_complete node-1 crashed",
                        "job_complete complete"),
                one(
                        "aborted while running",
                        Script.of(VOTE, Send.ACK_RUN, Send.ABORTED),
                        "start",
                        "quorum_vote node-1 success",
                        "quorum_succeeded",
                        "run_start node-1",
                        "rehab node-1",
                        "run_complete node-1 crashed",
                        "job_complete complete"),
                two(
                        "two results",
                        2,
                        Script.of(VOTE, Send.ACK_RUN, Send.SUCCEEDED, Send.SUCCEEDED),
                        Script.of(
                                List.of(after("quorum_vote node-1 success"), Send.ACK_COMMIT),
                                after("run_complete node-1 client_died_while_running"),
                                Send.ACK_RUN,
                                Send.SUCCEEDED),
                        "start",
                        "quorum_vote node-1 success",
                        "quorum_vote node-2 success",
                        "quorum_succeeded",
                        "run_start node-1",
                        "run_complete node-1 success",
                        "rehab node-1",
                        "run_complete node-1 client_died_while_running",
                        "run_start node-2",
                        "run_complete node-2 success",
                        "job_complete complete"),
                two(
                        "start after a result",
                        2,
                        Script.of(VOTE, Send.ACK_RUN, Send.FAILED, Send.ACK_RUN),
                        Script.of(
                                List.of(after("quorum_vote node-1 success"), Send.ACK_COMMIT),
                                after("rehab node-1"),
                                Send.ACK_RUN,
                                Send.SUCCEEDED),
                        "start",
                        "quorum_vote node-1 success",
                        "quorum_vote node-2 success",
                        "quorum_succeeded",
                        "run_start node-1",
                        "run_complete node-1 failure",
                        "run_complete node-1 client_died_while_running",
                        "rehab node-1",
                        "run_start node-2",
                        "run_complete node-2 success",
                        "job_complete complete"),
                new Scenario(
                        "run too long",
                        1,
                        1,
                        1,
                        List.of(Script.of(VOTE, Send.ACK_RUN)),
                        List.of(
                                "start",
                                "quorum_vote node-1 success",
                                "quorum_succeeded",
                                "run_start node-1",
                                "job_complete timed_out")),
                new Scenario(
                        "no time to run, and nobody needed",
                        1,
                        -1,
                        0,
                        List.of(Script.of(VOTE)),
                        List.of("start", "quorum_vote node-1 success", "quorum_succeeded", "job_complete timed_out")));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void jobFeedHasExactlyTheseEvents(Scenario scenario) throws Exception {
        // given
        seen.clear();
        List<String> nodes = server.organisation().nodes().subList(used, used += scenario.nodes());
        List<ScriptedAgent> agents = new ArrayList<>();
        try {
            for (int i = 0; i < scenario.scripts().size(); i++) {
                Script script = scenario.scripts().get(i);
                try (ApiClient client = server.client(nodes.get(i))) {
                    agents.add(ScriptedAgent.start(
                            client, nodes.get(i), server.organisation().key(), script.onCommit(), script.onRun()));
                }
                awaitAvailable(nodes.get(i));
            }

            // when
            String job = admin.startJob(new JsonObject()
                    .put("command", "a \"command\"\nof two lines")
                    .put("nodes", new JsonArray(nodes))
                    .put("quorum", scenario.quorum())
                    .put("run_timeout", scenario.runTimeout()));
            List<Event> live = follow(job, nodes);

            // then
            assertThat(live.stream().map(event -> text(event, nodes))).containsExactlyElementsOf(scenario.events());
            assertThat(live.getFirst().data().getString("command")).isEqualTo("a \"command\"\nof two lines");
            assertThat(live.stream().map(event -> event.data().getString("timestamp")))
                    .allMatch(at -> at.matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z"))
                    .isSorted()
                    .doesNotHaveDuplicates();
            assertReconnectsMissNothing(job, live);
        } finally {
            for (ScriptedAgent agent : agents) {
                agent.close();
            }
        }
    }

    private void awaitAvailable(String node) {
        Await.until(
                node + " available",
                AVAILABLE_WITHIN,
                () -> new JsonObject(ApiClient.text(admin.get("node_states/" + node)))
                        .getString("availability")
                        .equals("available"));
    }

    private List<Event> follow(String job, List<String> nodes) throws Exception {
        try (FeedClient feed = open(FeedClient.Request.of("job_status_feed/" + job))) {
            Await.until("the end of the job, its feed has " + seen, () -> {
                List<Event> events = feed.events();
                for (int i = seen.size(); i < events.size(); i++) {
                    seen.add(text(events.get(i), nodes));
                }
                return feed.isEnded();
            });
            return feed.awaitEnd();
        }
    }

    /** Whatever a reader had last, it gets exactly the rest, byte for byte. */
    private void assertReconnectsMissNothing(String job, List<Event> all) throws Exception {
        assertThat(new HashSet<>(all.stream().map(Event::id).toList())).hasSameSizeAs(all);
        for (int had = 0; had <= all.size(); had++) {
            FeedClient.Request request = had == 0
                    ? FeedClient.Request.of("jobs_status_feed/" + job)
                    : FeedClient.Request.after(
                            "job_status_feed/" + job, all.get(had - 1).id());
            try (FeedClient feed = open(request)) {
                assertThat(feed.awaitEnd()).as("after " + had).isEqualTo(all.subList(had, all.size()));
            }
        }
    }

    private FeedClient open(FeedClient.Request request) throws Exception {
        return FeedClient.open(server.organisation(), server.ports().api(), request);
    }

    private static String text(Event event, List<String> nodes) {
        StringBuilder text = new StringBuilder(event.name());
        String node = event.data().getString("node");
        if (node != null) {
            text.append(' ').append(List.of(FIRST, SECOND).get(nodes.indexOf(node)));
        }
        String status = event.data().getString("status");
        if (status != null) {
            text.append(' ').append(status);
        }
        return text.toString();
    }
}
