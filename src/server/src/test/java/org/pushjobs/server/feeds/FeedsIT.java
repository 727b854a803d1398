package org.pushjobs.server.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.FeedClient;
import org.pushjobs.server.testing.FeedClient.Event;
import org.pushjobs.server.testing.FeedClient.Request;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.server.testing.TestOrganisation;

/**
 * Feeds of jobs and organisations over HTTP (rest-api.md, "Event feeds"). The jobs here are of a node that is not connected:
 * each has four events and ends at once.
 */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FeedsIT {
    private static final Duration RETENTION = Duration.ofSeconds(4);
    private static final List<String> EVENTS = List.of("start", "quorum_vote", "rehab", "job_complete");

    @TempDir
    static Path directory;

    private DatabaseConfig.External database;
    private RunningServer server;
    private ApiClient admin;

    @BeforeAll
    void start(DatabaseConfig.External freshDatabase) throws Exception {
        database = freshDatabase;
        JsonObject settings = TestConfig.settings(database)
                .put("keep_alive_time", 1)
                .put("wait_complete_time", 3)
                .put("org_feed_expiration", RETENTION.toSeconds());
        server = RunningServer.start(directory, settings, database, 1);
        admin = server.admin();
        execute("insert into directory_groups values ('" + TestOrganisation.GUID + "', 'pushy_job_readers')");
        execute("insert into directory_group_users values ('" + TestOrganisation.GUID + "', 'pushy_job_readers', '"
                + TestOrganisation.ADMIN + "')");
    }

    @AfterAll
    void stop() {
        admin.close();
        server.close();
    }

    // ---- the feed of a job

    @ParameterizedTest
    @ValueSource(strings = {"job_status_feed", "jobs_status_feed"})
    void bothSpellingsServeTheFeedOfAJobAndCloseIt(String resource) throws Exception {
        // given
        String job = startJob();

        // when
        try (FeedClient feed = open(Request.of(resource + "/" + job))) {
            List<Event> events = feed.awaitEnd();

            // then
            assertThat(feed.status()).isEqualTo(200);
            assertThat(feed.headers())
                    .containsEntry("Content-Type", "text/event-stream")
                    .containsEntry("Cache-Control", "no-cache")
                    .containsEntry("X-Accel-Buffering", "no")
                    .containsEntry("Transfer-Encoding", "chunked");
            assertThat(names(events)).isEqualTo(EVENTS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "keep-alive"})
    void overHttp10TheEndOfTheConnectionIsTheEndOfTheFeed(String connection) throws Exception {
        // given
        String job = startJob();

        // when
        try (FeedClient feed = open(new Request("job_status_feed/" + job, "1.0", Map.of("Connection", connection)))) {
            List<Event> events = feed.awaitEnd();

            // then
            assertThat(feed.headers()).doesNotContainKeys("Transfer-Encoding", "Content-Length");
            assertThat(names(events)).isEqualTo(EVENTS);
        }
    }

    @Test
    void startHasWhatWasAskedForAndNothingElse() throws Exception {
        // given
        String simple = startJob();
        String rich = admin.startJob(new JsonObject()
                .put("command", "c")
                .put("nodes", new JsonArray().add("node-1"))
                .put("run_timeout", 7)
                .put("user", "nobody")
                .put("dir", "/tmp")
                .put("env", new JsonObject().put("A", "b"))
                .put("file", "raw:secret")
                .put("capture_output", true));

        // when
        JsonObject simpleStart = history(simple).getFirst().data();
        JsonObject richStart = history(rich).getFirst().data();

        // then
        assertThat(simpleStart.getMap().keySet())
                .containsExactly("timestamp", "command", "run_timeout", "quorum", "node_count", "user");
        assertThat(simpleStart.getString("user")).isEqualTo(TestOrganisation.ADMIN);
        richStart.remove("timestamp");
        assertThat(richStart)
                .isEqualTo(new JsonObject()
                        .put("command", "c")
                        .put("run_timeout", 7)
                        .put("quorum", 1)
                        .put("node_count", 1)
                        .put("user", TestOrganisation.ADMIN)
                        .put("job_user", "nobody")
                        .put("dir", "/tmp")
                        .put("env", new JsonObject().put("A", "b"))
                        .put("file_specified", true)
                        .put("capture", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "5", "-1", "1x", "01", "x", "99999999999999999999", "9223372036854775807"})
    void unknownLastEventIdGetsTheWholeHistory(String lastEventId) throws Exception {
        // given
        String job = startJob();

        // when
        try (FeedClient feed = open(Request.after("job_status_feed/" + job, lastEventId))) {
            // then
            assertThat(names(feed.awaitEnd())).isEqualTo(EVENTS);
        }
    }

    @Test
    void afterTheWaitTimeTheFeedIsTheJobDocument() throws Exception {
        // given
        String job = startJob();
        String lastId = history(job).get(1).id();

        // when
        Event summary = Await.value(
                        "a summary",
                        Await.DEADLINE,
                        () -> {
                            try (FeedClient feed = open(Request.after("job_status_feed/" + job, lastId))) {
                                return feed.awaitEnd();
                            }
                        },
                        events -> events.size() == 1 && events.getFirst().name().equals("summary"))
                .getFirst();

        // then
        JsonObject data = summary.data();
        assertThat(data.remove("timestamp")).asString().endsWith("Z");
        assertThat(data).isEqualTo(admin.job(job));
    }

    @Test
    void historyIsThereLongAfterTheEndAndEndsWhereTheJobIs() throws Exception {
        // given
        String ended = startJob();
        history(ended);
        Await.value(
                "a feed that is only a summary",
                Await.DEADLINE,
                () -> history(ended),
                events -> names(events).equals(List.of("summary")));

        // when
        List<Event> events = history(ended + "?history=true");

        // then
        assertThat(names(events)).isEqualTo(EVENTS);
        assertThat(history(ended + "?history=true&output=false")).isEqualTo(events);
        assertThat(admin.get("job_status_feed/" + ended + "?history=true&output=true")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void jobOfTheOriginalServerHasASummaryOnly() throws Exception {
        // given
        String job = "ccddeeff" + "a".repeat(24);
        insertJob(job, TestOrganisation.GUID);

        // when
        try (FeedClient feed = open(Request.of("job_status_feed/" + job))) {
            List<Event> events = feed.awaitEnd();

            // then
            assertThat(names(events)).containsExactly("summary");
            assertThat(events.getFirst().data().getString("status")).isEqualTo("complete");
        }
    }

    @Test
    void unknownJobsAndThoseOfOthersAreNotFound() throws Exception {
        // given
        String foreign = "f".repeat(32);
        insertJob(foreign, "e".repeat(32));

        for (String id : List.of(foreign, "0".repeat(32), "nonsense", "%00")) {
            // when
            try (FeedClient feed = open(Request.of("job_status_feed/" + id))) {
                // then
                assertThat(feed.status()).as(id).isEqualTo(404);
            }
        }
    }

    @Test
    void otherMediaTypesAreNotAcceptable() throws Exception {
        for (String path : List.of("job_status_feed", "job_status_feed/" + "0".repeat(32))) {
            // when
            try (FeedClient feed = open(new Request(path, "1.1", Map.of("Accept", "application/json")))) {
                // then
                assertThat(feed.status()).isEqualTo(406);
            }
        }
    }

    @Test
    void feedCanOnlyBeRead() throws Exception {
        assertThat(admin.post("job_status_feed", new JsonObject()).statusCode()).isEqualTo(405);
        assertThat(admin.post("jobs_status_feed/" + "0".repeat(32), new JsonObject())
                        .statusCode())
                .isEqualTo(405);
    }

    @Test
    void whoMayNotReadJobsMayNotReadFeeds() throws Exception {
        try (ApiClient node = server.client("node-1")) {
            assertThat(node.get("job_status_feed").statusCode()).isEqualTo(403);
            assertThat(node.get("job_status_feed/" + "0".repeat(32)).statusCode())
                    .isEqualTo(403);
        }
    }

    // ---- the feed of an organisation

    @Test
    void withoutLastEventIdOnlyNewEventsAreSentAndTheFeedStaysOpen() throws Exception {
        // given
        String before = startJob();
        history(before);

        for (String resource : List.of("job_status_feed", "jobs_status_feed")) {
            try (FeedClient feed = open(Request.of(resource))) {
                // when
                String job = startJob();
                List<Event> events = feed.awaitEvents(2);

                // then
                assertThat(names(events)).containsExactly("start", "job_complete");
                assertThat(events)
                        .allMatch(event -> event.data().getString("job").equals(job));
                assertThat(events.getFirst().data().getMap().keySet())
                        .containsExactly("job", "timestamp", "command", "run_timeout", "quorum", "node_count", "user");
                assertThat(events.getLast().data().getMap().keySet()).containsExactly("job", "timestamp", "status");
                int silences = feed.keepAlives();
                Await.until("keep-alives", () -> feed.keepAlives() >= silences + 2);
                assertThat(feed.isEnded()).isFalse();
                assertThat(feed.events()).hasSize(2);
            }
        }
    }

    @Test
    void knownLastEventIdGetsWhatCameLater() throws Exception {
        try (FeedClient feed = open(Request.of("job_status_feed"))) {
            // given
            startJob();
            startJob();
            List<Event> all = feed.awaitEvents(4);

            for (int had = 1; had <= 4; had++) {
                // when
                try (FeedClient again =
                        open(Request.after("job_status_feed", all.get(had - 1).id()))) {
                    // then: and nothing comes twice when there is something new
                    assertThat(again.awaitEvents(4 - had)).isEqualTo(all.subList(had, 4));
                }
            }
        }
    }

    @Test
    void unknownLastEventIdGetsAllThatIsRetained() throws Exception {
        // given
        String job = startJob();
        history(job);

        // when
        try (FeedClient feed = open(Request.after("job_status_feed", "never-seen"))) {
            List<Event> events =
                    Await.value("the retained events", Await.DEADLINE, feed::events, found -> hasJob(found, job));

            // then
            assertThat(events.getFirst().name()).isEqualTo("start_of_history");
            assertThat(events.getFirst().data().getMap().keySet()).containsExactly("timestamp");
            assertOrdered(events);
        }
    }

    @Test
    void eventsAreRetainedForTheExpirationTimeOnly() throws Exception {
        // given
        String job;
        String lastId;
        try (FeedClient feed = open(Request.of("job_status_feed"))) {
            job = startJob();
            lastId = feed.awaitEvents(2).getLast().id();
        }

        // when
        Await.until("the events expired", RETENTION.plusSeconds(10), () -> {
            try (FeedClient feed = open(Request.after("job_status_feed", lastId))) {
                Await.until("an answer", () -> !feed.events().isEmpty() || feed.keepAlives() > 0);
                return names(feed.events()).equals(List.of("start_of_history"));
            }
        });

        // then: the job's own events are not gone
        try (FeedClient feed = open(Request.of("job_status_feed/" + job))) {
            assertThat(names(feed.awaitEnd())).containsExactly("summary");
        }
    }

    @Test
    void eventsOfManyJobsAtOnceHaveOneOrder() throws Exception {
        try (FeedClient feed = open(Request.of("job_status_feed"));
                ExecutorService starts = Executors.newFixedThreadPool(8)) {
            // when
            List<Future<String>> started = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                started.add(starts.submit(this::startJob));
            }
            List<String> jobs = new ArrayList<>();
            for (Future<String> job : started) {
                jobs.add(job.get());
            }
            List<Event> events = feed.awaitEvents(80);

            // then
            assertOrdered(events);
            for (String job : jobs) {
                assertThat(names(events.stream()
                                .filter(event -> event.data().getString("job").equals(job))
                                .toList()))
                        .containsExactly("start", "job_complete");
            }
            // and: everybody has the same order
            try (FeedClient again =
                    open(Request.after("job_status_feed", events.getFirst().id()))) {
                assertThat(again.awaitEvents(79)).isEqualTo(events.subList(1, 80));
            }
        }
    }

    // ---- help

    private static void assertOrdered(List<Event> events) {
        assertThat(events.stream().map(event -> event.data().getString("timestamp")))
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(events.stream().map(Event::id)).doesNotHaveDuplicates();
    }

    private static boolean hasJob(List<Event> events, String job) {
        Iterator<Event> ended = events.stream()
                .filter(event -> event.name().equals("job_complete"))
                .filter(event -> event.data().getString("job").equals(job))
                .iterator();
        return ended.hasNext();
    }

    private static List<String> names(List<Event> events) {
        return events.stream().map(Event::name).toList();
    }

    private String startJob() throws Exception {
        return admin.startJob("anything", List.of("node-1"));
    }

    /** All events of a job, once it has ended. */
    private List<Event> history(String job) throws Exception {
        try (FeedClient feed = open(Request.of("job_status_feed/" + job))) {
            return feed.awaitEnd();
        }
    }

    private FeedClient open(Request request) throws Exception {
        return FeedClient.open(server.organisation(), server.ports().api(), request);
    }

    /** As the original server left it. */
    private void insertJob(String id, String orgGuid) throws SQLException {
        execute("insert into jobs (id, org_id, command, status, last_updated_by, created_at, updated_at)"
                + " values ('" + id + "', '" + orgGuid
                + "', 'c', 2, 'x', now() at time zone 'UTC', now() at time zone 'UTC')");
    }

    private void execute(String sql) throws SQLException {
        String url = "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.database();
        try (Connection connection = DriverManager.getConnection(url, database.user(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
