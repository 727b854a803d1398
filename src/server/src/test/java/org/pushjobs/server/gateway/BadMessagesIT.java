package org.pushjobs.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.codec.AgentMessageCodec;
import org.pushjobs.protocol.codec.RejectionReason;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.protocol.signing.SessionKey;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RawAgent;
import org.pushjobs.server.testing.RunningServer;

/**
 * What breaks a rule of wire-protocol.md is dropped and counted and changes nothing; the next good message works on the
 * same connection.
 */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadMessagesIT {
    private static final String NODE = "node-1";
    private static final int MAX_BODY_BYTES = 65_536;
    private static final Duration DEADLINE = Await.DEADLINE;

    private RunningServer server;
    private RawAgent agent;

    @BeforeAll
    void start(DatabaseConfig.External database, @TempDir Path directory) throws Exception {
        server = RunningServer.start(directory, database, 2);
        agent = RawAgent.connect(
                server.client(NODE), NODE, server.organisation().key());
        agent.becomeAvailable();
        server.admin().awaitAvailable(1, DEADLINE);
    }

    @AfterEach
    void heartbeatSoThatTheNodeStaysUp() {
        agent.heartbeat(JobState.IDLE, Optional.empty());
    }

    @AfterAll
    void stop() {
        agent.close();
        server.close();
    }

    static Stream<Arguments> badMessages() {
        return Stream.of(
                bad(
                        "no frame but the header",
                        RejectionReason.WRONG_FRAME_COUNT,
                        agent -> agent.sendFrames(header(agent, body(agent)))),
                bad(
                        "three frames",
                        RejectionReason.WRONG_FRAME_COUNT,
                        agent -> agent.sendFrames(header(agent, body(agent)), body(agent), new byte[0])),
                bad(
                        "four frames",
                        RejectionReason.WRONG_FRAME_COUNT,
                        agent -> agent.sendFrames(header(agent, body(agent)), body(agent), new byte[1], new byte[1])),
                bad(
                        "fifty frames",
                        RejectionReason.WRONG_FRAME_COUNT,
                        agent -> agent.sendFrames(
                                Stream.generate(() -> new byte[10]).limit(50).toArray(byte[][]::new))),
                bad(
                        "a header over 2048 bytes",
                        RejectionReason.HEADER_TOO_LONG,
                        agent -> agent.sendFrames(new byte[2_049], body(agent))),
                bad("a body of 64 KiB and 1 byte", RejectionReason.BODY_TOO_LONG, agent -> {
                    byte[] body = new byte[MAX_BODY_BYTES + 1];
                    agent.sendFrames(header(agent, body), body);
                }),
                bad(
                        "a header that is none",
                        RejectionReason.BAD_HEADER,
                        agent -> agent.sendFrames(new byte[] {1, 2, 3}, body(agent))),
                bad("junk instead of JSON", RejectionReason.BAD_JSON, agent -> {
                    byte[] body = "{\"node\":".getBytes(StandardCharsets.UTF_8);
                    agent.sendFrames(header(agent, body), body);
                }),
                bad("an unknown type", RejectionReason.UNKNOWN_TYPE, agent -> {
                    byte[] body = new String(body(agent), StandardCharsets.UTF_8)
                            .replace("\"heartbeat\"", "\"surprise\"")
                            .getBytes(StandardCharsets.UTF_8);
                    agent.sendFrames(header(agent, body), body);
                }),
                bad("a missing field", RejectionReason.BAD_FIELD, agent -> {
                    byte[] body = new String(body(agent), StandardCharsets.UTF_8)
                            .replace("\"incarnation_id\"", "\"other\"")
                            .getBytes(StandardCharsets.UTF_8);
                    agent.sendFrames(header(agent, body), body);
                }),
                bad("another key's signature", RejectionReason.BAD_SIGNATURE, agent -> {
                    byte[] body = body(agent);
                    SessionKey other = new SessionKey(new byte[SessionKey.LENGTH_BYTES]);
                    agent.sendFrames(MessageHeader.hmac(body, other).encode(), body);
                }),
                bad(
                        "another node's name",
                        RejectionReason.WRONG_NODE,
                        agent -> send(agent, with(agent.envelope(Optional.empty()), "node-2", "acme", Instant.now()))),
                bad(
                        "another organisation's name",
                        RejectionReason.WRONG_NODE,
                        agent -> send(agent, with(agent.envelope(Optional.empty()), NODE, "other", Instant.now()))),
                bad(
                        "a clock that is 301 s behind",
                        RejectionReason.CLOCK_SKEW,
                        agent -> send(
                                agent,
                                with(
                                        agent.envelope(Optional.empty()),
                                        NODE,
                                        "acme",
                                        Instant.now().minusSeconds(302)))),
                bad(
                        "a clock that is 301 s ahead",
                        RejectionReason.CLOCK_SKEW,
                        agent -> send(
                                agent,
                                with(
                                        agent.envelope(Optional.empty()),
                                        NODE,
                                        "acme",
                                        Instant.now().plusSeconds(302)))));
    }

    private static Arguments bad(String name, RejectionReason reason, Consumer<RawAgent> send) {
        return Arguments.argumentSet(name, reason, send);
    }

    @ParameterizedTest
    @MethodSource("badMessages")
    void badMessageIsDroppedAndCountedAndTheNextGoodOneWorks(RejectionReason reason, Consumer<RawAgent> send)
            throws Exception {
        // given: the last abort of the test before may have been repeated
        while (agent.receive(Duration.ofMillis(50)).isPresent()) {}
        double before = server.rejected(reason);
        String statesBefore = nodeStates();

        // when: ten times, which is one line in the log
        for (int i = 0; i < 10; i++) {
            send.accept(agent);
        }

        // then
        Await.until("ten rejections", () -> server.rejected(reason) == before + 10);
        assertThat(nodeStates()).isEqualTo(statesBefore);
        assertThat(agent.receive(Duration.ofMillis(50)))
                .as("answer to a bad message")
                .isEmpty();

        // and: the connection is as good as before
        agent.send(new AgentMessage.AckCommit(agent.envelope(Optional.of("0".repeat(32)))));
        assertThat(agent.receive(DEADLINE)).contains(new ServerMessage.Abort());
        agent.send(new AgentMessage.Aborted(agent.envelope(Optional.empty())));
        server.admin().awaitAvailable(1, DEADLINE);
    }

    private String nodeStates() throws Exception {
        List<String> states = new ArrayList<>();
        new JsonArray(org.pushjobs.server.testing.ApiClient.text(server.admin().get("node_states")))
                .forEach(state -> states.add(state.toString()));
        return String.join("\n", states);
    }

    private static byte[] body(RawAgent agent) {
        return AgentMessageCodec.encode(new AgentMessage.Heartbeat(agent.envelope(Optional.empty()), JobState.IDLE));
    }

    private static byte[] header(RawAgent agent, byte[] body) {
        return MessageHeader.hmac(body, agent.sessionKey()).encode();
    }

    private static void send(RawAgent agent, AgentEnvelope envelope) {
        agent.send(new AgentMessage.Heartbeat(envelope, JobState.IDLE));
    }

    private static AgentEnvelope with(AgentEnvelope envelope, String node, String org, Instant timestamp) {
        return new AgentEnvelope(
                node,
                envelope.client(),
                org,
                envelope.sequence(),
                timestamp,
                envelope.incarnationId(),
                envelope.jobId());
    }
}
