package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.store.ReplicatedPostgres;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.Management;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.ScriptedAgent;
import org.pushjobs.server.testing.ScriptedAgent.Step;
import org.pushjobs.server.testing.ScriptedAgent.Step.Send;
import org.pushjobs.server.testing.TestConfig;

/** A server whose database has a replica, which takes over while a job runs. */
class FailOverIT {
    private static final Duration DEADLINE = Await.DEADLINE;
    private static final String NODE = "node-1";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"kill, connection_lost", "freeze, no_answer"})
    void jobWhoseResultComesWhileNoHostTakesWritesEndsAtThePromotedReplica(String loss, String reason)
            throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        Path data = Files.createDirectory(directory.resolve("databases"));
        try (ReplicatedPostgres servers = ReplicatedPostgres.start(directory, data)) {
            servers.synchronise();
            DatabaseConfig.External primary = servers.primary().config();
            DatabaseConfig.External replica = servers.replica().config();
            JsonObject settings = TestConfig.settings(primary)
                    .put(
                            "database",
                            "postgresql://%s:%s@%s,%s/%s?target_session_attrs=read-write"
                                    .formatted(
                                            primary.user(),
                                            primary.password(),
                                            primary.address(),
                                            replica.address(),
                                            primary.database()));
            try (RunningServer server = RunningServer.start(directory, settings, primary, 1);
                    ApiClient admin = server.admin();
                    ScriptedAgent _ = ScriptedAgent.start(
                            server.client(NODE),
                            NODE,
                            server.organisation().key(),
                            List.of(Send.ACK_COMMIT),
                            List.of(Send.ACK_RUN, new Step.Until(ended::get), Send.SUCCEEDED))) {
                admin.awaitAvailable(1, DEADLINE);
                String job = admin.startJob("anything", List.of(NODE));
                admin.awaitRunning(job, DEADLINE);

                // when
                switch (loss) {
                    case "kill" -> servers.primary().kill();
                    case "freeze" -> servers.primary().freeze();
                    default -> throw new AssertionError(loss);
                }
                ended.set(true);
                servers.replica().promote();

                // then
                Await.until(
                        "requests are answered again",
                        DEADLINE,
                        () -> admin.get("jobs").statusCode() == 200);
                assertThat(admin.awaitEnd(job, DEADLINE).getJsonObject("nodes"))
                        .isEqualTo(new JsonObject().put("succeeded", List.of(NODE)));
                Await.until(
                        "all is well",
                        DEADLINE,
                        () -> Management.get(server.ports().management(), "/health/ready")
                                        .statusCode()
                                == 200);
                assertThat(new JsonObject(Management.get(server.ports().management(), "/health/ready")
                                        .body())
                                .getJsonObject("parts")
                                .getJsonObject("database")
                                .getString("host"))
                        .startsWith(replica.address() + ", timeline 2, changes: 1, the last ")
                        .endsWith(" s ago: " + reason);
                assertThat(Management.get(server.ports().management(), "/metrics")
                                .body()
                                .lines())
                        .contains(
                                "pushjobs_database_host{host=\"" + replica.address() + "\"} 1.0",
                                "pushjobs_database_host{host=\"" + primary.address() + "\"} 0.0",
                                "pushjobs_database_host_changes_total{reason=\"" + reason + "\"} 1.0");

                // and: it goes on, also when the one before comes back
                servers.primary().thaw();
                String next = admin.startJob("anything", List.of(NODE));
                assertThat(admin.awaitEnd(next, DEADLINE).getString("status")).isEqualTo("complete");

                // its commits wait for a replica for ever, and the end of the server would wait for them
                servers.primary().kill();
            }
        }
    }
}
