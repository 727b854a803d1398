package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.agent.Agent;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.codec.MessageLimits;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RawAgent;
import org.pushjobs.server.testing.RunningServer;

/** Jobs of all sizes that the API takes: our agents get them, for those of the original they are refused at once. */
@ExtendWith(PostgresExtension.class)
class LargeJobsIT {
    private static final Duration DEADLINE = Await.DEADLINE;

    @TempDir
    private Path directory;

    private RunningServer server;
    private ApiClient admin;
    private List<String> nodes;
    private Optional<Agent> ours = Optional.empty();
    private Optional<RawAgent> original = Optional.empty();

    @BeforeEach
    void start(DatabaseConfig.External database) throws Exception {
        server = RunningServer.start(directory, database, 2);
        admin = server.admin();
        nodes = server.organisation().nodes();
    }

    @AfterEach
    void stop() {
        ours.ifPresent(Agent::close);
        original.ifPresent(RawAgent::close);
        admin.close();
        server.close();
    }

    private String startOurAgent() throws Exception {
        String node = nodes.get(0);
        Agent agent = new Agent(
                AgentSettings.of(
                                ServerUrl.parse(server.organisation()
                                        .uri(server.ports().api())
                                        .toString()),
                                node,
                                server.organisation().key())
                        .withFileDir(directory.resolve("files"))
                        .withWhitelist(Map.of(
                                "file",
                                "wc -c < $CHEF_PUSH_JOB_FILE",
                                "variable",
                                "printf %s \"$LARGE\" | wc -c",
                                "x".repeat(70_000),
                                "echo known")),
                Clock.systemUTC());
        ours = Optional.of(agent);
        agent.start();
        return node;
    }

    private RawAgent connectOriginalAgent() throws Exception {
        String node = nodes.get(1);
        original = Optional.of(RawAgent.connect(
                server.client(node), node, server.organisation().key()));
        return original.get();
    }

    private static JsonObject job(String command, String... onNodes) {
        return new JsonObject()
                .put("command", command)
                .put("nodes", new JsonArray(List.of(onNodes)))
                .put("capture_output", true);
    }

    private static String base64(int bytes) {
        return "base64:" + Base64.getEncoder().encodeToString(new byte[bytes]);
    }

    private String outputOf(JsonObject job, String node) throws Exception {
        String id = admin.startJob(job);
        assertThat(admin.awaitEnd(id, DEADLINE).getString("status")).isEqualTo("complete");
        return ApiClient.text(admin.get("jobs/" + id + "/output/" + node + "/stdout"))
                .strip();
    }

    private JsonObject detail(String id, String node) throws Exception {
        return new JsonObject(ApiClient.text(admin.get("jobs/" + id + "?detail=true")))
                .getJsonObject("detail")
                .getJsonObject("nodes")
                .getJsonObject(node);
    }

    @Test
    void ourAgentGetsEverySizeThatIsDocumented() throws Exception {
        String node = startOurAgent();
        admin.awaitAvailable(1, DEADLINE);

        assertThat(outputOf(job("file", node).put("file", base64(60_000)), node))
                .isEqualTo("60000");
        assertThat(outputOf(job("file", node).put("file", base64(100_000)), node))
                .isEqualTo("100000");
        assertThat(outputOf(job("file", node).put("file", "raw:" + "\u0001".repeat(100_000)), node))
                .isEqualTo("100000");
        assertThat(outputOf(job("variable", node).put("env", Map.of("LARGE", "x".repeat(70_000))), node))
                .isEqualTo("70000");
        assertThat(outputOf(job("x".repeat(70_000), node), node)).isEqualTo("known");
    }

    @Test
    void commandThatIsLargeAndNotInTheWhitelistIsRefusedByTheNodeWithItsReason() throws Exception {
        String node = startOurAgent();
        admin.awaitAvailable(1, DEADLINE);

        String id = admin.startJob(job("y".repeat(900_000), node));

        admin.awaitEnd(id, DEADLINE);
        JsonObject detail = detail(id, node);
        assertThat(detail.getString("reason_code")).isEqualTo("not_whitelisted");
        assertThat(detail.getString("reason")).endsWith("yyy... (900037 characters)");
    }

