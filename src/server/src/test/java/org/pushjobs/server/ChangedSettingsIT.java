package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.testing.AgentProcess;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.FreePort;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RawAgent;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.ServerProcess;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.server.testing.TestOrganisation;

/**
 * Settings that agents are told, changed by a restart of the server while a job runs: no node goes down, no job is lost, all
 * agents live by the new settings soon. The intervals are 4000, 400 and 4000 ms in place of the 10000, 1000 and 10000 ms that
 * people have.
 */
@ExtendWith(PostgresExtension.class)
class ChangedSettingsIT {
    private static final int SLOW_MILLIS = 4_000;
    private static final int FAST_MILLIS = 400;
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    /** Two of the longer intervals after they are idle, which agents look at each second, and what a busy machine needs. */
    private static final Duration NEW_SETTINGS_DEADLINE = Duration.ofMillis(2 * SLOW_MILLIS + 1_000 + 15_000);

    private static final int NODES = 3;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final List<AgentProcess> agents = new ArrayList<>();
    private DatabaseConfig.External database;
    private JsonObject settings;
    private ServerProcess server;
    private TestOrganisation organisation;
    private ApiClient admin;

    private void start(DatabaseConfig.External freshDatabase, int interval) throws Exception {
        database = freshDatabase;
        int apiPort = FreePort.pick();
        settings = TestConfig.settings(database)
                .put("api_port", apiPort)
                .put("server_heartbeat_port", FreePort.pick())
                .put("command_port", FreePort.pick())
                .put("heartbeat_interval", interval);
        server = ServerProcess.start(TestConfig.write(directory, settings));
        server.awaitReady();
        organisation = TestOrganisation.create(database, NODES);
        admin = organisation.admin(apiPort);
        for (String node : organisation.nodes()) {
            agents.add(AgentProcess.start(
                    directory,
                    organisation,
                    organisation.uri(apiPort),
                    node,
                    Map.of("long", "echo run >> " + directory.resolve(node + ".runs") + "; sleep 12; echo done")));
        }
        admin.awaitAvailable(NODES, DEADLINE);
    }

    @AfterEach
    void stop() {
        agents.forEach(AgentProcess::close);
        Optional.ofNullable(admin).ifPresent(ApiClient::close);
        Optional.ofNullable(server).ifPresent(ServerProcess::close);
    }

    @Test
    void intervalIsMadeShorterAndLongerAgainWhileJobsRun(DatabaseConfig.External freshDatabase) throws Exception {
        start(freshDatabase, SLOW_MILLIS);
        for (int interval : new int[] {FAST_MILLIS, SLOW_MILLIS}) {
            // given: a job on one node, two are idle
            String job = startOn(List.of("node-1"));

            // when
            restart(settings.put("heartbeat_interval", interval));

            // then
            awaitTold("interval_millis", Integer.toString(interval), 2);
            assertThat(nodes(admin.job(job), "running")).isEqualTo(1);
            assertThat(admin.awaitEnd(job, DEADLINE).getString("status")).isEqualTo("complete");
            awaitTold("interval_millis", Integer.toString(interval), NODES);
            admin.awaitAvailable(NODES, DEADLINE);
        }
        assertThat(Files.readAllLines(directory.resolve("node-1.runs"))).hasSize(2);
        assertThat(server.log()).doesNotContain("node went down");
    }

    @Test
    void advertisedNameIsChangedWhileAJobRuns(DatabaseConfig.External freshDatabase) throws Exception {
        start(freshDatabase, TestConfig.INTERVAL_MILLIS);
        String job = startOn(List.of("node-1"));

        restart(settings.put("server_name_advertised", "localhost"));

        String address = "tcp://localhost:" + settings.getInteger("command_port");
        awaitTold("command_address", address, 2);
        assertThat(admin.awaitEnd(job, DEADLINE).getString("status")).isEqualTo("complete");
        awaitTold("command_address", address, NODES);
        admin.awaitAvailable(NODES, DEADLINE);
        assertThat(server.log()).doesNotContain("node went down");
    }

