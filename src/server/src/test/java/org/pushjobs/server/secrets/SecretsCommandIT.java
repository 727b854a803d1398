package org.pushjobs.server.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.config.secrets.SecretsFile;
import org.pushjobs.server.testing.AgentProcess;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.FreePort;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.ServerProcess;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.server.testing.TestOrganisation;

/** {@code secrets rotate} and {@code secrets adopt} with a server and an agent as processes. */
@ExtendWith(PostgresExtension.class)
class SecretsCommandIT {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void agentsComeBackWithNewKeysAfterARotationAndAnAdoption(DatabaseConfig.External database) throws Exception {
        int apiPort = FreePort.pick();
        Path secrets = directory.resolve("secrets.json");
        Path config = TestConfig.write(
                directory,
                TestConfig.settings(database)
                        .put("api_port", apiPort)
                        .put("server_heartbeat_port", FreePort.pick())
                        .put("command_port", FreePort.pick())
                        .put("secrets_file", secrets.toString()));
        ServerProcess server = ServerProcess.start(config);
        try {
            server.awaitReady();
            TestOrganisation organisation = TestOrganisation.create(database, 1);
            try (ApiClient admin = organisation.admin(apiPort);
                    AgentProcess agent = AgentProcess.start(
                            directory,
                            organisation,
                            organisation.uri(apiPort),
                            "node-1",
                            Map.of("quick", "echo done"))) {
                admin.awaitAvailable(1, DEADLINE);
                String before = SecretsFile.load(secrets).fingerprint();

                // when
                ServerProcess.Outcome rotated = ServerProcess.run(config, "secrets", "rotate");

                // then
                assertThat(rotated.status()).as(rotated.output()).isZero();
                assertThat(rotated.output())
                        .contains("key epoch: 2", "jobs that go on at the moment: 0", "restart all");
                assertThat(SecretsFile.load(secrets).fingerprint()).isNotEqualTo(before);
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)))
                        .isEqualTo("rw-------");
                assertThat(jobStatus(admin))
                        .as("the server goes on with the old keys")
                        .isEqualTo("complete");

                // when
                server.terminate(Duration.ofSeconds(20));
                server = ServerProcess.start(config);
                server.awaitReady();

                // then
                awaitCompleteJob(admin);

                // when the file is lost and made anew
                server.terminate(Duration.ofSeconds(20));
                Files.delete(secrets);
                ServerProcess refused = ServerProcess.start(config);
                Await.until("the server refuses to run", DEADLINE, () -> !refused.isAlive());

                // then
                assertThat(refused.log()).contains("secrets adopt");
                ServerProcess.Outcome notOurs = ServerProcess.run(config, "secrets", "rotate");
                assertThat(notOurs.status()).isEqualTo(1);
                assertThat(notOurs.output()).contains("are not the cluster's", "secrets adopt");

                // when
                ServerProcess.Outcome adopted = ServerProcess.run(config, "secrets", "adopt");
                assertThat(adopted.status()).as(adopted.output()).isZero();
                assertThat(adopted.output()).contains("key epoch: 3", "restart all servers");
                assertThat(ServerProcess.run(config, "secrets", "adopt").output())
                        .contains("nothing was changed");
                server = ServerProcess.start(config);
                server.awaitReady();

                // then
                awaitCompleteJob(admin);
                assertThat(agent.isAlive())
                        .as("the agent is the one of the beginning")
                        .isTrue();
            }
        } finally {
            server.close();
        }
    }

    private static void awaitCompleteJob(ApiClient admin) {
        Await.until("a job that is complete", DEADLINE, () -> jobStatus(admin).equals("complete"));
    }

    private static String jobStatus(ApiClient admin) throws Exception {
        String job =
                admin.startJob(new JsonObject().put("command", "quick").put("nodes", new JsonArray(List.of("node-1"))));
        return admin.awaitEnd(job, DEADLINE).getString("status");
    }
}
