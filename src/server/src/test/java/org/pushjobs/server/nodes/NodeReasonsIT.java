package org.pushjobs.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.codec.AgentMessageCodec;
import org.pushjobs.protocol.codec.RejectedMessageException;
import org.pushjobs.protocol.config.ConfigDocument;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.protocol.signing.SessionKey;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RawAgent;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.server.testing.TestOrganisation;
import org.pushjobs.zmtp.nacl.KeyPair;

/** Every reason why a node can be unavailable, made by agents that misbehave on a running server. */
@ExtendWith(PostgresExtension.class)
class NodeReasonsIT {
    private static final String NODE = "node-1";
    private static final Duration DEADLINE = Await.DEADLINE;

    @TempDir
    private Path directory;

    private RunningServer server;
    private ApiClient admin;

    @BeforeEach
    void start(DatabaseConfig.External database) throws Exception {
        server = RunningServer.start(directory, database, 2);
        admin = server.admin();
    }

    @AfterEach
    void stop() {
        admin.close();
        server.close();
    }

    @Test
    void nodeThatNeverFetchedItsConfiguration() throws Exception {
        assertThat(show(NODE).getString("status")).isEqualTo("offline");
        assertThat(detail(NODE).getString("reason")).isEqualTo("never_fetched_config");
    }

    @Test
    void nodeThatNoClientCanBe() throws Exception {
        assertThat(show("nobody").getString("status")).isEqualTo("offline");
        assertThat(detail("nobody").getString("reason")).isEqualTo("unknown_name");
        assertThat(detail(TestOrganisation.ADMIN).getString("reason")).isEqualTo("unknown_name");
    }

    @Test
    void nodeThatFetchedItsConfigurationAndNeverConnected() throws Exception {
        // when
        RawAgent.fetchConfig(server.client(NODE), NODE, RawAgent.newKeys());

        // then
        assertThat(detail(NODE).getString("reason")).isEqualTo("never_connected");
        assertThat(detail(NODE).getString("config_fetched_at")).isNotBlank();
    }

    @Test
    void nodeWhoseConfigurationWasRefused() throws Exception {
        // given: an agent with another node's key, and one with another node's name
        RSAPrivateKey wrong = (RSAPrivateKey) PemKeys.generate().getPrivate();
        URI api = URI.create("http://127.0.0.1:" + server.ports().api() + "/organizations/" + TestOrganisation.NAME);

        // when
        try (ApiClient stranger = new ApiClient(api, NODE, wrong)) {
            assertThat(stranger.get("config/" + NODE).statusCode()).isEqualTo(401);
        }
        try (ApiClient other = server.client(NODE)) {
            assertThat(other.get("config/node-2").statusCode()).isEqualTo(403);
        }

        // then
        JsonObject detail = awaitDetail(NODE, reason("config_refused"));
        assertThat(detail.getInteger("refused_status")).isEqualTo(401);
        assertThat(detail.getString("refused_address")).isEqualTo("127.0.0.1");
        assertThat(detail.getString("message")).contains("Invalid signature for user or client 'node-1'");
        assertThat(awaitDetail("node-2", reason("config_refused")).getString("message"))
                .contains("Client and node name must match");

        // when
        RawAgent.fetchConfig(server.client(NODE), NODE, RawAgent.newKeys());

        // then: the newest evidence wins
        assertThat(detail(NODE).getString("reason")).isEqualTo("never_connected");
    }

    @Test
    void nodeWhoseKeyWasRefused() throws Exception {
        // given: a configuration fetched with one key
        KeyPair admitted = RawAgent.newKeys();
        ConfigDocument config = RawAgent.fetchConfig(server.client(NODE), NODE, admitted);
        SessionKey key = SessionKeys.unwrap(
                        config.sessionKey(), server.organisation().key())
                .orElseThrow();

        // when: a connection with another one
        try (RawAgent agent = new RawAgent(config, RawAgent.newKeys(), key, "an incarnation")) {
            agent.heartbeat(JobState.IDLE, Optional.empty());

            // then
            JsonObject detail = awaitDetail(NODE, reason("key_refused"));
            assertThat(detail.getString("message")).contains("127.0.0.1").contains("its key is not known");
        }
    }

