package org.pushjobs.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.directory.DirectoryCommand;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.FreePort;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RawAgent;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TestConfig;
import org.zeromq.ZMQ;
import picocli.CommandLine;

/** Keys that no longer count, on a running server with agents that are connected. */
@ExtendWith(PostgresExtension.class)
class ForgottenKeysIT {
    private static final String WEB = "node-1";
    private static final String DB = "node-2";
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private RunningServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void deletedClientsAgentIsDisconnectedAtOnceAndGetsNoCommand(DatabaseConfig.External database) throws Exception {
        server = RunningServer.start(directory, database, 2);
        try (ApiClient admin = server.admin();
                RawAgent web = available(WEB);
                RawAgent db = available(DB)) {
            admin.awaitAvailable(2, DEADLINE);

            int status = new CommandLine(new DirectoryCommand(() -> database)).execute("client-delete", "acme", WEB);

            assertThat(status).isZero();
            Await.until("only one agent is connected", DEADLINE, () -> server.connections() == 1);
            assertThat(config(server.client(WEB), WEB))
                    .as("what the server remembers of the client does not count")
                    .isEqualTo(401);
            assertThat(keys(database)).isEqualTo(1);
            String job = admin.startJob("anything", List.of(WEB));
            assertThat(admin.awaitEnd(job, DEADLINE).getString("status")).isEqualTo("quorum_failed");
            assertThat(received(web)).noneMatch(ServerMessage.Commit.class::isInstance);
            db.heartbeat(JobState.IDLE, Optional.empty());
            Await.until("the other one stays", DEADLINE, () -> server.connections() == 1);
        }
    }

    @Test
    void whoeverAsksTheKeyGoesWhenTheDirectorySaysThatTheClientIsGoneAndOnlyThen(DatabaseConfig.External database)
            throws Exception {
        server = RunningServer.start(directory, database, 2);
        try (ApiClient admin = server.admin();
                RawAgent web = available(WEB)) {
            admin.awaitAvailable(1, DEADLINE);

            // when others ask, and one who cannot prove to be the node
            assertThat(config(server.client(DB), WEB)).isEqualTo(403);
            assertThat(config(server.admin(), WEB)).isEqualTo(200);
            assertThat(config(server.client("nobody"), WEB)).isEqualTo(401);

            // then
            web.heartbeat(JobState.IDLE, Optional.empty());
            assertThat(server.connections()).isEqualTo(1);
            assertThat(keys(database)).isEqualTo(2);

            // when the client was deleted as on a Chef server, which tells nobody
            execute(database, "delete from directory_clients where name = '" + WEB + "'");
            Await.until("the directory's answer", DEADLINE, () -> config(server.client(WEB), WEB) == 401);

            // then: its key goes, and the user's stays
            Await.until("nobody connected", DEADLINE, () -> server.connections() == 0);
            Await.until("its key gone", DEADLINE, () -> keys(database) == 1);
        }
    }

    @Test
    void nodeThatDoesNotAskForThreeLifetimesIsForgottenUnlessItIsAtWork(DatabaseConfig.External database)
            throws Exception {
        server = RunningServer.start(directory, TestConfig.settings(database).put("config_lifetime", 2), database, 2);
        try (ApiClient admin = server.admin();
                RawAgent web = available(WEB);
                RawAgent db = available(DB)) {
            admin.awaitAvailable(2, DEADLINE);
            String job = admin.startJob("anything", List.of(DB));
            assertThat(db.receive(DEADLINE)).containsInstanceOf(ServerMessage.Commit.class);
            db.send(new AgentMessage.AckCommit(db.envelope(Optional.of(job))));
            assertThat(db.receive(DEADLINE)).contains(new ServerMessage.Run(job));
            db.send(new AgentMessage.AckRun(db.envelope(Optional.of(job))));

            // when both live and neither asks
            Await.until("only the node at work is connected", DEADLINE, () -> {
                web.heartbeat(JobState.IDLE, Optional.empty());
                db.heartbeat(JobState.RUNNING, Optional.of(job));
                return keys(database) == 1 && server.connections() == 1;
            });

            // then
            db.send(new AgentMessage.Succeeded(db.envelope(Optional.of(job)), Optional.empty()));
            assertThat(admin.awaitEnd(job, DEADLINE).getString("status")).isEqualTo("complete");
        }
    }

