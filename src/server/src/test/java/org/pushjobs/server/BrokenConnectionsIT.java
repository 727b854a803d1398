package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.agent.Agent;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.FreePort;
import org.pushjobs.server.testing.LightAgent;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TcpProxy;
import org.pushjobs.server.testing.TestConfig;

/** Connections that break, with all that is under way on them, while the server lives and jobs run. */
@ExtendWith(PostgresExtension.class)
class BrokenConnectionsIT {
    private static final Duration TO_CONNECT = Duration.ofSeconds(60);
    private static final Duration TO_END = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    /** Breaks connections again and again until it is closed. */
    private static final class Breaker implements AutoCloseable {
        private final Thread thread;
        private volatile boolean stopped;

        private Breaker(Random random, int leastMillis, int mostMillis, Runnable breaking) {
            thread = Thread.ofVirtual().start(() -> {
                while (!stopped) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(leastMillis, mostMillis)));
                    breaking.run();
                }
            });
        }

        @Override
        public void close() {
            stopped = true;
            LockSupport.unpark(thread);
            Await.until("no connection is broken any more", () -> !thread.isAlive());
        }
    }

    /** The agent is one of ours; its server has another address for it, at which the proxies listen. */
    @Test
    void jobsOnAnAgentWhoseConnectionBreaksEveryFewSecondsAllSucceed(DatabaseConfig.External database)
            throws Exception {
        int commandPort = FreePort.pick();
        int heartbeatPort = FreePort.pick();
        JsonObject settings = TestConfig.settings(database)
                .put("server_name_advertised", "127.0.0.2")
                .put("command_port", commandPort)
                .put("server_heartbeat_port", heartbeatPort);
        Random random = new Random(1);
        try (RunningServer server = RunningServer.start(directory, settings, database, 1);
                TcpProxy commands =
                        new TcpProxy("127.0.0.1", commandPort, "127.0.0.2", commandPort, Duration.ofMillis(120));
                TcpProxy heartbeats =
                        new TcpProxy("127.0.0.1", heartbeatPort, "127.0.0.2", heartbeatPort, Duration.ZERO);
                ApiClient admin = server.admin()) {
            commands.open();
            heartbeats.open();
            Path runs = directory.resolve("node-1.runs");
            Agent agent = startAgent(server, "node-1", "echo $CHEF_PUSH_JOB_ID >> " + runs + "; sleep 0.2");
            try (Breaker _ = new Breaker(random, 2_500, 4_500, () -> commands.breakConnections(() -> true))) {
                admin.awaitAvailable(1, TO_CONNECT);
                List<String> jobs = new ArrayList<>();
                for (int i = 0; i < 60; i++) {
                    long began = System.nanoTime();
                    String job = admin.startJob("quick", List.of("node-1"));
                    JsonObject ended = admin.awaitEnd(job, TO_END);
                    assertThat(ended.getJsonObject("nodes").getJsonArray("succeeded"))
                            .as(i + ": " + ended.encode())
                            .containsExactly("node-1");
                    assertThat(Duration.ofNanos(System.nanoTime() - began))
                            .as(i + ": " + ended.encode())
                            .isLessThan(Duration.ofSeconds(8));
                    jobs.add(job);
                }
                assertThat(Files.readAllLines(runs)).containsExactlyElementsOf(jobs);
            } finally {
                agent.close();
            }
        }
    }

    private Agent startAgent(RunningServer server, String node, String command) throws Exception {
        AgentSettings settings = AgentSettings.of(
                        ServerUrl.parse(
                                server.organisation().uri(server.ports().api()).toString()),
                        node,
                        server.organisation().key())
                .withFileDir(directory.resolve("files-" + node))
                .withWhitelist(Map.of("quick", command));
        Agent agent = new Agent(settings, Clock.systemUTC());
        agent.start();
        return agent;
    }

    /**
     * Half of the agents speak 2.1, and their connections break with what is under way in both directions. The others speak
     * 2.0, say everything once and close their connections themselves: what they have sent arrives, what they are sent does
     * not.
     */
    @Test
    void jobsOfAgentsWhoseConnectionsBreakAtRandomEndAsWithoutAndNothingRunsTwice(DatabaseConfig.External database)
            throws Exception {
        int agents = 200;
        int jobs = 100;
        Random random = new Random(2);
        Vertx vertx = Vertx.vertx();
        try (RunningServer server = RunningServer.start(directory, TestConfig.settings(database), database, agents);
                TcpProxy proxy = new TcpProxy(
                        "127.0.0.1", server.ports().command(), "127.0.0.1", FreePort.pick(), Duration.ofMillis(15));
                ApiClient admin = server.admin();
                ExecutorService requests = Executors.newFixedThreadPool(8)) {
            proxy.open();
            List<LightAgent> plain = new ArrayList<>();
            List<String> nodes = server.organisation().nodes();
            for (int i = 0; i < agents; i++) {
                String node = nodes.get(i);
                boolean extended = i % 2 == 0;
                LightAgent.Setup setup = new LightAgent.Setup(
                        extended ? AgentEnvelope.EXTENDED_PROTOCOL_VERSION : AgentEnvelope.PROTOCOL_VERSION,
                        extended ? Optional.of(proxy.listenPort()) : Optional.empty(),
                        runs(node),
                        "0.2",
                        false);
                try (ApiClient client = server.client(node)) {
                    LightAgent agent = LightAgent.start(
                            vertx, client, node, server.organisation().key(), setup);
                    if (!extended) {
                        plain.add(agent);
                    }
                }
            }
            admin.awaitAvailable(agents, TO_CONNECT);

            // when: in each round all agents have a job, and half of them lose their connection
            Map<String, List<String>> started = new HashMap<>();
            int size = agents / 25;
            for (int round = 0; round < jobs / 25; round++) {
                Map<Future<String>, List<String>> asked = new HashMap<>();
                try (Breaker _ = new Breaker(random, 20, 120, () -> {
                    proxy.breakConnections(() -> random.nextInt(20) == 0);
                    plain.stream().filter(_ -> random.nextInt(20) == 0).forEach(LightAgent::breakConnection);
                })) {
                    for (int first = 0; first < agents; first += size) {
                        List<String> some = nodes.subList(first, first + size);
                        asked.put(requests.submit(() -> admin.startJob("quick", some)), some);
                    }
                    for (Map.Entry<Future<String>, List<String>> job : asked.entrySet()) {
                        started.put(job.getKey().get(), job.getValue());
                    }
                    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
                }
                for (Future<String> job : asked.keySet()) {
                    JsonObject ended = admin.awaitEnd(job.get(), TO_END);
                    assertThat(ended.getJsonObject("nodes").getJsonArray("succeeded", new JsonArray()))
                            .as(ended.encode())
                            .hasSize(size);
                }
                admin.awaitAvailable(agents, TO_CONNECT);
            }

            // then
            assertThat(started).hasSize(jobs);
            for (Map.Entry<String, List<String>> job : started.entrySet()) {
                for (String node : job.getValue()) {
                    assertThat(Files.readAllLines(runs(node)))
                            .as("runs on " + node)
                            .containsOnlyOnce(job.getKey());
                }
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private Path runs(String node) throws IOException {
        return directory.resolve(node + ".runs");
    }
}