    @Test
    void nodeWhoseMessagesAreSignedWithTheWrongKey() throws Exception {
        try (RawAgent agent = connect()) {
            // when
            byte[] body = AgentMessageCodec.encode(
                    new AgentMessage.Heartbeat(agent.envelope(Optional.empty()), JobState.IDLE));
            agent.sendFrames(
                    MessageHeader.hmac(body, new SessionKey(new byte[SessionKey.LENGTH_BYTES]))
                            .encode(),
                    body);

            // then
            awaitDetail(NODE, reason("bad_signature"));
        }
    }

    @Test
    void nodeWhoseClockIsWrong() throws Exception {
        try (RawAgent agent = connect()) {
            // when
            send(agent, Instant.now().minusSeconds(302));

            // then
            JsonObject detail = awaitDetail(NODE, reason("clock_skew"));
            assertThat(detail.getInteger("clock_behind_seconds")).isBetween(302, 330);
            assertThat(detail.getJsonObject("last_rejection").getString("reason"))
                    .isEqualTo("clock_skew");

            // when it is set right
            agent.becomeAvailable();

            // then
            awaitDetail(NODE, found -> !found.containsKey("reason"));
        }
    }

    @Test
    void jobTellsThatTheClockOfItsNodeWasWrong() throws Exception {
        try (RawAgent agent = connect()) {
            // given
            clockGoesWrong(agent);

            // when
            String job = admin.startJob("true", List.of(NODE));
            admin.awaitEnd(job, DEADLINE);

            // then
            assertThat(new JsonObject(ApiClient.text(admin.get("jobs/" + job + "?detail=true")))
                            .getJsonObject("detail")
                            .getJsonObject("nodes")
                            .getJsonObject(NODE)
                            .getString("reason"))
                    .isEqualTo("its clock was wrong");
        }
    }

    @Test
    void nodeThatFallsSilentAfterItsClockWasSetRight() throws Exception {
        try (RawAgent agent = connect()) {
            clockGoesWrong(agent);
            send(agent, Instant.now());
            awaitDetail(NODE, found -> !found.containsKey("reason"));

            // when: no more heartbeats

            // then
            awaitDetail(NODE, reason("went_silent"));
        }
    }

    private void clockGoesWrong(RawAgent agent) throws Exception {
        agent.becomeAvailable();
        admin.awaitAvailable(1, DEADLINE);
        Await.until("a node whose clock is wrong", () -> {
            send(agent, Instant.now().minusSeconds(302));
            return reason("clock_skew").test(detail(NODE))
                    && ApiClient.text(admin.get("node_states/" + NODE)).contains("\"unavailable\"");
        });
    }

    private static void send(RawAgent agent, Instant timestamp) {
        AgentEnvelope now = agent.envelope(Optional.empty());
        agent.send(new AgentMessage.Heartbeat(
                new AgentEnvelope(
                        now.node(),
                        now.client(),
                        now.org(),
                        now.sequence(),
                        timestamp,
                        now.incarnationId(),
                        now.jobId()),
                JobState.IDLE));
    }

    @Test
    void nodeWhoseMessagesBreakAnotherRule() throws Exception {
        try (RawAgent agent = connect()) {
            // when
            agent.sendFrames(new byte[1], new byte[1], new byte[1]);

            // then
            assertThat(awaitDetail(NODE, reason("messages_rejected")).getString("message"))
                    .contains("wrong_frame_count");
        }
    }