    @Test
    void keyThatAnotherNodeClaimsGoesOnServingWhoeverHasItsSecret(DatabaseConfig.External database) throws Exception {
        server = RunningServer.start(directory, database, 2);
        try (ApiClient admin = server.admin();
                RawAgent web = available(WEB)) {
            admin.awaitAvailable(1, DEADLINE);

            // when somebody claims the key for another node, and another agent really uses it for that
            try (RawAgent db = web.anotherNodeWithTheSameKey(
                    server.client(DB), DB, server.organisation().key())) {
                db.becomeAvailable();
                admin.awaitAvailable(2, DEADLINE);

                // then: each gets its own
                for (RawAgent agent : List.of(web, db)) {
                    String job =
                            admin.startJob("anything", List.of(agent.config().node()));
                    assertThat(agent.receive(DEADLINE).orElseThrow())
                            .isInstanceOfSatisfying(
                                    ServerMessage.Commit.class,
                                    commit -> assertThat(commit.jobId()).isEqualTo(job));
                    agent.send(new AgentMessage.NackCommit(agent.envelope(Optional.of(job))));
                    admin.awaitEnd(job, DEADLINE);
                }
            }
        }
    }

    @Test
    void withoutCurveANodeThatNothingIsKnownOfIsFoundInTheDirectory(DatabaseConfig.External database) throws Exception {
        server = RunningServer.start(
                directory,
                TestConfig.settings(database)
                        .put("disable_curve_encryption", true)
                        .put("server_heartbeat_port", FreePort.pick())
                        .put("command_port", FreePort.pick()),
                database,
                2);
        try (RawAgent web = available(WEB);
                RawAgent db = available(DB)) {
            // when the server knows neither any more, and one of them is no client any more
            execute(database, "delete from node_keys");
            execute(database, "delete from directory_clients where name = '" + DB + "'");
            server.restart();

            // then
            try (ApiClient admin = server.admin()) {
                Await.until("the client is available again", DEADLINE, () -> {
                    for (RawAgent agent : List.of(web, db)) {
                        agent.heartbeat(JobState.IDLE, Optional.empty());
                        if (agent.receive(Duration.ofMillis(200)).isPresent()) {
                            agent.send(new AgentMessage.Aborted(agent.envelope(Optional.empty())));
                        }
                    }
                    return ApiClient.text(admin.get("node_states")).contains("\"available\"");
                });
                assertThat(ApiClient.text(admin.get("node_states")))
                        .contains(WEB)
                        .doesNotContain(DB);
            }
        }
    }

    private RawAgent available(String node) throws Exception {
        RawAgent agent = RawAgent.connect(
                server.client(node), node, server.organisation().key());
        agent.becomeAvailable();
        return agent;
    }

    private static int config(ApiClient client, String node) throws Exception {
        String key = URLEncoder.encode(ZMQ.Curve.generateKeyPair().publicKey, StandardCharsets.UTF_8);
        try (client) {
            return client.get("config/" + node + "?ccpk=" + key).statusCode();
        }
    }

    private static List<ServerMessage> received(RawAgent agent) throws Exception {
        return agent.receive(Duration.ofMillis(500)).stream().toList();
    }

    private static int keys(DatabaseConfig.External database) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from node_keys")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static void execute(DatabaseConfig.External database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(DatabaseConfig.External database) throws SQLException {
        String url = "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.database();
        return DriverManager.getConnection(url, database.user(), database.password());
    }
}
