package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.agent.Agent;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.store.EmbeddedDatabase;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.LogCapture;
import org.pushjobs.server.testing.Management;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RunningServer;

/** A database that answers and has no space left: triggers raise what PostgreSQL raises then. */
@ExtendWith(PostgresExtension.class)
class FullDatabaseIT {
    private static final Duration DEADLINE = Duration.ofSeconds(40);
    private static final String NODE = "node-1";
    private static final String SILENT_NODE = "node-2";
    private static final List<String> TABLES = List.of("jobs", "job_nodes", "job_events", "job_output_parts");

    /** Far below the 40 s that agents once paused for. */
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    private Path directory;

    @Test
    void fullDatabaseIsCalledThatAndWhatWaitedIsStoredSoonAfterThereIsSpace(DatabaseConfig.External database)
            throws Exception {
        Path gate = directory.resolve("gate");
        try (LogCapture log = new LogCapture("org.pushjobs.server");
                RunningServer server = RunningServer.start(directory, database, 2);
                ApiClient admin = server.admin();
                Agent agent = agent(server, NODE, gate);
                Agent silentAgent = agent(server, SILENT_NODE, gate)) {
            agent.start();
            silentAgent.start();
            admin.awaitAvailable(2, DEADLINE);
            String silentJob = admin.startJob("gate", List.of(SILENT_NODE));
            admin.awaitRunning(silentJob, DEADLINE);
            String job = admin.startJob(new JsonObject()
                    .put("command", "gate")
                    .put("nodes", new JsonArray().add(NODE))
                    .put("capture_output", true));
            admin.awaitRunning(job, DEADLINE);
            assertThat(Management.get(server.ports().management(), "/health/ready")
                            .statusCode())
                    .isEqualTo(200);

            // when
            fill(database);
            Files.createFile(gate);

            // then
            HttpResponse<byte[]> refused =
                    admin.post("jobs", new JsonObject().put("command", "gate").put("nodes", new JsonArray().add(NODE)));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(ApiClient.text(refused)).contains("no space left").doesNotContain("does not answer");
            HttpResponse<String> notReady = Management.get(server.ports().management(), "/health/ready");
            assertThat(notReady.statusCode()).isEqualTo(503);
            assertThat(new JsonObject(notReady.body())
                            .getJsonObject("parts")
                            .getJsonObject("database")
                            .getString("reason"))
                    .startsWith("the database has no space left");
            assertThat(admin.get("jobs/" + job).statusCode())
                    .as("what is stored can be read")
                    .isEqualTo(200);

            // and: the end of a job without output has come; its lag shows as soon as it is long
            Await.until(
                    "the lag of the store",
                    DEADLINE,
                    () -> new JsonObject(Management.get(server.ports().management(), "/health/ready")
                                    .body())
                            .getJsonObject("parts")
                            .getJsonObject("store")
                            .getString("reason", "")
                            .startsWith("changes of jobs have waited for "));

            // when
            empty(database);

            // then
            assertThat(admin.awaitEnd(silentJob, SOON).getString("status")).isEqualTo("complete");
            assertThat(admin.awaitEnd(job, SOON).getString("status")).isEqualTo("complete");
            Await.until("another job", SOON, () -> {
                String next = admin.startJob("gate", List.of(NODE));
                return admin.awaitEnd(next, SOON).getString("status").equals("complete");
            });
            Await.until(
                    "ready",
                    DEADLINE,
                    () -> Management.get(server.ports().management(), "/health/ready")
                                    .statusCode()
                            == 200);
            assertThat(log.messages(Level.WARN)).noneMatch(line -> line.contains("does not answer"));
        }
    }

    /** The same on a file system that is really full. */
    @Test
    void fileSystemThatIsFullMakesTheServerNotReadyUntilThereIsSpace(
            @TempDir Path databaseDirectory, @TempDir Path smallDirectory) throws Exception {
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "tmpfs", smallDirectory.toString()),
                "mounting a small file system is not permitted here");
        try (EmbeddedDatabase embedded = EmbeddedDatabase.start(new DatabaseConfig.Embedded(databaseDirectory, 20))) {
            DatabaseConfig.External known = embedded.connection();
            execute(known, "create tablespace small location '" + smallDirectory + "'");
            execute(known, "create database small tablespace small template template0");
            DatabaseConfig.External database = new DatabaseConfig.External(
                    known.host(), known.port(), "small", known.user(), known.password(), known.poolSize());
            try (RunningServer server = RunningServer.start(directory, database, 1);
                    ApiClient admin = server.admin()) {
                JsonObject job =
                        new JsonObject().put("command", "x".repeat(50_000)).put("nodes", new JsonArray().add(NODE));

                // when
                execute(database, "create table filler (filler text)");
                execute(database, "alter table filler alter column filler set storage plain");
                assertThatThrownBy(() -> {
                            while (true) {
                                execute(
                                        database,
                                        "insert into filler select repeat('x', 7000) from generate_series(1, 20)");
                            }
                        })
                        .hasMessageContaining("No space left on device");
                Await.until("a refusal", DEADLINE, () -> admin.post("jobs", job).statusCode() == 503);

                // then
                HttpResponse<String> notReady = Management.get(server.ports().management(), "/health/ready");
                assertThat(notReady.statusCode()).isEqualTo(503);
                assertThat(notReady.body()).contains("the database has no space left");

                // when
                execute(database, "drop table filler");

                // then
                Await.until(
                        "ready",
                        DEADLINE,
                        () -> Management.get(server.ports().management(), "/health/ready")
                                        .statusCode()
                                == 200);
                assertThat(admin.post("jobs", job).statusCode()).isEqualTo(201);
            }
        } finally {
            run("umount", smallDirectory.toString());
        }
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    private Agent agent(RunningServer server, String node, Path gate) throws Exception {
        return new Agent(
                AgentSettings.of(
                                ServerUrl.parse(server.organisation()
                                        .uri(server.ports().api())
                                        .toString()),
                                node,
                                server.organisation().key())
                        .withFileDir(directory.resolve("files-" + node))
                        .withWhitelist(
                                Map.of("gate", "while [ ! -e " + gate + " ]; do sleep 0.1; done; echo much output")),
                Clock.systemUTC());
    }

    private static void fill(DatabaseConfig.External database) throws SQLException {
        execute(database, """
                create function refuse() returns trigger language plpgsql as $$
                begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$""");
        for (String table : TABLES) {
            execute(
                    database,
                    "create trigger full_disk before insert or update on " + table
                            + " for each statement execute function refuse()");
        }
    }

    private static void empty(DatabaseConfig.External database) throws SQLException {
        execute(database, "drop function refuse() cascade");
    }

    private static void execute(DatabaseConfig.External database, String sql) throws SQLException {
        String url = "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.database();
        try (Connection connection = DriverManager.getConnection(url, database.user(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
