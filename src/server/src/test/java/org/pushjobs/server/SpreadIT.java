package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.agent.Agent;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.ClusterPlaces;
import org.pushjobs.server.testing.FreePort;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.ServerProcess;
import org.pushjobs.server.testing.TestConfig;

/**
 * Two servers with gateways at 127.0.0.1 and 127.0.0.2 and one without, which real agents ask for their configuration. The
 * server at 127.0.0.2 is a process of its own, to be killed.
 */
@ExtendWith(PostgresExtension.class)
class SpreadIT {
    private static final int AGENTS = 40;
    /** Agents that lost their server ask after one; by then it is known that it is gone. */
    private static final int INTERVAL_MILLIS = 3_000;

    private static final Duration DEADLINE = Await.DEADLINE;
    private static final ClusterPlaces PLACES = new ClusterPlaces(3);

    @TempDir
    private Path directory;

    private final List<Agent> agents = new ArrayList<>();

    @AfterEach
    void stopAgents() {
        agents.forEach(Agent::close);
    }

    @Test
    void agentsAreSpreadOverTheGatewaysComeToTheOneThatIsLeftAndGoBackEvenly(DatabaseConfig.External database)
            throws Exception {
        Path secondConfig = TestConfig.write(
                Files.createDirectory(directory.resolve("second")),
                backend(database, 1)
                        .put("secrets_file", directory.resolve("secrets.json").toString()));
        try (RunningServer first = RunningServer.start(directory, backend(database, 0), database, AGENTS)) {
            try (RunningServer frontend = RunningServer.restart(directory, frontend(database), first.organisation());
                    ServerProcess second = ServerProcess.start(secondConfig);
                    ApiClient admin = frontend.admin()) {
                second.awaitReady();
                awaitGateways(2, frontend);

                for (String node : first.organisation().nodes()) {
                    startAgent(frontend, node);
                }

                admin.awaitAvailable(AGENTS, DEADLINE);
                int atFirst = first.connections();
                assertThat(atFirst).isBetween(AGENTS / 4, AGENTS * 3 / 4);
                List<Integer> before = fetches();
                assertThat(before).containsOnly(1);

                // when
                second.kill();

                // then
                Await.until("all at the first", DEADLINE, () -> first.connections() == AGENTS);
                admin.awaitAvailable(AGENTS, DEADLINE);
                assertThat(more(before)).hasSize(AGENTS - atFirst);

                try (ServerProcess again = ServerProcess.start(secondConfig)) {
                    List<Integer> beforeReturn = fetches();
                    again.awaitReady();

                    Await.until("half of them at each", DEADLINE, () -> first.connections() == AGENTS / 2);
                    admin.awaitAvailable(AGENTS, DEADLINE);
                    // no agent has asked in vain, none twice
                    assertThat(more(beforeReturn)).hasSize(AGENTS / 2).containsOnly(1);
                    String job = admin.startJob("true", first.organisation().nodes());
                    assertThat(admin.awaitEnd(job, DEADLINE)
                                    .getJsonObject("nodes")
                                    .getJsonArray("succeeded"))
                            .hasSize(AGENTS);
                }
            }
        }
    }

    /** How often agents have fetched their configuration since, but for those that have not. */
    private List<Integer> more(List<Integer> before) {
        List<Integer> now = fetches();
        List<Integer> more = new ArrayList<>();
        for (int i = 0; i < AGENTS; i++) {
            if (now.get(i) > before.get(i)) {
                more.add(now.get(i) - before.get(i));
            }
        }
        return more;
    }

    private List<Integer> fetches() {
        return agents.stream().map(agent -> agent.status().configFetches()).toList();
    }

    private static void awaitGateways(int count, RunningServer server) {
        Await.until("gateways", DEADLINE, () -> server.gauge("pushjobs.spread.gateways") == count);
    }

    private void startAgent(RunningServer server, String node) throws Exception {
        AgentSettings settings = AgentSettings.of(
                        ServerUrl.parse(
                                server.organisation().uri(server.ports().api()).toString()),
                        node,
                        server.organisation().key())
                .withFileDir(directory.resolve("files-" + node))
                .withWhitelist(Map.of("true", "true"));
        Agent agent = new Agent(settings, Clock.systemUTC());
        agents.add(agent);
        agent.start();
    }

    private static JsonObject backend(DatabaseConfig.External database, int number) {
        String address = ClusterPlaces.address(number);
        return member(database, number)
                .put("gateway_address", address)
                .put("zeromq_listen_address", "tcp://" + address)
                .put("server_heartbeat_port", FreePort.pick())
                .put("command_port", FreePort.pick());
    }

    private static JsonObject frontend(DatabaseConfig.External database) {
        return member(database, 2).put("roles", "api");
    }

    private static JsonObject member(DatabaseConfig.External database, int number) {
        return TestConfig.settings(database)
                .mergeIn(PLACES.settings(number))
                .put("heartbeat_interval", INTERVAL_MILLIS)
                .put("spread", true);
    }
}
