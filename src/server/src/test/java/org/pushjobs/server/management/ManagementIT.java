package org.pushjobs.server.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.ClusterPlaces;
import org.pushjobs.server.testing.DocumentedMetrics;
import org.pushjobs.server.testing.Management;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.PrometheusRules;
import org.pushjobs.server.testing.RawAgent;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TcpProxy;
import org.pushjobs.server.testing.TestConfig;

@ExtendWith(PostgresExtension.class)
class ManagementIT {
    private static final Duration DEADLINE = Await.DEADLINE;
    /** Names that depend on the Java virtual machine and its garbage collector. */
    private static final Pattern OF_THE_MACHINE = Pattern.compile("(jvm|process|system)_.*");

    @TempDir
    private Path directory;

    @Test
    void everyMetricIsDocumentedAndEveryDocumentedMetricIsThere(DatabaseConfig.External database) throws Exception {
        JsonObject settings = TestConfig.settings(database)
                .mergeIn(new ClusterPlaces(1).settings(0))
                .put("gateway_address", "127.0.0.1")
                .put("spread", true);
        try (RunningServer server = RunningServer.start(directory, settings, database, 1)) {
            // given: a message and a request, for the metrics that begin with the first of each
            runJob(server);

            // then
            String metrics = get(server, "/metrics").body();
            assertThat(PrometheusRules.violations(metrics)).isEmpty();
            Set<String> scraped = Pattern.compile("^# TYPE (\\S+) ", Pattern.MULTILINE)
                    .matcher(metrics)
                    .results()
                    .map(match -> match.group(1))
                    .filter(name -> !OF_THE_MACHINE.matcher(name).matches())
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(scraped).isEqualTo(DocumentedMetrics.read().types().keySet());
        }
    }

    @Test
    void jobLeavesItsTracesInTheMetrics(DatabaseConfig.External database) throws Exception {
        try (RunningServer server = RunningServer.start(directory, database, 1)) {
            runJob(server);

            List<String> lines = get(server, "/metrics").body().lines().toList();

            assertThat(lines)
                    .contains("pushjobs_jobs_started_total 1.0")
                    .contains("pushjobs_jobs_ended_total{status=\"complete\"} 1.0")
                    .contains("pushjobs_jobs_ended_total{status=\"crashed\"} 0.0")
                    .contains("pushjobs_jobs_live{status=\"running\"} 0.0")
                    .contains("pushjobs_job_nodes_ended_total{status=\"succeeded\"} 1.0")
                    .contains("pushjobs_job_nodes_ended_total{status=\"failed\"} 0.0")
                    .contains("pushjobs_job_vote_duration_seconds_count 1")
                    .contains("pushjobs_job_run_duration_seconds_count 1")
                    .contains("pushjobs_nodes{availability=\"available\"} 1.0")
                    .contains("pushjobs_nodes{availability=\"unavailable\"} 0.0")
                    .contains("pushjobs_database_up 1.0")
                    .contains("pushjobs_store_lag_seconds 0.0")
                    .contains("pushjobs_messages_received_total{type=\"ack_commit\"} 1.0")
                    .contains(
                            "pushjobs_http_request_duration_seconds_count{method=\"POST\",resource=\"/jobs\",status=\"201\"} 1");
            assertThat(lines)
                    .filteredOn(line -> line.startsWith("pushjobs_database_call_duration_seconds_count"))
                    .singleElement()
                    .satisfies(line ->
                            assertThat(Double.parseDouble(line.split(" ")[1])).isPositive());
            assertThat(lines)
                    .filteredOn(line -> line.startsWith("jvm_memory_used_bytes"))
                    .isNotEmpty();
            assertThat(lines).noneMatch(line -> line.contains("node-1"));
        }
    }

    private static void runJob(RunningServer server) throws Exception {
        try (ApiClient admin = server.admin();
                RawAgent agent = RawAgent.connect(
                        server.client("node-1"), "node-1", server.organisation().key())) {
            agent.becomeAvailable();
            admin.awaitAvailable(1, DEADLINE);
            String job = admin.startJob("anything", List.of("node-1"));
            assertThat(agent.receive(DEADLINE)).containsInstanceOf(ServerMessage.Commit.class);
            agent.send(new AgentMessage.AckCommit(agent.envelope(Optional.of(job))));
            assertThat(agent.receive(DEADLINE)).contains(new ServerMessage.Run(job));
            agent.send(new AgentMessage.AckRun(agent.envelope(Optional.of(job))));
            agent.send(new AgentMessage.Succeeded(agent.envelope(Optional.of(job)), Optional.empty()));
            admin.awaitEnd(job, DEADLINE);
        }
    }