    @Test
    void originalAgentThatWouldDropTheJobMakesTheServerRefuseItAtOnceWithBothSizes() throws Exception {
        String ourNode = startOurAgent();
        RawAgent agent = connectOriginalAgent();
        agent.becomeAvailable();
        admin.awaitAvailable(2, DEADLINE);

        for (JsonObject large : List.of(
                job("file", ourNode, nodes.get(1)).put("file", base64(60_000)),
                job("variable", ourNode, nodes.get(1)).put("env", Map.of("LARGE", "x".repeat(70_000))),
                job("x".repeat(70_000), ourNode, nodes.get(1)))) {
            HttpResponse<byte[]> answer = admin.post("jobs", large);

            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(ApiClient.text(answer))
                    .matches(".*a message of (70|80)[0-9]{3} bytes, and some agents take at most 65536: " + nodes.get(1)
                            + "\\. Make them smaller.*");
        }
        assertThat(new JsonArray(ApiClient.text(admin.get("jobs")))).isEmpty();
    }

    @Test
    void originalAgentGetsAJobThatFits() throws Exception {
        RawAgent agent = connectOriginalAgent();
        agent.becomeAvailable();
        admin.awaitAvailable(1, DEADLINE);
        String file = base64(45_000);

        admin.startJob(job("file", nodes.get(1)).put("file", file));

        assertThat(agent.receive(DEADLINE))
                .hasValueSatisfying(message -> assertThat(message)
                        .isInstanceOfSatisfying(
                                ServerMessage.Commit.class,
                                commit -> assertThat(commit.spec().file()).contains(file)));
    }

    /** Of an agent of protocol 2.1. */
    private static AgentMessage idle(RawAgent agent, int maxCommitBytes) {
        AgentEnvelope original = agent.envelope(Optional.empty());
        AgentEnvelope extended = new AgentEnvelope(
                original.node(),
                original.client(),
                original.org(),
                original.sequence(),
                original.timestamp(),
                original.incarnationId(),
                original.jobId(),
                AgentEnvelope.EXTENDED_PROTOCOL_VERSION);
        return new AgentMessage.Heartbeat(extended, JobState.IDLE, OptionalInt.of(maxCommitBytes));
    }

    private static void becomeAvailable(RawAgent agent, int maxCommitBytes) throws Exception {
        Optional<ServerMessage> answer = Optional.empty();
        while (answer.filter(ServerMessage.Abort.class::isInstance).isEmpty()) {
            agent.send(idle(agent, maxCommitBytes));
            answer = agent.receive(DEADLINE);
            assertThat(answer).as("the server answers").isPresent();
        }
        agent.send(new AgentMessage.Aborted(agent.envelope(Optional.empty())));
    }

    @Test
    void nodeThatTakesLessThanBeforeWhenItIsAskedAgainIsCountedAsRefusing() throws Exception {
        String node = nodes.get(1);
        RawAgent agent = connectOriginalAgent();
        becomeAvailable(agent, MessageLimits.MAX_COMMIT_SIZE_BYTES);
        admin.awaitAvailable(1, DEADLINE);
        String id = admin.startJob(job("file", node).put("file", base64(60_000)));

        // when it does not get the question before its connection ends, and says that it takes less over another one
        try (RawAgent again = agent.connectAgain()) {
            agent.disconnect();
            JsonObject ended = Await.value(
                    "the job ends",
                    DEADLINE,
                    () -> {
                        again.send(idle(again, 70_000));
                        return admin.job(id);
                    },
                    found -> !found.getString("status").equals("voting"));

            // then nobody waits for its vote
            assertThat(ended.getString("status")).isEqualTo("quorum_failed");
        }
        JsonObject detail = detail(id, node);
        assertThat(detail).contains(Map.entry("status", "nacked"), Map.entry("reason_code", "too_large"));
        assertThat(detail.getString("reason")).endsWith("this node's agent takes at most 70000");
    }
}
