package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.agent.Agent;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.agent.settings.ServerUrl;
import org.pushjobs.server.config.ServerConfig.DatabaseConfig;
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

                // when: ten groups of five nodes, each asked for a job that succeeds or fails; an agent does one job at
                // a
                // time, so ten more jobs ask nodes of which none can agree
                List<Wanted> wanted = new ArrayList<>();
                for (int group = 0; group < 10; group++) {
                    int from = group * 5;
                    boolean fails = group % 3 == 2;
                    wanted.add(new Wanted(
                            fails ? "fail" : "count", from, from + 5, 5, "complete", fails ? "failed" : "succeeded"));
                    wanted.add(new Wanted("not in the whitelist", from, from + 5, 1, "quorum_failed", "nacked"));
                }
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
                            .hasSize(5);
                    if (job.command().equals("count")) {
                        assertOutput(admin, id, server.organisation().nodes().subList(job.from(), job.to()));
                    }
                    ids.add(id);
                }
                assertThat(ids).hasSize(wanted.size());
                assertThat(runsOf(server.organisation().nodes()).values())
                        .as("runs of each node")
                        .hasSize(AGENTS)
                        .allMatch(count -> count == 1);
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
                .withFileDir(directory.resolve("files"))
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

    private Map<String, Integer> runsOf(List<String> nodes) {
        return nodes.stream()
                .filter(node -> Files.exists(directory.resolve(node + ".runs")))
                .collect(Collectors.toMap(node -> node, this::lines));
    }

    private int lines(String node) {
        try {
            return Files.readAllLines(directory.resolve(node + ".runs")).size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
