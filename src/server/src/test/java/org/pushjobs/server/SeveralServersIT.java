package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.ClusterPlaces;
import org.pushjobs.server.testing.FeedClient;
import org.pushjobs.server.testing.FreePort;
import org.pushjobs.server.testing.Management;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.ScriptedAgent;
import org.pushjobs.server.testing.ScriptedAgent.Step;
import org.pushjobs.server.testing.ScriptedAgent.Step.Send;
import org.pushjobs.server.testing.ServerProcess;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.server.testing.TestOrganisation;

/** Servers that are members of one cluster, at 127.0.0.1 and 127.0.0.2: what one does for the nodes and users of the other. */
@ExtendWith(PostgresExtension.class)
class SeveralServersIT {
    private static final Duration DEADLINE = Await.DEADLINE;
    private static final String NODE = "node-1";

    private final ClusterPlaces places = new ClusterPlaces(2);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    void jobsRunOnNodesOfAServerThatStandsBy(DatabaseConfig.External database) throws Exception {
        try (RunningServer active = RunningServer.start(directory, settings(database, 0), database, 1);
                RunningServer standby = RunningServer.restart(directory, settings(database, 1), active.organisation());
                ApiClient here = active.admin();
                ApiClient there = standby.admin();
                ScriptedAgent _ = agentAt(standby, List.of(Send.ACK_RUN, Send.SUCCEEDED))) {
            awaitTogether(active, standby);
            assertThat(Management.ready(standby.ports().management(), "/coordinator"))
                    .isEqualTo("200 {\"status\":\"standby\"}");
            // each tells of the node, which one of them has
            here.awaitAvailable(1, DEADLINE);
            there.awaitAvailable(1, DEADLINE);

            // when: the other server is asked, which cannot run it by itself
            String job = there.startJob("anything", List.of(NODE));

            // then
            assertThat(there.awaitEnd(job, DEADLINE).getJsonObject("nodes"))
                    .isEqualTo(new JsonObject().put("succeeded", List.of(NODE)));
            List<String> events = eventsOf(active, job);
            assertThat(events).startsWith("start").endsWith("job_complete");
            assertThat(eventsOf(standby, job)).isEqualTo(events);
        }
    }

    @Test
    void feedOfAServerThatStandsByTellsWhatTheOtherOneStores(DatabaseConfig.External database) throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        try (RunningServer active = RunningServer.start(directory, settings(database, 0), database, 1);
                RunningServer standby = RunningServer.restart(directory, settings(database, 1), active.organisation());
                ApiClient here = active.admin();
                ScriptedAgent _ = agentAt(active, List.of(Send.ACK_RUN, new Step.Until(ended::get), Send.SUCCEEDED))) {
            awaitTogether(active, standby);
            here.awaitAvailable(1, DEADLINE);
            String job = here.startJob("anything", List.of(NODE));
            try (FeedClient feed = feed(standby, job)) {
                Await.until("the run", DEADLINE, () -> namesOf(feed.events()).contains("run_start"));

                ended.set(true);

                assertThat(namesOf(feed.awaitEnd())).endsWith("job_complete");
            }
        }
    }

    @Test
    void resultThatComesWhileTheActiveServerIsDeadIsTakenByTheNextOne(DatabaseConfig.External database)
            throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        Path config = TestConfig.write(directory, settings(database, 0).put("api_port", FreePort.pick()));
        ServerProcess killed = ServerProcess.start(config);
        killed.awaitReady();
        TestOrganisation organisation = TestOrganisation.create(database, 1);
        try (RunningServer standby = RunningServer.restart(directory, settings(database, 1), organisation);
                ApiClient admin = standby.admin();
                ScriptedAgent _ = agentAt(standby, List.of(Send.ACK_RUN, new Step.Until(ended::get), Send.SUCCEEDED))) {
            admin.awaitAvailable(1, DEADLINE);
            String job = admin.startJob("anything", List.of(NODE));
            admin.awaitRunning(job, DEADLINE);

            // when
            killed.kill();
            ended.set(true);

            // then
            assertThat(admin.awaitEnd(job, DEADLINE).getJsonObject("nodes"))
                    .isEqualTo(new JsonObject().put("succeeded", List.of(NODE)));
            assertThat(Management.ready(standby.ports().management(), "/coordinator"))
                    .isEqualTo("200 {\"status\":\"active\"}");
            assertThat(Management.ready(standby.ports().management(), ""))
                    .contains("(1 of 2)")
                    .startsWith("200 ");
        }
    }

    @Test
    void processOfTheApiAloneAnswersForTheOthers(DatabaseConfig.External database) throws Exception {
        JsonObject frontend = settings(database, 1)
                .put("roles", new JsonArray(List.of("api")))
                .put("server_heartbeat_port", 10_000)
                .put("command_port", 10_002);
        try (RunningServer backend = RunningServer.start(directory, settings(database, 0), database, 1);
                RunningServer server = RunningServer.restart(directory, frontend, backend.organisation());
                ApiClient admin = server.admin();
                ScriptedAgent _ = agentAt(backend, List.of(Send.ACK_RUN, Send.SUCCEEDED))) {
            admin.awaitAvailable(1, DEADLINE);

            String job = admin.startJob("anything", List.of(NODE));

            assertThat(admin.awaitEnd(job, DEADLINE).getString("status")).isEqualTo("complete");
            assertThat(eventsOf(server, job)).isEqualTo(eventsOf(backend, job));
            HttpResponse<byte[]> detail = admin.get("node_states/" + NODE + "?detail=true");
            assertThat(ApiClient.text(detail)).contains("\"available\"");
        }
    }

    @Test
    void serverWhosePortOfTheClusterIsTakenSaysSoAndEnds(DatabaseConfig.External database) throws Exception {
        try (RunningServer _ = RunningServer.start(directory, settings(database, 0), database, 1)) {
            Path config = TestConfig.write(directory, settings(database, 0));
            try (ServerProcess second = ServerProcess.start(config)) {
                Await.until("its end", DEADLINE, () -> !second.isAlive());

                assertThat(second.log()).contains("cluster_port").contains(Integer.toString(places.port(0)));
            }
        }
    }

    private JsonObject settings(DatabaseConfig.External database, int number) {
        return TestConfig.settings(database).mergeIn(places.settings(number));
    }

    private static void awaitTogether(RunningServer... servers) {
        for (RunningServer server : servers) {
            Await.until(
                    "both members",
                    DEADLINE,
                    () -> Management.ready(server.ports().management(), "").contains("(2 of 2)"));
        }
    }

    private static ScriptedAgent agentAt(RunningServer server, List<Step> onRun) throws Exception {
        return ScriptedAgent.start(
                server.client(NODE), NODE, server.organisation().key(), List.of(Send.ACK_COMMIT), onRun);
    }

    private static List<String> eventsOf(RunningServer server, String job) throws Exception {
        try (FeedClient feed = feed(server, job)) {
            return namesOf(feed.awaitEnd());
        }
    }

    private static List<String> namesOf(List<FeedClient.Event> events) {
        return events.stream().map(FeedClient.Event::name).toList();
    }

    private static FeedClient feed(RunningServer server, String job) throws Exception {
        return FeedClient.open(
                server.organisation(), server.ports().api(), FeedClient.Request.of("job_status_feed/" + job));
    }
}
