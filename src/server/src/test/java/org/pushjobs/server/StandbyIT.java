package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.config.ConfigDocument;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.FreePort;
import org.pushjobs.server.testing.Management;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RawAgent;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.ServerProcess;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.server.testing.TestOrganisation;

/** Server processes that share a database: which of them runs the jobs, and what the others say and do. */
@ExtendWith(PostgresExtension.class)
class StandbyIT {
    private static final Duration DEADLINE = Await.DEADLINE;
    /** So long that nothing in here would wait for its end. */
    private static final int ENDLESS_LEASE_SECONDS = 60;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    void secondServerStandsByAndRunsTheJobsWhenTheFirstIsStopped(DatabaseConfig.External database) throws Exception {
        JsonObject settings = TestConfig.settings(database);
        RunningServer first = RunningServer.start(directory, settings, database, 1);
        assertThat(ready(first.ports(), "/coordinator")).isEqualTo("200 {\"status\":\"active\"}");

        // when
        try (RunningServer second = RunningServer.restart(directory, settings, first.organisation());
                ApiClient admin = second.admin()) {
            // then: it could do everything but that
            assertThat(ready(second.ports(), "/coordinator")).isEqualTo("200 {\"status\":\"standby\"}");
            assertThat(ready(second.ports(), "/gateway")).isEqualTo("200 {\"status\":\"ready\"}");
            assertThat(ready(second.ports(), "")).startsWith("200 ");
            assertThat(metrics(second.ports()))
                    .contains("pushjobs_coordinator_active 0.0", "pushjobs_store_lag_seconds NaN");
            HttpResponse<byte[]> refused = admin.post("jobs", job());
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(ApiClient.text(refused)).contains("no coordinator is active");

            // when
            first.close();

            // then
            Await.until(
                    "the second one runs the jobs",
                    DEADLINE,
                    () -> ready(second.ports(), "/coordinator").equals("200 {\"status\":\"active\"}"));
            assertThat(admin.awaitEnd(admin.startJob(job()), DEADLINE).getString("status"))
                    .isEqualTo("quorum_failed");
            assertThat(metrics(second.ports()))
                    .contains("pushjobs_coordinator_active 1.0", "pushjobs_coordinator_takeovers_total 1.0");
        }
    }

    @Test
    void serverThatWasKilledDoesNotWaitForTheLeaseOfItsFormerLife(DatabaseConfig.External database) throws Exception {
        int apiPort = FreePort.pick();
        Path config = TestConfig.write(
                directory,
                TestConfig.settings(database).put("api_port", apiPort).put("coordinator_lease", ENDLESS_LEASE_SECONDS));
        ServerProcess killed = ServerProcess.start(config);
        killed.awaitReady();
        TestOrganisation organisation = TestOrganisation.create(database, 1);
        killed.kill();

        try (ServerProcess server = ServerProcess.start(config);
                ApiClient admin = organisation.admin(apiPort)) {
            long begin = System.nanoTime();
            server.awaitReady();
            assertThat(admin.startJob(job())).isNotEmpty();

            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isLessThan(Duration.ofSeconds(ENDLESS_LEASE_SECONDS).dividedBy(2));
            assertThat(server.log()).contains("its process on this machine has ended");
        }
    }

    @Test
    void serverThatStoodStillForLongerThanItsLeaseStandsByWhenItGoesOn(DatabaseConfig.External database)
            throws Exception {
        JsonObject settings = TestConfig.settings(database);
        int management = FreePort.pick();
        Server.Ports ports = new Server.Ports(0, 0, 0, management);
        Path config = TestConfig.write(directory, settings.copy().put("management_port", management));
        try (ServerProcess first = ServerProcess.start(config)) {
            first.awaitReady();
            TestOrganisation organisation = TestOrganisation.create(database, 1);
            try (RunningServer second = RunningServer.restart(directory, settings, organisation)) {
                first.freeze();
                Await.until(
                        "the second one runs the jobs",
                        DEADLINE,
                        () -> ready(second.ports(), "/coordinator").equals("200 {\"status\":\"active\"}"));

                first.thaw();

                Await.until(
                        "the first one stands by",
                        DEADLINE,
                        () -> ready(ports, "/coordinator").equals("200 {\"status\":\"standby\"}"));
                assertThat(first.log())
                        .contains("this server is not the coordinator any more [epoch: 1")
                        .contains("this one stands by");
                assertThat(ready(second.ports(), "/coordinator")).isEqualTo("200 {\"status\":\"active\"}");
            }
        }
    }

    @Test
    void serverThatIsStoppedLeavesNoLease(DatabaseConfig.External database) throws Exception {
        JsonObject settings = TestConfig.settings(database).put("coordinator_lease", ENDLESS_LEASE_SECONDS);
        try (RunningServer server = RunningServer.start(directory, settings, database, 1)) {
            server.restart();

            assertThat(ready(server.ports(), "/coordinator")).isEqualTo("200 {\"status\":\"active\"}");
        }
    }

    @Test
    void processOfTheApiAloneTellsAgentsWhereTheGatewayIsAndThatNobodyRunsJobs(DatabaseConfig.External database)
            throws Exception {
        JsonObject settings = TestConfig.settings(database)
                .put("roles", new JsonArray(List.of("api")))
                .put("gateway_address", "push-1.example.com")
                .put("server_heartbeat_port", 10_000)
                .put("command_port", 10_002);
        try (RunningServer server = RunningServer.start(directory, settings, database, 1);
                ApiClient admin = server.admin();
                ApiClient client = server.client("node-1")) {
            assertThat(server.ports().command()).isZero();
            ConfigDocument told = RawAgent.fetchConfig(client, "node-1", RawAgent.newKeys());

            assertThat(told.heartbeatAddress()).isEqualTo("tcp://push-1.example.com:10000");
            assertThat(told.commandAddress()).isEqualTo("tcp://push-1.example.com:10002");
            assertThat(admin.post("jobs", job()).statusCode()).isEqualTo(503);
            assertThat(admin.get("node_states").statusCode()).isEqualTo(503);
            assertThat(admin.get("jobs").statusCode()).isEqualTo(200);
            assertThat(ready(server.ports(), "/api")).isEqualTo("200 {\"status\":\"ready\"}");
            assertThat(ready(server.ports(), "/gateway")).startsWith("404 ");
            assertThat(ready(server.ports(), "/coordinator")).startsWith("404 ");
            assertThat(ready(server.ports(), "")).startsWith("200 ");
        }
    }

    @Test
    void gatewayLetsAgentsInWithoutACoordinator(DatabaseConfig.External database) throws Exception {
        JsonObject settings = TestConfig.settings(database)
                .put("roles", new JsonArray(List.of("api", "gateway")))
                .put("coordinator_lease", 1);
        try (RunningServer server = RunningServer.start(directory, settings, database, 1)) {
            assertThat(ready(server.ports(), "/gateway")).isEqualTo("200 {\"status\":\"ready\"}");
            try (RawAgent agent = RawAgent.connect(
                    server.client("node-1"), "node-1", server.organisation().key())) {
                agent.becomeAvailable();
            }
        }
    }

    private static JsonObject job() {
        return new JsonObject().put("command", "anything").put("nodes", new JsonArray(List.of("node-1")));
    }

    private static String ready(Server.Ports ports, String role) throws Exception {
        return Management.ready(ports.management(), role);
    }

    private static List<String> metrics(Server.Ports ports) throws Exception {
        return Management.get(ports.management(), "/metrics").body().lines().toList();
    }
}
