package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.agent.Agent;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.server.testing.TestOrganisation;

/** A server that listens on an IPv6 address only, and an agent that is told that address. */
@ExtendWith(PostgresExtension.class)
class Ipv6IT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void jobRunsOverIpv6FromEndToEnd(DatabaseConfig.External database) throws Exception {
        JsonObject settings = TestConfig.settings(database)
                .put("server_name_advertised", "[::1]")
                .put("api_listen_address", "::1")
                .put("zeromq_listen_address", "tcp://[::1]");
        try (RunningServer server = RunningServer.start(directory, settings, database, 1)) {
            URI organisation =
                    URI.create("http://[::1]:" + server.ports().api() + "/organizations/" + TestOrganisation.NAME);
            AgentSettings agentSettings = AgentSettings.of(
                            ServerUrl.parse(organisation.toString()),
                            "node-1",
                            server.organisation().key())
                    .withFileDir(directory.resolve("files"))
                    .withWhitelist(Map.of("hello", "echo hello"));
            try (Agent agent = new Agent(agentSettings, Clock.systemUTC());
                    ApiClient admin = new ApiClient(
                            organisation,
                            TestOrganisation.ADMIN,
                            server.organisation().key())) {
                agent.start();
                admin.awaitAvailable(1, PATIENCE);

                String job = admin.startJob(new JsonObject()
                        .put("command", "hello")
                        .put("nodes", new JsonArray(List.of("node-1")))
                        .put("capture_output", true));

                assertThat(admin.awaitEnd(job, PATIENCE).getString("status")).isEqualTo("complete");
                assertThat(admin.get("jobs/" + job + "/output/node-1/stdout").body())
                        .isEqualTo("hello\n".getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
