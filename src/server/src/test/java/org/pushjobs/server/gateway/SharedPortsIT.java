package org.pushjobs.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.codec.AgentMessageCodec;
import org.pushjobs.protocol.codec.RejectionReason;
import org.pushjobs.protocol.message.AgentEnvelope;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RawAgent;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.ScriptedAgent;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.zmtp.wire.Commands;
import org.pushjobs.zmtp.wire.Greeting;
import org.pushjobs.zmtp.wire.Metadata;

/** Connections on several event loops, and connections that belong to nobody's key. */
@ExtendWith(PostgresExtension.class)
class SharedPortsIT {
    private static final Duration DEADLINE = Await.DEADLINE;
    private static final int NODES = 6;

    @Test
    void agentsOnTwoEventLoopsRunAJobAndComeBackAfterARestart(DatabaseConfig.External database, @TempDir Path directory)
            throws Exception {
        JsonObject settings = TestConfig.settings(database).put("zmq_io_processes", 2);
        try (RunningServer server = RunningServer.start(directory, settings, database, NODES)) {
            runJobOnAll(server);
            server.restart();
            runJobOnAll(server);
        }
    }

    private static void runJobOnAll(RunningServer server) throws Exception {
        // given
        List<String> nodes =
                IntStream.rangeClosed(1, NODES).mapToObj(n -> "node-" + n).toList();
        List<ScriptedAgent> agents = new ArrayList<>();
        try {
            for (String node : nodes) {
                agents.add(ScriptedAgent.start(
                        server.client(node),
                        node,
                        server.organisation().key(),
                        List.of(ScriptedAgent.Step.Send.ACK_COMMIT),
                        List.of(ScriptedAgent.Step.Send.ACK_RUN, ScriptedAgent.Step.Send.SUCCEEDED)));
            }
            server.admin().awaitAvailable(NODES, DEADLINE);

            // when
            String job = server.admin().startJob("anything", nodes);

            // then
            JsonObject ended = server.admin().awaitEnd(job, DEADLINE);
            assertThat(ended.getJsonObject("nodes").getJsonArray("succeeded"))
                    .as("%s", ended)
                    .hasSize(NODES);
        } finally {
            agents.forEach(ScriptedAgent::close);
        }
    }

    /** Who is at the other end of a clear-text connection is what was signed, not what was claimed. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void claimToBeAnotherNodeChangesNothingWithoutCurve(
            int processes, DatabaseConfig.External database, @TempDir Path directory) throws Exception {
        JsonObject settings =
                TestConfig.settings(database).put("zmq_io_processes", processes).put("disable_curve_encryption", true);
        try (RunningServer server = RunningServer.start(directory, settings, database, 2);
                RawAgent agent = RawAgent.connect(
                        server.client("node-1"), "node-1", server.organisation().key())) {
            // given
            RawAgent.fetchConfig(server.client("node-2"), "node-2", agent.curvePublicKey());
            agent.becomeAvailable();
            server.admin().awaitAvailable(1, DEADLINE);

            // when
            claim(agent, "node-2", "acme");
            Await.until("a rejection", () -> server.rejected(RejectionReason.BAD_SIGNATURE) == 1);
            takesPartInAJob(server, agent);
            claim(agent, "node-1", "unknown");

            // then
            Await.until("a rejection", () -> server.rejected(RejectionReason.UNKNOWN_NODE) == 1);
            takesPartInAJob(server, agent);
        }
    }

    @Test
    void heartbeatPortKeepsNoLongFramesOfStrangers(DatabaseConfig.External database, @TempDir Path directory)
            throws Exception {
        try (RunningServer server = RunningServer.start(directory, database, 1);
                Socket socket = new Socket("127.0.0.1", server.ports().heartbeat())) {
            socket.setSoTimeout((int) DEADLINE.toMillis());
            byte[] header = new byte[9];
            header[0] = 2;
            header[7] = 5;
            socket.getOutputStream().write(Greeting.encode("NULL", false));
            byte[] ready = Commands.body(Commands.READY, new Metadata("SUB", new byte[0]).encode());
            socket.getOutputStream().write(new byte[] {4, (byte) ready.length});
            socket.getOutputStream().write(ready);
            socket.getOutputStream().write(header);

            // then: what the server sends has an end
            assertThat(socket.getInputStream().readAllBytes()).hasSizeGreaterThanOrEqualTo(Greeting.SIZE);
        }
    }

    private static void claim(RawAgent agent, String node, String org) {
        AgentEnvelope own = agent.envelope(Optional.empty());
        byte[] body = AgentMessageCodec.encode(new AgentMessage.Heartbeat(
                new AgentEnvelope(
                        node, own.client(), org, own.sequence(), own.timestamp(), own.incarnationId(), own.jobId()),
                JobState.IDLE));
        agent.sendFrames(MessageHeader.hmac(body, agent.sessionKey()).encode(), body);
    }

    /** The agent refuses what is signed with another key than its own. */
    private static void takesPartInAJob(RunningServer server, RawAgent agent) throws Exception {
        String job = server.admin().startJob("anything", List.of("node-1"));
        Optional<ServerMessage> commit = agent.receive(DEADLINE);
        while (commit.isPresent() && commit.get() instanceof ServerMessage.Abort) {
            commit = agent.receive(DEADLINE);
        }
        assertThat(commit).get().isInstanceOf(ServerMessage.Commit.class);
        agent.send(new AgentMessage.NackCommit(agent.envelope(Optional.of(job)), Optional.empty()));
        assertThat(server.admin().awaitEnd(job, DEADLINE).getString("status")).isEqualTo("quorum_failed");
        agent.heartbeat(JobState.IDLE, Optional.empty());
        server.admin().awaitAvailable(1, DEADLINE);
    }
}