    @Test
    void refusedConnectionsAreCounted(DatabaseConfig.External database) throws Exception {
        try (RunningServer server = RunningServer.start(directory, database, 1);
                RawAgent known = RawAgent.connect(
                        server.client("node-1"), "node-1", server.organisation().key());
                RawAgent stranger =
                        new RawAgent(known.config(), RawAgent.newKeys(), known.sessionKey(), "an incarnation")) {
            assertThat(stranger.curvePublicKey()).isNotEqualTo(known.curvePublicKey());

            Await.until(
                    "a refusal",
                    DEADLINE,
                    () -> !get(server, "/metrics")
                            .body()
                            .contains("pushjobs_connections_refused_total{status=\"300\"} 0.0"));
        }
    }

    @Test
    void readinessFollowsTheDatabase(DatabaseConfig.External database) throws Exception {
        try (TcpProxy proxy = new TcpProxy(database.host(), database.port())) {
            proxy.open();
            JsonObject settings = TestConfig.settings(database)
                    .put(
                            "database",
                            TestConfig.url(database, proxy.listenPort()).replace(database.host(), "127.0.0.1"));
            try (RunningServer server = RunningServer.start(directory, settings, database, 1)) {
                // given
                HttpResponse<String> ready = get(server, "/health/ready");
                assertThat(ready.statusCode()).isEqualTo(200);
                assertThat(new JsonObject(ready.body()).encode())
                        .isEqualTo(
                                "{\"status\":\"ready\",\"parts\":{\"database\":{\"status\":\"up\"},\"coordinator\":{\"status\":\"up\"},\"store\":{\"status\":\"up\"},\"gateway\":{\"status\":\"up\"}}}");

                // when
                proxy.cut();

                // then
                HttpResponse<String> away = Await.value(
                        "not ready",
                        DEADLINE,
                        () -> get(server, "/health/ready"),
                        answer -> answer.statusCode() == 503);
                JsonObject body = new JsonObject(away.body());
                assertThat(body.getString("status")).isEqualTo("not ready");
                assertThat(body.getJsonObject("parts").getJsonObject("database").getString("reason"))
                        .isEqualTo("the database does not answer");
                assertThat(body.getJsonObject("parts").getJsonObject("gateway").getString("status"))
                        .isEqualTo("up");
                assertThat(get(server, "/health/live").statusCode()).isEqualTo(200);
                assertThat(get(server, "/metrics").body().lines()).contains("pushjobs_database_up 0.0");

                // when
                proxy.open();

                // then
                Await.until(
                        "ready", DEADLINE, () -> get(server, "/health/ready").statusCode() == 200);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /health/live, 200",
        "HEAD, /health/live, 200",
        "POST, /health/live, 405",
        "GET, /health/live?hold=0, 200",
        "GET, /health/live?hold=10001, 400",
        "GET, /health/live?hold=-1, 400",
        "GET, /health/live?hold=soon, 400",
        "GET, /, 404",
        "GET, /metrics, 200",
        "GET, /organizations/acme/pushy/jobs, 404"
    })
    void onlyHealthAndMetricsAreServed(String method, String path, int status, DatabaseConfig.External database)
            throws Exception {
        try (RunningServer server = RunningServer.start(directory, database, 0)) {
            assertThat(send(server, method, path).statusCode()).isEqualTo(status);
        }
    }

    @Test
    void anAnswerThatIsHeldComesThatMuchLaterAndEndsWithTheServer(DatabaseConfig.External database) throws Exception {
        CompletableFuture<HttpResponse<String>> held = new CompletableFuture<>();
        try (RunningServer server = RunningServer.start(directory, database, 0)) {
            // given
            Thread.ofVirtual().start(() -> {
                try {
                    held.complete(get(server, "/health/live?hold=4000"));
                } catch (Exception e) {
                    held.completeExceptionally(e);
                }
            });
            long beganNanos = System.nanoTime();
            assertThat(get(server, "/health/live?hold=300").statusCode()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - beganNanos)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
            assertThat(held).isNotDone();

            // when the server stops
        }

        // then
        assertThat(held).failsWithin(DEADLINE);
    }

    private static HttpResponse<String> get(RunningServer server, String path) throws Exception {
        return send(server, "GET", path);
    }

    private static HttpResponse<String> send(RunningServer server, String method, String path) throws Exception {
        return Management.send(server.ports().management(), method, path);
    }
}