    @Test
    void portsAreChangedWhileAJobRuns(DatabaseConfig.External freshDatabase) throws Exception {
        start(freshDatabase, TestConfig.INTERVAL_MILLIS);
        String job = startOn(List.of("node-1"));

        restart(settings.put("server_heartbeat_port", FreePort.pick()).put("command_port", FreePort.pick()));

        String address = "tcp://127.0.0.1:" + settings.getInteger("command_port");
        awaitTold("command_address", address, 2);
        assertThat(admin.awaitEnd(job, DEADLINE).getString("status")).isEqualTo("complete");
        awaitTold("command_address", address, NODES);
        admin.awaitAvailable(NODES, DEADLINE);
        assertThat(server.log()).doesNotContain("node went down");
        assertThat(Files.readAllLines(directory.resolve("node-1.runs"))).hasSize(1);
    }

    @Test
    void jobWaitsForANodeThatWasToldOtherPortsAndNotForOthers(DatabaseConfig.External freshDatabase) throws Exception {
        JsonObject fast = TestConfig.settings(freshDatabase).put("heartbeat_interval", FAST_MILLIS);
        try (RunningServer running = RunningServer.start(directory, fast, freshDatabase, 2)) {
            database = freshDatabase;
            organisation = running.organisation();
            String job;
            try (ApiClient before = running.admin();
                    RawAgent one = RawAgent.connect(running.client("node-1"), "node-1", organisation.key());
                    RawAgent two = RawAgent.connect(running.client("node-2"), "node-2", organisation.key())) {
                one.becomeAvailable();
                two.becomeAvailable();
                before.awaitAvailable(2, DEADLINE);
                job = before.startJob("anything", List.of("node-1", "node-2"));
                commit(one, job);
                commit(two, job);
                run(one, job);
                run(two, job);
                before.awaitJob(job, DEADLINE, document -> nodes(document, "running") == 2);
            }

            // when the ports are others, and of one node nobody knows what it was told
            execute("update node_keys set told_at = null where node_name = 'node-2'");
            running.restart();

            // then
            admin = running.admin();
            admin.awaitJob(job, DEADLINE, document -> nodes(document, "crashed") == 1);
            assertThat(nodes(admin.job(job), "running")).isEqualTo(1);
            JsonObject detail =
                    new JsonObject(ApiClient.text(admin.get("node_states/node-1?detail=true"))).getJsonObject("detail");
            assertThat(detail.getString("reason")).isEqualTo("told_other_address");

            // when its agent has fetched its configuration again
            try (RawAgent one = RawAgent.connect(running.client("node-1"), "node-1", organisation.key())) {
                one.send(new AgentMessage.Succeeded(one.envelope(Optional.of(job)), Optional.empty()));

                // then
                JsonObject ended = admin.awaitEnd(job, DEADLINE);
                assertThat(nodes(ended, "succeeded")).as(ended.encode()).isEqualTo(1);
            }
        }
    }

    private static void commit(RawAgent agent, String job) throws Exception {
        assertThat(agent.receive(DEADLINE)).containsInstanceOf(ServerMessage.Commit.class);
        agent.send(new AgentMessage.AckCommit(agent.envelope(Optional.of(job))));
    }

    private static void run(RawAgent agent, String job) {
        Await.until("run", DEADLINE, () -> {
            agent.heartbeat(JobState.COMMITTED, Optional.of(job));
            return agent.receive(Duration.ofMillis(200))
                    .filter(new ServerMessage.Run(job)::equals)
                    .isPresent();
        });
        agent.send(new AgentMessage.AckRun(agent.envelope(Optional.of(job))));
    }

    private String startOn(List<String> nodes) throws Exception {
        String job = admin.startJob(new JsonObject().put("command", "long").put("nodes", new JsonArray(nodes)));
        admin.awaitJob(job, DEADLINE, document -> nodes(document, "running") == nodes.size());
        return job;
    }

    private void restart(JsonObject changed) throws Exception {
        server.terminate(Duration.ofSeconds(20));
        server = ServerProcess.start(TestConfig.write(directory, changed));
        server.awaitReady();
    }

    /** Waits until the newest configurations of so many nodes said this. */
    private void awaitTold(String column, String value, int nodes) {
        Await.value(
                nodes + " nodes told " + column + " " + value,
                NEW_SETTINGS_DEADLINE,
                () -> toldOf("select node_name from node_keys where " + column + "::text = '" + value + "'"),
                told -> told.size() >= nodes);
    }

    private Set<String> toldOf(String sql) throws SQLException {
        Set<String> names = new TreeSet<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connect() throws SQLException {
        String url = "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.database();
        return DriverManager.getConnection(url, database.user(), database.password());
    }

    private static int nodes(JsonObject job, String status) {
        return job.getJsonObject("nodes").getJsonArray(status, new JsonArray()).size();
    }
}
