package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TestConfig;

/** The same request sent again, at once or later, starts one job (docs/decisions, repeated requests). */
@ExtendWith(PostgresExtension.class)
class IdempotentStartsIT {
    private static final int REQUESTS = 200;
    private static final JsonObject JOB =
            new JsonObject().put("command", "once").put("nodes", new JsonArray().add("node-1"));

    @TempDir
    Path directory;

    private DatabaseConfig.External database;
    private RunningServer server;
    private ApiClient admin;

    @BeforeEach
    void start(DatabaseConfig.External freshDatabase) throws Exception {
        database = freshDatabase;
        server = RunningServer.start(directory, database, 1);
        admin = server.admin();
    }

    @AfterEach
    void stop() {
        admin.close();
        server.close();
    }

    @Test
    void twoHundredRequestsAtOnceStartOneJob() throws Exception {
        // when
        List<HttpResponse<byte[]>> answers = atOnce(() -> post("deploy-42", JOB));

        // then
        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(201);
        assertThat(answers.stream().map(ApiClient::text).distinct()).hasSize(1);
        assertThat(jobs()).hasSize(1);
    }

    @Test
    void twoServersThatAreAskedAtOnceStartOneJob() throws Exception {
        try (RunningServer other =
                        RunningServer.restart(directory, TestConfig.settings(database), server.organisation());
                ApiClient otherAdmin = other.admin()) {
            AtomicInteger turn = new AtomicInteger();

            // when
            List<HttpResponse<byte[]>> answers = atOnce(() -> (turn.getAndIncrement() % 2 == 0 ? admin : otherAdmin)
                    .post("jobs", JOB, Map.of("Idempotency-Key", "shared")));

            // then: the one that stands by starts nothing, and says so
            Map<Boolean, List<HttpResponse<byte[]>>> bySide = answers.stream()
                    .collect(Collectors.partitioningBy(
                            answer -> answer.uri().getPort() == other.ports().api()));
            assertThat(bySide.get(true))
                    .isNotEmpty()
                    .allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(503))
                    .allSatisfy(answer -> assertThat(ApiClient.text(answer)).contains("no coordinator is active"));
            assertThat(bySide.get(false)).extracting(HttpResponse::statusCode).containsOnly(201);
            assertThat(bySide.get(false).stream().map(ApiClient::text).distinct())
                    .hasSize(1);
            assertThat(jobs()).hasSize(1);

            // when it takes over
            server.close();
            HttpResponse<byte[]> answer = Await.value(
                    "the other server has taken over",
                    Duration.ofSeconds(60),
                    () -> otherAdmin.post("jobs", JOB, Map.of("Idempotency-Key", "shared")),
                    found -> found.statusCode() != 503);

            // then
            assertThat(answer.statusCode()).isEqualTo(201);
            assertThat(id(answer)).isEqualTo(id(bySide.get(false).getFirst()));

            // what is closed after each test
            server = RunningServer.restart(directory, TestConfig.settings(database), server.organisation());
        }
    }

    private static String id(HttpResponse<byte[]> answer) {
        return new JsonObject(ApiClient.text(answer)).getString("id");
    }

    @Test
    void differentKeysStartDifferentJobs() throws Exception {
        assertThat(post("a", JOB).statusCode()).isEqualTo(201);
        assertThat(post("b", JOB).statusCode()).isEqualTo(201);
        assertThat(admin.post("jobs", JOB).statusCode()).isEqualTo(201);

        assertThat(jobs()).hasSize(3);
    }

    @Test
    void sameKeyGivesTheSameJobAfterARestart() throws Exception {
        // given
        String first = ApiClient.text(post("k", JOB));
        JsonObject settings =
                TestConfig.settings(database).put("api_port", server.ports().api());
        server.close();

        // when
        server = RunningServer.restart(directory, settings, server.organisation());

        // then
        HttpResponse<byte[]> second = post("k", JOB);
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(ApiClient.text(second)).isEqualTo(first);
        assertThat(jobs()).hasSize(1);
    }

    @Test
    void sameKeyWithAnotherBodyIsRefused() throws Exception {
        post("k", JOB);

        HttpResponse<byte[]> answer = post("k", JOB.copy().put("command", "another"));

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(ApiClient.text(answer))
                .isEqualTo("{\"error\":[\"the Idempotency-Key has started another job with another request body; use a"
                        + " new key for a new request\"]}");
        assertThat(jobs()).hasSize(1);
    }

    @Test
    void keyOfARefusedRequestIsFree() throws Exception {
        JsonObject refused = JOB.copy().put("quorum", "many");
        assertThat(post("k", refused).statusCode()).isEqualTo(400);

        assertThat(post("k", JOB).statusCode()).isEqualTo(201);
    }

    private HttpResponse<byte[]> post(String key, JsonObject body) throws Exception {
        return admin.post("jobs", body, Map.of("Idempotency-Key", key));
    }

    private JsonArray jobs() throws Exception {
        return new JsonArray(ApiClient.text(admin.get("jobs")));
    }

    private static <T> List<T> atOnce(Callable<T> call) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> calls = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                calls.add(threads.submit(call));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> result : calls) {
                results.add(result.get());
            }
            return results;
        }
    }
}