    @Test
    void nodeInRehabAndThenAvailable() throws Exception {
        try (RawAgent agent = connect()) {
            // when: it does not answer the abort
            agent.heartbeat(JobState.IDLE, Optional.empty());

            // then
            JsonObject detail = awaitDetail(NODE, reason("in_rehab"));
            assertThat(detail.getString("since")).isNotBlank();
            assertThat(detail.getString("client")).isEqualTo("raw.test");
            assertThat(show(NODE).getString("status")).isEqualTo("online");

            // when
            agent.send(new AgentMessage.Aborted(agent.envelope(Optional.empty())));

            // then
            JsonObject available = awaitDetail(NODE, found -> !found.containsKey("reason"));
            assertThat(available.getString("address")).isEqualTo("127.0.0.1");
            assertThat(available.getString("protocol_version")).isEqualTo("2.0");
            assertThat(available.getString("last_seen")).isNotBlank();
            assertThat(available.containsKey("job_id")).isFalse();
        }
    }

    @Test
    void nodeAtWorkNamesItsJob() throws Exception {
        try (RawAgent agent = connect()) {
            agent.becomeAvailable();
            admin.awaitAvailable(1, DEADLINE);

            // when
            String job = admin.startJob("anything", List.of(NODE));

            // then
            awaitDetail(NODE, detail -> job.equals(detail.getString("job_id")));
        }
    }

    @Test
    void nodeThatWentSilent() throws Exception {
        try (RawAgent agent = connect()) {
            agent.becomeAvailable();
            admin.awaitAvailable(1, DEADLINE);

            // when: no more heartbeats

            // then
            JsonObject detail = awaitDetail(NODE, reason("went_silent"));
            assertThat(detail.getInteger("silent_seconds")).isBetween(0, 20);
            assertThat(show(NODE).getString("updated_at")).isNotBlank();
        }
    }

    @Test
    void nodeWhoseNameTwoAgentsUse() throws Exception {
        try (RawAgent one = connect("incarnation one");
                RawAgent two = connect("incarnation two")) {
            // when
            JsonObject detail = Await.value(
                    "two agents of one name",
                    DEADLINE,
                    () -> {
                        exchange(one);
                        exchange(two);
                        return detail(NODE);
                    },
                    reason("duplicate_agents"));

            // then: it stays so as long as both are there, and neither is told to drop its work again and again
            assertThat(detail.getJsonArray("agents")).hasSize(2);
            drain(one);
            drain(two);
            for (int i = 0; i < 4; i++) {
                one.heartbeat(JobState.IDLE, Optional.empty());
                two.heartbeat(JobState.IDLE, Optional.empty());
                assertThat(detail(NODE).getString("reason")).isEqualTo("duplicate_agents");
            }
            assertThat(drain(one)).doesNotContain(new ServerMessage.Abort());
            assertThat(drain(two)).doesNotContain(new ServerMessage.Abort());

            // when one of them stops
            Await.until("the other one is accepted", DEADLINE, () -> {
                one.heartbeat(JobState.IDLE, Optional.empty());
                return one.receive(Duration.ofMillis(200))
                        .filter(new ServerMessage.Abort()::equals)
                        .isPresent();
            });
            one.send(new AgentMessage.Aborted(one.envelope(Optional.empty())));

            // then
            awaitDetail(NODE, found -> !found.containsKey("reason"));
        }
    }

    /** A heartbeat and the answer to it, so that the agents are heard in this order. */
    private static void exchange(RawAgent agent) throws RejectedMessageException {
        agent.heartbeat(JobState.IDLE, Optional.empty());
        agent.receive(Duration.ofMillis(300));
    }

    private static List<ServerMessage> drain(RawAgent agent) throws RejectedMessageException {
        List<ServerMessage> messages = new ArrayList<>();
        Optional<ServerMessage> next = agent.receive(Duration.ofMillis(200));
        while (next.isPresent()) {
            messages.add(next.get());
            next = agent.receive(Duration.ofMillis(200));
        }
        return messages;
    }

