package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.request.SigningVersion;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.Nginx;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TestOrganisation;

/** The API behind a real nginx that is configured like the Chef server's. */
@ExtendWith(PostgresExtension.class)
class NginxIT {
    private static final JsonObject JOB =
            new JsonObject().put("command", "chef-client").put("nodes", new JsonArray().add("node-1"));

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
    static void stop() throws Exception {
        if (nginx != null) {
            nginx.close();
        }
        server.close();
    }

    private static ApiClient client(String organisation, SigningVersion version) {
        return new ApiClient(
                URI.create("http://127.0.0.1:" + nginx.port() + organisation),
                TestOrganisation.ADMIN,
                server.organisation().key(),
                version);
    }

    private static ApiClient client() {
        return client("/organizations/" + TestOrganisation.NAME, SigningVersion.V1_3);
    }

    @ParameterizedTest
    @EnumSource
    void everySigningVersionWorksThroughTheProxy(SigningVersion version) throws Exception {
        try (ApiClient client = client("/organizations/acme", version)) {
            HttpResponse<byte[]> started = client.post("jobs", JOB);
            assertThat(started.statusCode()).isEqualTo(201);

            String id = new JsonObject(ApiClient.text(started)).getString("id");
            assertThat(client.job(id).getString("id")).isEqualTo(id);
            assertThat(client.get("node_states?all=false").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void jobsAreFoundWhereTheClientSeesThem() throws Exception {
        try (ApiClient client = client()) {
            HttpResponse<byte[]> started = client.post("jobs", JOB);

            JsonObject answer = new JsonObject(ApiClient.text(started));
            String uri =
                    "https://127.0.0.1:" + nginx.port() + "/organizations/acme/pushy/jobs/" + answer.getString("id");
            assertThat(answer.getString("uri")).isEqualTo(uri);
            assertThat(started.headers().firstValue("Location")).contains(uri);
        }
    }

    @Test
    void longListOfJobsIsTheSameThroughTheProxy() throws Exception {
        try (ApiClient client = client();
                ApiClient direct = server.admin()) {
            for (int i = 0; i < 150; i++) {
                direct.startJob("chef-client", List.of("node-1"));
            }

            Await.until(
                    "the same list",
                    Duration.ofSeconds(30),
                    () -> ApiClient.text(client.get("jobs")).equals(ApiClient.text(direct.get("jobs"))));
            assertThat(new JsonArray(ApiClient.text(client.get("jobs")))).hasSizeGreaterThanOrEqualTo(150);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/organizations/acme,   jobs,                   200",
        "//organizations/acme,  jobs,                   200",
        "//organizations//acme, /jobs//,                200",
        "/organizations/acme,   jobs/,                  200",
        "/organizations/acme,   node_states/no%64e%2D1, 200",
        "/organizations/acme,   node_states/a%20b+c,    200",
        "/organizations/acme,   node_states/%C5%BElu,   200",
        "/organizations/acme,   jobs/1,                 404",
        "/organizations/acme,   elsewhere,              404",
        "/organizations/nobody, jobs,                   404"
    })
    void pathThatTheClientAskedForIsTheOneThatIsChecked(String organisation, String path, int status) throws Exception {
        try (ApiClient client = client(organisation, SigningVersion.V1_3)) {
            HttpResponse<byte[]> answer = client.get(path);

            assertThat(answer.statusCode()).as(ApiClient.text(answer)).isEqualTo(status);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        }
    }

    @ParameterizedTest
    @CsvSource({"/pushy/_status", "/pushy/_status/", "//pushy/_status"})
    void statusNeedsNoSignature(String path) throws Exception {
        try (ApiClient anybody = client()) {
            HttpResponse<byte[]> answer = anybody.unsigned("GET", path);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(new JsonObject(ApiClient.text(answer)).getString("status"))
                    .isEqualTo("it's alive");
        }
    }

    @Test
    void refusalsPassThroughAsTheyAre() throws Exception {
        try (ApiClient client = client()) {
            HttpResponse<byte[]> noSuchJob = client.get("jobs/0123abcd000000000000000000000001");
            assertThat(noSuchJob.statusCode()).isEqualTo(404);
            assertThat(ApiClient.text(noSuchJob))
                    .isEqualTo("{\"error\":[\"there is no job '0123abcd000000000000000000000001'\"]}");

            HttpResponse<byte[]> tooLong = client.send("POST", "jobs", new byte[1_000_001]);
            assertThat(tooLong.statusCode()).isEqualTo(413);
            assertThat(ApiClient.text(tooLong)).isEqualTo("{\"error\":\"JSON must be no more than 1000000 bytes.\"}");

            HttpResponse<byte[]> muchTooLong = client.send("POST", "jobs", new byte[20_000_000]);
            assertThat(muchTooLong.statusCode()).isEqualTo(413);

            HttpResponse<byte[]> notAllowed = client.send("DELETE", "jobs", new byte[0]);
            assertThat(notAllowed.statusCode()).isEqualTo(405);
            assertThat(notAllowed.headers().firstValue("Allow")).contains("GET, POST");

            HttpResponse<byte[]> unsigned = client.unsigned("GET", "/organizations/acme/pushy/jobs");
            assertThat(unsigned.statusCode()).isEqualTo(400);

            assertThat(client.get("jobs").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void signatureForAnotherPathIsRefused() throws Exception {
        try (ApiClient client = client()) {
            HttpResponse<byte[]> answer = client.getSignedAs("jobs/", "node_states");

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate"))
                    .contains("X-Ops-Sign version=\"1.0\" version=\"1.1\" version=\"1.3\"");
        }
    }

    @Test
    void nginxSpeaksHttp10UpstreamAndPassesTheUriAsItCame() throws Exception {
        try (ServerSocket upstream = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<List<String>> head = CompletableFuture.supplyAsync(() -> answerOne(upstream));
            try (Nginx recorded = Nginx.start(directory.resolve("recorded"), upstream.getLocalPort());
                    ApiClient client = new ApiClient(
                            URI.create("http://127.0.0.1:" + recorded.port() + "//organizations/acme"),
                            TestOrganisation.ADMIN,
                            server.organisation().key())) {
                client.get("node_states//no%64e%2D1?x=%2F");
            }

            assertThat(head.get(10, TimeUnit.SECONDS))
                    .startsWith("GET //organizations/acme/pushy/node_states//no%64e%2D1?x=%2F HTTP/1.0")
                    .contains("Connection: close", "X-Forwarded-Proto: https");
        }
    }

    private static List<String> answerOne(ServerSocket upstream) {
        try (Socket socket = upstream.accept()) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            List<String> head = new ArrayList<>();
            for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                head.add(line);
            }
            socket.getOutputStream().write("""
                            HTTP/1.1 404 Not Found\r
                            Content-Type: application/json\r
                            X-Request-Id: 1\r
                            Content-Length: 15\r
                            \r
                            {"error":["x"]}""".getBytes(StandardCharsets.UTF_8));
            return head;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
