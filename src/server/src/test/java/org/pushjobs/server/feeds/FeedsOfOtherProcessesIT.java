package org.pushjobs.server.feeds;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.jobs.model.Channel;
import org.pushjobs.server.jobs.model.OutputPart;
import org.pushjobs.server.testing.PostgresExtension;

/** Who follows a job here that another process runs: the announcements say only that something is new. */
@ExtendWith(PostgresExtension.class)
class FeedsOfOtherProcessesIT {
    /** After 15 s the database is asked without an announcement, too. */
    private static final Duration WITHOUT_ASKING_AGAIN = Duration.ofSeconds(13);

    private final HttpClient http = HttpClient.newHttpClient();

    private static FeedHarness start(DatabaseConfig.External config, Duration spread) {
        return FeedHarness.start(config, FeedLimits.DEFAULT, spread, FeedHarness.TermIs.IN_ANOTHER_PROCESS);
    }

    private HttpRequest get(FeedHarness harness, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + harness.port() + path))
                .build();
    }

    @Test
    void eventsOfAJobComeOneAfterTheOtherAsSoonAsTheyAreAnnounced(DatabaseConfig.External config) throws Exception {
        try (FeedHarness harness = start(config, Duration.ofMillis(300))) {
            int nodes = 5;
            String job = harness.startJob(nodes);
            long begin = System.nanoTime();

            String feed = http.send(get(harness, "/" + job), HttpResponse.BodyHandlers.ofString())
                    .body();

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(WITHOUT_ASKING_AGAIN);
            List<String> ids = feed.lines()
                    .filter(line -> line.startsWith("id: "))
                    .map(line -> line.substring(4))
                    .toList();
            // start, a vote, a start and an end of each node, quorum_succeeded, job_complete
            assertThat(ids)
                    .isEqualTo(IntStream.rangeClosed(1, 3 * nodes + 3)
                            .mapToObj(Integer::toString)
                            .toList());
            assertThat(feed).contains("event: job_complete");
        }
    }

    @Test
    void outputComesAfterItsNodeHasBegunAndAllTimesRise(DatabaseConfig.External config) throws Exception {
        try (FeedHarness harness = start(config, Duration.ofSeconds(1))) {
            // given: output that is stored before its node is known to have begun
            int nodes = 5;
            String job = harness.startJob(nodes);
            for (int i = 0; i < nodes; i++) {
                harness.write(new OutputPart(job, FeedHarness.node(i), Channel.STDOUT, 0, "one".getBytes(UTF_8)));
            }

            // when: from the start, after the first event, and after the end
            List<JsonObject> whole = events(harness, job, "0");
            List<JsonObject> rest = events(harness, job, "1");
            List<JsonObject> again = events(harness, job, "0");

            // then
            for (List<JsonObject> feed : List.of(whole, rest, again)) {
                assertThat(feed.stream()
                                .filter(event -> event.getString("event").equals("output")))
                        .hasSize(nodes);
                assertThat(feed)
                        .extracting(event -> event.getString("timestamp"))
                        .isSorted()
                        .doesNotHaveDuplicates();
                for (int i = 0; i < nodes; i++) {
                    String node = FeedHarness.node(i);
                    assertThat(feed.stream()
                                    .filter(event -> node.equals(event.getString("node")))
                                    .map(event -> event.getString("event")))
                            .containsSubsequence("run_start", "output");
                }
                assertThat(feed.getLast().getString("event")).isEqualTo("job_complete");
            }
        }
    }

    private List<JsonObject> events(FeedHarness harness, String job, String lastId) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + harness.port() + "/" + job + "?output"))
                .header("Last-Event-ID", lastId)
                .build();
        String feed = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        return Stream.of(feed.split("\n\n"))
                .filter(frame -> frame.startsWith("event: "))
                .map(frame -> new JsonObject(frame.substring(frame.indexOf("data: ") + 6))
                        .put("event", frame.substring(7, frame.indexOf('\n'))))
                .toList();
    }

    @Test
    void outputOfANodeComesAsSoonAsItIsAnnouncedAndEndsWithItsCommand(DatabaseConfig.External config) throws Exception {
        try (FeedHarness harness = start(config, Duration.ofSeconds(2))) {
            String job = harness.startJob(1);
            long begin = System.nanoTime();
            HttpResponse<InputStream> response = http.send(
                    get(harness, "/" + job + "/" + FeedHarness.node(0)), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream output = response.body()) {
                harness.write(new OutputPart(job, FeedHarness.node(0), Channel.STDOUT, 0, "one".getBytes(UTF_8)));
                assertThat(new String(output.readNBytes(3), UTF_8)).isEqualTo("one");
                harness.write(new OutputPart(job, FeedHarness.node(0), Channel.STDOUT, 3, "two".getBytes(UTF_8)));
                assertThat(new String(output.readAllBytes(), UTF_8)).isEqualTo("two");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(WITHOUT_ASKING_AGAIN);
        }
    }
}
