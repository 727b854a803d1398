package org.pushjobs.server.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.FeedClient;
import org.pushjobs.server.testing.FeedClient.Event;
import org.pushjobs.server.testing.FeedClient.Request;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.ScriptedAgent;
import org.pushjobs.server.testing.ScriptedAgent.Step;
import org.pushjobs.server.testing.ScriptedAgent.Step.Send;
import org.pushjobs.server.testing.ServerProcess;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.server.testing.TestOrganisation;

/** kill -9 of the server in the middle of a job: its feed goes on where the reader was. */
@ExtendWith(PostgresExtension.class)
class FeedsAcrossRestartIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void feedGoesOnAfterTheRestart(DatabaseConfig.External database) throws Exception {
        // given: a job that runs, and its reader
        Path config = TestConfig.write(directory, TestConfig.settings(database));
        ServerProcess first = ServerProcess.start(config);
        JsonObject ports = first.awaitReady();
        int port = ports.getInteger("api_port");
        TestOrganisation organisation = TestOrganisation.create(database, 1);
        ports.remove("pid");
        TestConfig.write(directory, TestConfig.settings(database).mergeIn(ports));
        AtomicBoolean mayEnd = new AtomicBoolean();
        try (ApiClient admin = organisation.admin(port);
                ApiClient client = organisation.client(port, "node-1");
                ScriptedAgent _ = ScriptedAgent.start(
                        client,
                        "node-1",
                        organisation.key(),
                        List.of(Send.ACK_COMMIT),
                        List.of(Send.ACK_RUN, new Step.Until(mayEnd::get), Send.SUCCEEDED))) {
            admin.awaitAvailable(1, Await.DEADLINE);
            String job = admin.startJob("long", List.of("node-1"));
            List<Event> events = new ArrayList<>();
            try (FeedClient feed = FeedClient.open(organisation, port, Request.of("job_status_feed/" + job))) {
                events.addAll(feed.awaitEvents(4));
                first.kill();
            }

            // when
            try (ServerProcess second = ServerProcess.start(config)) {
                second.awaitReady();
                try (FeedClient feed = FeedClient.open(
                        organisation,
                        port,
                        Request.after("job_status_feed/" + job, events.getLast().id()))) {
                    mayEnd.set(true);
                    events.addAll(feed.awaitEnd());
                }

                // then
                assertThat(events.stream().map(Event::name))
                        .containsExactly(
                                "start",
                                "quorum_vote",
                                "quorum_succeeded",
                                "run_start",
                                "run_complete",
                                "job_complete");
                assertThat(events.stream().map(event -> event.data().getString("timestamp")))
                        .isSorted()
                        .doesNotHaveDuplicates();
                try (FeedClient feed = FeedClient.open(organisation, port, Request.of("job_status_feed/" + job))) {
                    assertThat(feed.awaitEnd()).isEqualTo(events);
                }
            }
        } finally {
            first.close();
        }
    }
}
