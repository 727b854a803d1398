package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

/** Fifty real agents with real commands, twenty jobs at once. */
@ExtendWith(PostgresExtension.class)
class FiftyAgentsIT {
    private static final int AGENTS = 50;
    private static final Duration TO_CONNECT = Duration.ofSeconds(60);
    private static final Duration TO_END = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    /**
     * What is asked for at once.
     *
     * @param command in the agents' whitelist or not
     * @param nodes which agents, from this one up to but not including that one
     * @param quorum how many must be ready
     * @param status how the job should end
     * @param nodeStatus how its nodes should end
     */
    private record Wanted(String command, int from, int to, int quorum, String status, String nodeStatus) {}

    @Test
    void twentyJobsAtOnceEndAsTheyShouldAndNothingRunsTwice(DatabaseConfig.External database) throws Exception {
        List<Agent> agents = new ArrayList<>();
        try (RunningServer server = RunningServer.start(directory, database, AGENTS);
                ApiClient admin = server.admin();
                ExecutorService requests = Executors.newFixedThreadPool(20)) {
            try {
                // given
                for (String node : server.organisation().nodes()) {
                    agents.add(startAgent(server, node));
                }
                admin.awaitAvailable(AGENTS, TO_CONNECT);

                // when: each job has two or three nodes of its own, all fifty are asked at once
                List<Wanted> wanted = new ArrayList<>();
                int next = 0;
                for (int job = 0; job < 20; job++) {
                    int end = next + 2 + job % 2;
                    wanted.add(
                            switch (job % 5) {
                                case 2 -> new Wanted("fail", next, end, end - next, "complete", "failed");
                                case 4 -> new Wanted("not in the whitelist", next, end, 1, "quorum_failed", "nacked");
                                default -> new Wanted("count", next, end, end - next, "complete", "succeeded");
                            });
                    next = end;
                }
                assertThat(next).isEqualTo(AGENTS);
                List<Future<String>> started = new ArrayList<>();
                for (Wanted job : wanted) {
                    started.add(requests.submit(() ->
                            admin.startJob(request(job, server.organisation().nodes()))));
                }

                // then
                Set<String> ids = new HashSet<>();
                for (int i = 0; i < wanted.size(); i++) {
                    Wanted job = wanted.get(i);
                    String id = started.get(i).get();
                    JsonObject ended = admin.awaitEnd(id, TO_END);
                    assertThat(ended.getString("status"))
                            .as(job + " " + ended.encode())
                            .isEqualTo(job.status());
                    assertThat(ended.getJsonObject("nodes").getMap().keySet())
                            .as(job + " " + ended.encode())
                            .containsExactly(job.nodeStatus());
                    assertThat(ended.getJsonObject("nodes").getJsonArray(job.nodeStatus()))
                            .hasSize(job.to() - job.from());
                    if (job.command().equals("count")) {
                        assertOutput(admin, id, server.organisation().nodes().subList(job.from(), job.to()));
                    }
                    ids.add(id);
                }
                assertThat(ids).hasSize(wanted.size());
                for (Wanted job : wanted) {
                    for (String node : server.organisation().nodes().subList(job.from(), job.to())) {
                        assertThat(runs(node))
                                .as("runs on " + node)
                                .isEqualTo(job.status().equals("complete") ? 1 : 0);
                    }
                }
            } finally {
                agents.forEach(Agent::close);
            }
        }
    }

    private Agent startAgent(RunningServer server, String node) throws Exception {
        String count = "echo $CHEF_PUSH_JOB_ID >> " + directory.resolve(node + ".runs") + "; ";
        AgentSettings settings = AgentSettings.of(
                        ServerUrl.parse(
                                server.organisation().uri(server.ports().api()).toString()),
                        node,
                        server.organisation().key())
                .withFileDir(directory.resolve("files-" + node))
                .withWhitelist(Map.of(
                        "count", count + "echo output of $CHEF_PUSH_NODE_NAME", "fail", count + "echo oh >&2; exit 3"));
        Agent agent = new Agent(settings, Clock.systemUTC());
        agent.start();
        return agent;
    }

    private static JsonObject request(Wanted job, List<String> nodes) {
        return new JsonObject()
                .put("command", job.command())
                .put("nodes", new JsonArray(nodes.subList(job.from(), job.to())))
                .put("quorum", job.quorum())
                .put("capture_output", true);
    }

    private static void assertOutput(ApiClient admin, String job, List<String> nodes) throws Exception {
        for (String node : nodes) {
            assertThat(admin.get("jobs/" + job + "/output/" + node + "/stdout").body())
                    .isEqualTo(("output of " + node + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private int runs(String node) throws IOException {
        Path file = directory.resolve(node + ".runs");
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }
}
