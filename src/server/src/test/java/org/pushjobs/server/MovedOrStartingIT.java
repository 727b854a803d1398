package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RunningServer;
import org.zeromq.ZMQ;

/** What an agent is told that asks whether the server has moved, because it could not connect to it (docs/agent.md). */
@ExtendWith(PostgresExtension.class)
class MovedOrStartingIT {
    @TempDir
    private Path directory;

    @Test
    void serverThatHasJustOpenedItsPortsTellsToLookAtThemFirst(DatabaseConfig.External database) throws Exception {
        try (RunningServer server = RunningServer.start(directory, database, 1)) {
            // given: a start that compiles nothing, so that the answers below come at once
            server.restart();
            String node = server.organisation().nodes().get(0);
            String config = "config/" + node + "?ccpk="
                    + URLEncoder.encode(ZMQ.Curve.generateKeyPair().publicKey, StandardCharsets.UTF_8);
            try (ApiClient agent = server.organisation().client(server.ports().api(), node)) {
                Map<String, String> whetherItHasMoved = Map.of("Prefer", "wait=0");

                assertThat(agent.get(config, whetherItHasMoved).statusCode()).isEqualTo(503);
                assertThat(agent.get(config).statusCode())
                        .as("without the header")
                        .isEqualTo(200);
                Await.until(
                        "the server to have settled",
                        () -> agent.get(config, whetherItHasMoved).statusCode() == 200);
            }
        }
    }
}
