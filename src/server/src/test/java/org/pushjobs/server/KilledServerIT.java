package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
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
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.testing.AgentProcess;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.FreePort;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.ServerProcess;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.server.testing.TestOrganisation;

/**
 * kill -9 of the server while a job is on its way, three agents as processes, restart 5 s later (architecture.md: a restart
 * is invisible to agents except for a reconnect, and no job is lost).
 */
@ExtendWith(PostgresExtension.class)
class KilledServerIT {
    private static final Duration DOWN_TIME = Duration.ofSeconds(5);
    private static final Duration DEADLINE = Await.DEADLINE;
    private static final int NODES = 3;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final List<AgentProcess> agents = new ArrayList<>();
    private DatabaseConfig.External database;
    private JsonObject settings;
    private Path config;
    private ServerProcess server;
    private TestOrganisation organisation;
    private ApiClient admin;

    @BeforeEach
    void start(DatabaseConfig.External freshDatabase) throws Exception {
        database = freshDatabase;
        int apiPort = FreePort.pick();
        // the same ports after the restart, as on a real machine
        settings = TestConfig.settings(database)
                .put("api_port", apiPort)
                .put("server_heartbeat_port", FreePort.pick())
                .put("command_port", FreePort.pick());
        config = TestConfig.write(directory, settings);
        server = ServerProcess.start(config);
        server.awaitReady();
        organisation = TestOrganisation.create(database, NODES);
        URI uri = organisation.uri(apiPort);
        admin = organisation.admin(apiPort);
        for (String node : organisation.nodes()) {
            Path runs = directory.resolve(node + ".runs");
            String count = "echo run >> " + runs + "; ";
            agents.add(AgentProcess.start(
                    directory,
                    organisation,
                    uri,
                    node,
                    Map.of("quick", count + "echo done", "long", count + "sleep 15; echo done")));
        }
        admin.awaitAvailable(NODES, DEADLINE);
    }

    @AfterEach
    void stop() throws Exception {
        for (AgentProcess agent : agents) {
            agent.close();
        }
        admin.close();
        server.close();
    }

    @Test
    void killedInTheVoteTheJobIsCompletedAfterTheRestart() throws Exception {
        // given: two nodes have voted, the third one stands still
        String fetchesBefore = configFetches();
        agents.get(2).freeze();
        String job = start("quick");
        admin.awaitJob(job, DEADLINE, document -> nodes(document, "ready") == 2);

        // when
        server.kill();
        agents.get(2).thaw();
        restartAfterDownTime();

        // then
        assertCompletedWithOneRunEach(job);
        assertThat(configFetches()).as("configuration fetches").isEqualTo(fetchesBefore);
    }

    @RepeatedTest(2)
    void killedJustAfterQuorumTheJobIsCompletedAfterTheRestart() throws Exception {
        // given
        String fetchesBefore = configFetches();
        String job = start("quick");
        awaitStoredStatus(job, JobStatus.RUNNING);

        // when
        server.kill();
        restartAfterDownTime();

        // then
        assertCompletedWithOneRunEach(job);
        assertThat(configFetches()).as("configuration fetches").isEqualTo(fetchesBefore);
    }

    @Test
    void killedWhileCommandsRunTheJobIsCompletedAfterTheRestart() throws Exception {
        // given
        String fetchesBefore = configFetches();
        String job = start("long");
        admin.awaitJob(job, DEADLINE, document -> nodes(document, "running") == NODES);

        // when
        server.kill();
        restartAfterDownTime();

        // then: the commands were not touched
        admin.awaitAvailable(NODES, DEADLINE);
        assertThat(nodes(admin.job(job), "running")).isEqualTo(NODES);
        assertCompletedWithOneRunEach(job);
        assertThat(configFetches()).as("configuration fetches").isEqualTo(fetchesBefore);
    }

