package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
import org.pushjobs.server.testing.ServerProcess.Outcome;
import org.pushjobs.server.testing.TestConfig;

/**
 * Two servers with gateways at 127.0.0.1 and 127.0.0.2 and one without, which real agents ask for their configuration. The
 * server at 127.0.0.2 is a process of its own, to be killed. The first one has the socket for commands, as all have the same
 * secrets file.
 */
@ExtendWith(PostgresExtension.class)
class SpreadIT {
    private static final int AGENTS = 40;
    /** Of them, with a command that takes its time: so many that some are at each gateway. */
    private static final int BUSY = AGENTS / 2;

    /** Agents that lost their server ask after one; by then it is known that it is gone. */
    private static final int INTERVAL_MILLIS = 3_000;

    private static final Duration DEADLINE = Await.DEADLINE;
    private static final ClusterPlaces PLACES = new ClusterPlaces(3);

    @TempDir
    private Path directory;

    private final List<Agent> agents = new ArrayList<>();
    private Path secondConfig;
    private String command = "true";

    @AfterEach
    void stopAgents() {
        agents.forEach(Agent::close);
    }

    @Test
    void agentsAreSpreadOverTheGatewaysComeToTheOneThatIsLeftAndGoBackEvenly(DatabaseConfig.External database)
            throws Exception {
        writeSecondConfig(database);
        try (RunningServer first = RunningServer.start(directory, backend(database, 0), database, AGENTS)) {
            try (RunningServer frontend = RunningServer.restart(directory, frontend(database), first.organisation());
                    ServerProcess second = ServerProcess.start(secondConfig);
                    ApiClient admin = frontend.admin()) {
                int atFirst = spread(first, frontend, second, admin);
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
                    String job = admin.startJob("command", first.organisation().nodes());
                    assertThat(admin.awaitEnd(job, DEADLINE)
                                    .getJsonObject("nodes")
                                    .getJsonArray("succeeded"))
                            .hasSize(AGENTS);
                }
            }
        }
    }

    @Test
    void agentsOfADrainedServerGoOnceTheyAreIdleAndComeBackEvenly(DatabaseConfig.External database) throws Exception {
        Path started = Files.createDirectory(directory.resolve("started"));
        Path gate = directory.resolve("gate");
        command = "mktemp " + started + "/XXXXXXXX; while [ ! -e " + gate + " ]; do sleep 0.5; done";
        writeSecondConfig(database);
        try (RunningServer first = RunningServer.start(directory, backend(database, 0), database, AGENTS);
                RunningServer frontend = RunningServer.restart(directory, frontend(database), first.organisation());
                ServerProcess second = ServerProcess.start(secondConfig);
                ApiClient admin = frontend.admin()) {
            int atFirst = spread(first, frontend, second, admin);
            List<String> busy = first.organisation().nodes().subList(0, BUSY);
            String job = admin.startJob("command", busy);
            admin.awaitRunning(job, DEADLINE);
            Await.until("all commands", DEADLINE, () -> count(started) == BUSY);
            List<Integer> before = fetches();

            // when
            Outcome outcome = cluster("drain", "--per-second", "10", "--wait", "1");

            // then
            assertThat(outcome.status()).as(outcome.output()).isEqualTo(3);
            assertThat(outcome.output())
                    .contains("this server has handed the jobs over to ")
                    .contains("agents that are told to go within ")
                    .contains("after 1 s agents that have yet to go: " + atFirst + "; they are served");
            assertThat(frontend.gauge("pushjobs.spread.gateways")).isEqualTo(1);
            Await.until("some have gone", DEADLINE, () -> first.connections() < atFirst);
            assertThat(fetches().subList(0, BUSY)).isEqualTo(before.subList(0, BUSY));
            assertThat(admin.job(job).getString("status")).isEqualTo("running");
            Files.createFile(gate);
            JsonObject ended = admin.awaitEnd(job, DEADLINE);
            assertThat(ended.getJsonObject("nodes").getJsonArray("succeeded")).hasSize(BUSY);
            assertThat(count(started)).isEqualTo(BUSY);
            Outcome waited = cluster("drain", "--wait", "60");
            assertThat(waited.output()).contains("no agent is left that has to go");
            assertThat(waited.status()).isZero();
            admin.awaitAvailable(AGENTS, DEADLINE);
            assertThat(first.connections()).isZero();
            // one request each
            assertThat(more(before)).hasSize(atFirst).containsOnly(1);
            assertThat(fetches().subList(0, BUSY)).isNotEqualTo(before.subList(0, BUSY));

            // when
            List<Integer> beforeReturn = fetches();
            assertThat(cluster("undrain").output()).contains("this server is in use again");

            // then
            Await.until("half of them at the first", DEADLINE, () -> first.connections() == AGENTS / 2);
            admin.awaitAvailable(AGENTS, DEADLINE);
            assertThat(more(beforeReturn)).hasSize(AGENTS / 2).containsOnly(1);

            // when
            assertThat(cluster("drain", "--wait", "60").status()).isZero();
            first.restart();

            // then
            Await.until("half of them at the first again", DEADLINE, () -> first.connections() == AGENTS / 2);
        }
    }

    @Test
    void drainedServerServesAgentsWhenNobodyElseDoes(DatabaseConfig.External database) throws Exception {
        writeSecondConfig(database);
        try (RunningServer first = RunningServer.start(directory, backend(database, 0), database, AGENTS);
                RunningServer frontend = RunningServer.restart(directory, frontend(database), first.organisation());
                ServerProcess second = ServerProcess.start(secondConfig);
                ApiClient admin = frontend.admin()) {
            spread(first, frontend, second, admin);
            assertThat(cluster("drain", "--wait", "60").status()).isZero();
            List<Integer> before = fetches();

            // when
            second.kill();

            // then
            Await.until("all at the first", DEADLINE, () -> first.connections() == AGENTS);
            admin.awaitAvailable(AGENTS, DEADLINE);
            assertThat(more(before)).hasSize(AGENTS).containsOnly(1);
            Await.until(
                    "it runs the jobs, and so is not being drained any more",
                    DEADLINE,
                    () -> first.gauge("pushjobs.coordinator.active") == 1
                            && cluster("drain", "--status").output().contains("is not being drained"));
            Outcome refused = cluster("drain");
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.output()).contains("this server runs the jobs and nobody could take over: ");
            String job = admin.startJob("command", first.organisation().nodes());
            assertThat(admin.awaitEnd(job, DEADLINE).getJsonObject("nodes").getJsonArray("succeeded"))
                    .hasSize(AGENTS);
        }
    }

    /** The first server is told something on its machine. */
    private Outcome cluster(String... words) throws Exception {
        String[] arguments = new String[words.length + 1];
        arguments[0] = "cluster";
        System.arraycopy(words, 0, arguments, 1, words.length);
        return ServerProcess.run(directory.resolve("server.json"), arguments);
    }

    private static int count(Path files) throws IOException {
        try (Stream<Path> found = Files.list(files)) {
            return (int) found.count();
        }
    }

    private void writeSecondConfig(DatabaseConfig.External database) throws IOException {
        secondConfig = TestConfig.write(
                Files.createDirectory(directory.resolve("second")),
                backend(database, 1)
                        .put("secrets_file", directory.resolve("secrets.json").toString()));
    }

    /**
     * Starts all agents, when both gateways are there.
     *
     * @return how many are at the first
     */
    private int spread(RunningServer first, RunningServer frontend, ServerProcess second, ApiClient admin)
            throws Exception {
        second.awaitReady();
        awaitGateways(2, frontend);
        for (String node : first.organisation().nodes()) {
            startAgent(frontend, node);
        }
        admin.awaitAvailable(AGENTS, DEADLINE);
        return first.connections();
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
                .withWhitelist(Map.of("command", command));
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
