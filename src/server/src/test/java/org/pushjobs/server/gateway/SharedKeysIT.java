package org.pushjobs.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RawAgent;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TestConfig;

/** A command, with its environment and files, goes to the node that it is for, also where several nodes have one CURVE key. */
@ExtendWith(PostgresExtension.class)
class SharedKeysIT {
    private static final String WEB = "node-1";
    private static final String DB = "node-2";
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration QUIET = Duration.ofMillis(500);
    /** So long that no heartbeat has a part in what a test sees. */
    private static final int INTERVAL_MILLIS = 60_000;

    @TempDir
    private Path directory;

    private RunningServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    private void serve(int processes, DatabaseConfig.External database) throws Exception {
        JsonObject settings = TestConfig.settings(database)
                .put("zmq_io_processes", processes)
                .put("heartbeat_interval", INTERVAL_MILLIS);
        server = RunningServer.start(directory, settings, database, 2);
    }

    private RawAgent connect(String node) throws Exception {
        return RawAgent.connect(server.client(node), node, server.organisation().key());
    }

    private RawAgent withTheKeyOf(RawAgent agent, String node) throws Exception {
        return agent.anotherNodeWithTheSameKey(
                server.client(node), node, server.organisation().key());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void connectionOverWhichNobodyHasSpokenGetsNoCommand(int processes, DatabaseConfig.External database)
            throws Exception {
        serve(processes, database);
        try (ApiClient admin = server.admin();
                RawAgent web = connect(WEB);
                RawAgent db = withTheKeyOf(web, DB)) {
            // given: db has spoken last with the key
            web.becomeAvailable();
            db.becomeAvailable();
            admin.awaitAvailable(2, DEADLINE);

            // when its connection ends, and web makes another one
            db.disconnect();
            Await.until("db's connection ended", DEADLINE, () -> server.connections() == 1);
            try (RawAgent again = web.connectAgain()) {
                assertThat(again.receiveUnchecked(QUIET)).as("greeting").hasSize(1);
                String job = admin.startJob("anything", List.of(DB));

                // then
                assertThat(again.receiveUnchecked(QUIET)).isEmpty();
                assertThat(admin.awaitEnd(job, DEADLINE).getString("status")).isEqualTo("quorum_failed");
                assertThat(again.receiveUnchecked(QUIET)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void nodeLosesTheConnectionThatTurnsOutToBeAnotherNodes(int processes, DatabaseConfig.External database)
            throws Exception {
        serve(processes, database);
        try (ApiClient admin = server.admin();
                RawAgent db = connect(DB)) {
            // given: a new connection that can only be db's
            db.becomeAvailable();
            admin.awaitAvailable(1, DEADLINE);
            db.disconnect();
            Await.until("db's connection ended", DEADLINE, () -> server.connections() == 0);
            try (RawAgent again = db.connectAgain();
                    RawAgent web = withTheKeyOf(db, WEB)) {
                assertThat(again.receiveUnchecked(QUIET)).as("greeting").hasSize(1);

                // when it is web that speaks over it
                again.sendFor(web, new AgentMessage.Heartbeat(web.envelope(Optional.empty()), JobState.IDLE));
                assertThat(again.receiveUnchecked(QUIET)).first().asString().contains("abort");
                again.sendFor(web, new AgentMessage.Aborted(web.envelope(Optional.empty())));
                Await.until("web is available", DEADLINE, () -> {
                    JsonObject state = new JsonObject(ApiClient.text(admin.get("node_states/" + WEB)));
                    return state.getString("availability").equals("available");
                });

                // then it gets no command of db, for which nobody votes
                String job = admin.startJob("anything", List.of(DB));
                assertThat(again.receiveUnchecked(QUIET)).noneMatch(body -> body.contains(job));
                assertThat(admin.awaitEnd(job, DEADLINE).getString("status")).isEqualTo("quorum_failed");

                // and its own
                String own = admin.startJob("anything", List.of(WEB));
                assertThat(again.receiveUnchecked(QUIET)).anyMatch(body -> body.contains(own));
                again.sendFor(web, new AgentMessage.NackCommit(web.envelope(Optional.of(own))));
                admin.awaitEnd(own, DEADLINE);
            }
        }
    }
}