    /** Agents need a while to notice that their server is back. */
    @Test
    void aJobThatIsStartedRightAfterTheRestartWaitsForTheNodesThatWereThere() throws Exception {
        // when
        server.kill();
        restartAfterDownTime();
        String job = start("quick");

        // then
        assertCompletedWithOneRunEach(job);
    }

    @Test
    void withJobRecoveryCrashTheJobIsCrashedAsWithTheOriginalServer() throws Exception {
        // given
        String job = start("long");
        admin.awaitJob(job, DEADLINE, document -> nodes(document, "running") == NODES);

        // when
        server.kill();
        TestConfig.write(directory, settings.copy().put("job_recovery", "crash"));
        restartAfterDownTime();

        // then
        JsonObject ended = admin.awaitEnd(job, DEADLINE);
        assertThat(ended.getString("status")).isEqualTo("crashed");
        assertThat(nodes(ended, "crashed")).isEqualTo(NODES);
        // and: the nodes are aborted and take the next job
        admin.awaitAvailable(NODES, DEADLINE);
        JsonObject next = Await.value(
                "a job that is complete",
                DEADLINE,
                () -> admin.awaitEnd(start("quick"), DEADLINE),
                document -> document.getString("status").equals("complete"));
        assertThat(nodes(next, "succeeded")).isEqualTo(NODES);
    }

    @Test
    void terminatedServerStopsWithinTenSecondsAndItsJobGoesOnAfterTheRestart() throws Exception {
        // given
        String job = start("long");
        admin.awaitJob(job, DEADLINE, document -> nodes(document, "running") == NODES);

        // when
        assertThat(server.terminate(Duration.ofSeconds(10))).isIn(0, 143);
        server = ServerProcess.start(config);
        server.awaitReady();

        // then
        assertCompletedWithOneRunEach(job);
    }

    private String start(String command) throws Exception {
        return admin.startJob(new JsonObject()
                .put("command", command)
                .put("nodes", new JsonArray(organisation.nodes()))
                .put("capture_output", true));
    }

    private void restartAfterDownTime() throws Exception {
        TimeUnit.MILLISECONDS.sleep(DOWN_TIME.toMillis());
        server = ServerProcess.start(config);
        server.awaitReady();
    }

    private void assertCompletedWithOneRunEach(String job) throws Exception {
        JsonObject ended = admin.awaitEnd(job, DEADLINE);
        assertThat(ended.getString("status")).as(ended.encode()).isEqualTo("complete");
        assertThat(nodes(ended, "succeeded")).as(ended.encode()).isEqualTo(NODES);
        for (String node : organisation.nodes()) {
            assertThat(Files.readAllLines(directory.resolve(node + ".runs")))
                    .as("runs on " + node)
                    .hasSize(1);
            assertThat(ApiClient.text(admin.get("jobs/" + job + "/output/" + node + "/stdout")))
                    .isEqualTo("done\n");
        }
    }

    private static int nodes(JsonObject job, String status) {
        return job.getJsonObject("nodes").getJsonArray(status, new JsonArray()).size();
    }

    /** When each node last fetched its configuration. */
    private String configFetches() throws SQLException {
        Map<String, String> fetches = new TreeMap<>();
        query("select public_key, fetched_at from node_keys", row -> fetches.put(row.getString(1), row.getString(2)));
        assertThat(fetches).hasSize(NODES);
        return fetches.toString();
    }

    private void awaitStoredStatus(String job, JobStatus wanted) throws SQLException {
        List<Integer> codes = new ArrayList<>();
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!codes.contains(wanted.code())) {
            assertThat(System.nanoTime()).as("waiting for " + wanted).isLessThan(deadline);
            query("select status from jobs where id = '" + job + "'", row -> codes.add(row.getInt(1)));
        }
    }

    @FunctionalInterface
    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private void query(String sql, RowReader reader) throws SQLException {
        String url = "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.database();
        try (Connection connection = DriverManager.getConnection(url, database.user(), database.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                reader.read(rows);
            }
        }
    }
}
