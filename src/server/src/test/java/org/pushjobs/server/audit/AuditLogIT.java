package org.pushjobs.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TcpProxy;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.server.testing.TestOrganisation;

/** The audit log of a running server, in its table and its file. */
@ExtendWith(PostgresExtension.class)
class AuditLogIT {
    private static final Duration DEADLINE = Await.DEADLINE;

    /** How the job of the test below was to run. */
    private static final JsonObject OPTIONS = new JsonObject()
            .put("user", "deploy")
            .put("env_count", 1)
            .put("env_names", new JsonArray().add("TOKEN"))
            .put("quorum", 2)
            .put("run_timeout", 3600)
            .put("capture_output", false);

    @TempDir
    private Path directory;

    @Test
    void startsAndRefusalsAreInTheTableAndInTheFile(DatabaseConfig.External database) throws Exception {
        // given
        JsonObject settings = TestConfig.settings(database).put("audit_log_file", "audit.jsonl");
        Path file = directory.resolve("audit.jsonl");
        String job;
        try (RunningServer server = RunningServer.start(directory, settings, database, 1);
                ApiClient admin = server.admin();
                ApiClient node = server.client("node-1")) {
            // when
            job = admin.startJob(new JsonObject()
                    .put("command", "a command")
                    .put("nodes", new JsonArray().add("node-1").add("node-2"))
                    .put("user", "deploy")
                    .put("env", new JsonObject().put("TOKEN", "secret")));
            assertThat(node.post("jobs", body()).statusCode()).isEqualTo(403);
            assertThat(admin.post("jobs", new JsonObject().put("nodes", "x")).statusCode())
                    .isEqualTo(400);

            // then
            Await.value("three lines", DEADLINE, () -> rows(database), rows -> rows.size() == 3);
        }
        List<JsonObject> rows = rows(database);
        assertThat(rows.get(0))
                .isEqualTo(new JsonObject()
                        .put("org_name", TestOrganisation.NAME)
                        .put("org_id", TestOrganisation.GUID)
                        .put("requestor", "alice")
                        .put("requestor_type", "user")
                        .put("action", "job_start")
                        .put("job_id", job)
                        .put("command", "a command")
                        .put("node_count", 2)
                        .put("nodes", new JsonArray().add("node-1").add("node-2"))
                        .put("options", OPTIONS)
                        .put("outcome", "done")
                        .put("status", 201));
        assertThat(rows.get(1).getString("requestor_type")).isEqualTo("client");
        assertThat(rows.get(1).getInteger("status")).isEqualTo(403);
        assertThat(rows.get(2).getInteger("status")).isEqualTo(400);
        JsonObject started = new JsonObject(Files.readAllLines(file).getFirst());
        OPTIONS.forEach(option -> assertThat(started.getValue(option.getKey())).isEqualTo(option.getValue()));
        assertThat(Files.readAllLines(file))
                .extracting(line -> new JsonObject(line).getInteger("status"))
                .containsExactly(201, 403, 400);
    }

    @Test
    void linesOfAnOutageAreThereAfterIt(DatabaseConfig.External database) throws Exception {
        try (TcpProxy proxy = new TcpProxy(database.host(), database.port())) {
            proxy.open();
            JsonObject settings = TestConfig.settings(database)
                    .put(
                            "database",
                            TestConfig.url(database, proxy.listenPort()).replace(database.host(), "127.0.0.1"));
            try (RunningServer server = RunningServer.start(directory, settings, database, 1);
                    ApiClient admin = server.admin()) {
                // when
                proxy.cut();
                Await.until(
                        "a refusal", DEADLINE, () -> admin.post("jobs", body()).statusCode() == 503);
                proxy.open();

                // then
                Await.value(
                        "a line about it",
                        DEADLINE,
                        () -> rows(database),
                        rows -> rows.stream()
                                .anyMatch(row -> row.getInteger("status") == 503
                                        && row.getString("outcome").equals("failed")));
            }
        }
    }

    @Test
    void nobodyChangesTheTable(DatabaseConfig.External database) throws Exception {
        try (RunningServer server = RunningServer.start(directory, database, 1);
                ApiClient admin = server.admin()) {
            admin.startJob("anything", List.of("node-1"));
            Await.value("a line", DEADLINE, () -> rows(database), rows -> rows.size() == 1);

            for (String change :
                    List.of("update audit_log set requestor = 'bob'", "delete from audit_log", "truncate audit_log")) {
                assertThatThrownBy(() -> execute(database, change))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("audit_log is append-only");
            }
            assertThat(rows(database)).hasSize(1);
        }
    }

    private static JsonObject body() {
        return new JsonObject().put("command", "x").put("nodes", new JsonArray().add("node-1"));
    }

    private static List<JsonObject> rows(DatabaseConfig.External database) throws SQLException {
        List<JsonObject> rows = new ArrayList<>();
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select row_to_json(line) from (select org_name, org_id,"
                        + " requestor, requestor_type, action, job_id, command, node_count, nodes, options, outcome, status"
                        + " from audit_log order by id) line")) {
            while (result.next()) {
                rows.add(new JsonObject(result.getString(1)));
            }
        }
        return rows;
    }

    private static void execute(DatabaseConfig.External database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(DatabaseConfig.External database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.database(),
                database.user(),
                database.password());
    }
}
