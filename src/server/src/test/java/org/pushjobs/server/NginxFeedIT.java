package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.request.RequestSigner;
import org.pushjobs.protocol.request.SigningVersion;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Nginx;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TestOrganisation;

/** Event feeds behind a real nginx that is configured like the Chef server's: each event passes at once. */
@ExtendWith(PostgresExtension.class)
class NginxFeedIT {
    private static final String PUSHY = "/organizations/" + TestOrganisation.NAME + "/pushy/";
    /** Far below what nginx would wait to fill a buffer, far above what an event needs. */
    private static final int AT_ONCE_MILLIS = 5_000;

    @TempDir
    private static Path directory;

    private static RunningServer server;
    private static Nginx nginx;

    @BeforeAll
    static void start(DatabaseConfig.External database) throws Exception {
        server = RunningServer.start(directory, database, 1);
        nginx = Nginx.start(directory, server.ports().api());
    }

    @AfterAll
    static void stop() {
        if (nginx != null) {
            nginx.close();
        }
        server.close();
    }

    private static ApiClient admin() {
        return new ApiClient(
                URI.create("http://127.0.0.1:" + nginx.port() + "/organizations/" + TestOrganisation.NAME),
                TestOrganisation.ADMIN,
                server.organisation().key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"job_status_feed", "jobs_status_feed"})
    void eventsOfTheOrganisationArriveWhileTheFeedStaysOpen(String feed) throws Exception {
        try (ApiClient admin = admin();
                Feed events = new Feed(PUSHY + feed)) {
            String first = admin.startJob("chef-client", List.of("node-1"));
            assertThat(events.next("start").getString("job")).isEqualTo(first);
            assertThat(events.next("job_complete").getString("job")).isEqualTo(first);

            String second = admin.startJob("chef-client", List.of("node-1"));
            assertThat(events.next("start").getString("job")).isEqualTo(second);
        }
    }

    @Test
    void feedOfAJobEndsWithTheJob() throws Exception {
        try (ApiClient admin = admin()) {
            String id = admin.startJob("chef-client", List.of("node-1"));
            admin.awaitEnd(id, Duration.ofSeconds(30));

            try (Feed events = new Feed(PUSHY + "job_status_feed/" + id)) {
                assertThat(events.next("start").getString("command")).isEqualTo("chef-client");
                assertThat(events.next("job_complete").getString("status")).isEqualTo("quorum_failed");
                assertThat(events.rest()).isEmpty();
            }
        }
    }

    /** A feed read as it comes; a read that waits too long fails. */
    private static final class Feed implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;
        private final boolean chunked;

        Feed(String path) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), nginx.port());
            socket.setSoTimeout(AT_ONCE_MILLIS);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            Map<String, String> signature = new RequestSigner(
                            TestOrganisation.ADMIN, server.organisation().key(), SigningVersion.V1_3)
                    .sign("GET", path, new byte[0], Instant.now(), "0");
            StringBuilder head = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: chef\r\nConnection: close\r\n");
            signature.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
            List<String> answer = new ArrayList<>();
            for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                answer.add(line);
            }
            assertThat(answer.getFirst()).startsWith("HTTP/1.1 200");
            assertThat(answer).anyMatch(line -> line.equalsIgnoreCase("Content-Type: text/event-stream"));
            chunked = answer.stream().anyMatch(line -> line.equalsIgnoreCase("Transfer-Encoding: chunked"));
        }

        /** The data of the next event with this name; others are passed over. */
        JsonObject next(String event) throws IOException {
            boolean found = false;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                found |= line.equals("event: " + event);
                if (found && line.startsWith("data: ")) {
                    return new JsonObject(line.substring("data: ".length()));
                }
            }
            throw new AssertionError("the feed ended before " + event);
        }

        /** What comes until the feed is closed, without the framing of chunks. */
        String rest() {
            return in.lines()
                    .filter(line -> !(chunked && line.matches("[0-9a-f]+")))
                    .reduce("", String::concat);
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