    @Test
    void restartedAgentIsNoDuplicate() throws Exception {
        for (int i = 0; i < 4; i++) {
            try (RawAgent agent = connect("incarnation " + i)) {
                agent.becomeAvailable();

                awaitDetail(NODE, detail -> !detail.containsKey("reason"));
            }
        }
    }

    @Test
    void whatADatabaseKeepsIsKnownAfterARestart(DatabaseConfig.External database) throws Exception {
        // given
        try (RawAgent agent = connect()) {
            agent.becomeAvailable();
            admin.awaitAvailable(1, DEADLINE);
        }
        String fetchedAt = detail(NODE).getString("config_fetched_at");

        // when
        server.restart();
        admin.close();
        admin = server.admin();

        // then: its ports are others than the agent was told
        assertThat(detail(NODE).getString("reason")).isEqualTo("told_other_address");
        assertThat(detail(NODE).getString("message"))
                .contains("tcp://127.0.0.1:" + server.ports().command());
        assertThat(detail(NODE).getJsonObject("told").getInteger("heartbeat_interval"))
                .isEqualTo(TestConfig.INTERVAL_MILLIS);
        assertThat(detail(NODE).getString("config_fetched_at")).isEqualTo(fetchedAt);
        assertThat(list("?all=true")).hasSize(1);
        assertThat(list("")).isEmpty();
    }

    @Test
    void listHasAllKnownNodesWhenAskedAndTheLiveOnesElse() throws Exception {
        try (RawAgent agent = connect()) {
            agent.becomeAvailable();
            admin.awaitAvailable(1, DEADLINE);
            RawAgent.fetchConfig(server.client("node-2"), "node-2", RawAgent.newKeys());

            assertThat(names(list(""))).containsExactly("node-1");
            assertThat(list("").getJsonObject(0).fieldNames())
                    .containsExactly("node_name", "availability", "updated_at");
            assertThat(names(list("?all=true"))).containsExactly("node-1", "node-2");
            assertThat(names(list("?all=true&status=online"))).containsExactly("node-1");
            assertThat(names(list("?all=true&status=available"))).containsExactly("node-1");
            assertThat(names(list("?all=true&status=offline"))).containsExactly("node-2");
            assertThat(names(list("?status=unavailable"))).containsExactly("node-2");
            assertThat(list("?all=true").getJsonObject(1).fieldNames())
                    .containsExactly("node_name", "status", "availability");
            assertThat(names(list("?detail=true"))).containsExactly("node-1");
            assertThat(list("?all=true&detail=true")
                            .getJsonObject(1)
                            .getJsonObject("detail")
                            .getString("reason"))
                    .isEqualTo("never_connected");
        }
    }

    // ---- the other side

    private RawAgent connect() throws Exception {
        return RawAgent.connect(server.client(NODE), NODE, server.organisation().key());
    }

    private RawAgent connect(String incarnationId) throws Exception {
        return RawAgent.connect(server.client(NODE), NODE, server.organisation().key(), incarnationId);
    }

    private static Predicate<JsonObject> reason(String label) {
        return detail -> label.equals(detail.getString("reason"));
    }

    private JsonObject awaitDetail(String node, Predicate<JsonObject> wanted) {
        return Await.value("the detail of " + node, DEADLINE, () -> detail(node), wanted);
    }

    private JsonObject detail(String node) throws Exception {
        return show(node).getJsonObject("detail");
    }

    private JsonObject show(String node) throws Exception {
        HttpResponse<byte[]> answer = admin.get("node_states/" + node + "?detail=true");
        assertThat(answer.statusCode()).isEqualTo(200);
        return new JsonObject(ApiClient.text(answer));
    }

    private JsonArray list(String query) throws Exception {
        HttpResponse<byte[]> answer = admin.get("node_states" + query);
        assertThat(answer.statusCode()).isEqualTo(200);
        return new JsonArray(ApiClient.text(answer));
    }

    private static List<String> names(JsonArray list) {
        return list.stream()
                .map(node -> ((JsonObject) node).getString("node_name"))
                .toList();
    }
}
