package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.agent.Agent;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.server.testing.TestOrganisation;

/** Who sees what where nothing is set: a server with a directory of its own. */
@ExtendWith(PostgresExtension.class)
@Timeout(120)
class ReadAccessIT {
    private static final String READER = "bob";
    private static final String SECRET = "hush-hush";
    private static final JsonObject JOB = new JsonObject()
            .put("command", "chef-client")
            .put("nodes", new JsonArray().add("node-1"))
            .put("env", new JsonObject().put("TOKEN", SECRET).put("LANG", "C.UTF-8"));
    private static final String CURVE_KEY = "?ccpk=" + "0".repeat(40);

    @TempDir
    private static Path directory;

    private static RunningServer server;
    private static Connection database;

    @BeforeAll
    static void start(DatabaseConfig.External config) throws Exception {
        server = RunningServer.start(
                directory,
                TestConfig.settings(config).put("directory_cache_seconds", 0).put("wait_complete_time", 3_600),
                config,
                2);
        database = DriverManager.getConnection(
                "jdbc:postgresql://" + config.host() + ":" + config.port() + "/" + config.database(),
                config.user(),
                config.password());
        execute("insert into directory_users (name) values (?)", READER);
        execute(
                "insert into directory_user_keys (user_name, key_name, public_key)"
                        + " select ?, 'default', public_key from directory_user_keys where user_name = ?",
                READER,
                TestOrganisation.ADMIN);
        execute("insert into directory_org_members values (?, ?)", TestOrganisation.GUID, READER);
    }

    @AfterAll
    static void stop() throws SQLException {
        database.close();
        server.close();
    }

    @AfterEach
    void onlyAdmins() throws SQLException {
        execute("delete from directory_groups where org_guid = ? and name <> 'admins'", TestOrganisation.GUID);
    }

    private static void execute(String sql, String... values) throws SQLException {
        try (PreparedStatement statement = database.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    private static void clientIn(String group, String client) throws SQLException {
        execute("insert into directory_groups values (?, ?)", TestOrganisation.GUID, group);
        execute("insert into directory_group_clients values (?, ?, ?)", TestOrganisation.GUID, group, client);
    }

    /** All of them have the same key. */
    private static ApiClient as(String name) {
        return server.client(name);
    }

    private static int status(ApiClient client, String resource) throws Exception {
        return client.get(resource).statusCode();
    }

    @Test
    void clientReadsNothingButItsOwnConfigurationAndNodeState() throws Exception {
        String id = server.admin().startJob(JOB);

        try (ApiClient node = as("node-1")) {
            for (String resource : List.of(
                    "jobs",
                    "jobs/" + id,
                    "jobs/" + id + "/output/node-1/stdout",
                    "node_states",
                    "node_states/node-2",
                    "connect/node-2",
                    "job_status_feed",
                    "job_status_feed/" + id,
                    "config/node-2" + CURVE_KEY)) {
                assertThat(status(node, resource)).as(resource).isEqualTo(403);
            }
            for (String resource :
                    List.of("node_states/node-1", "node_states/node-1?detail=true", "config/node-1" + CURVE_KEY)) {
                assertThat(status(node, resource)).as(resource).isEqualTo(200);
            }
        }
    }

    @Test
    void clientThatAGroupNamesReads() throws Exception {
        try (ApiClient node = as("node-1")) {
            clientIn("pushy_job_readers", "node-1");
            assertThat(status(node, "jobs")).isEqualTo(200);
            assertThat(status(node, "node_states/node-2")).isEqualTo(200);

            onlyAdmins();
            clientIn("pushy_job_writers", "node-1");
            assertThat(status(node, "jobs")).isEqualTo(200);
        }
    }

    @Test
    void valuesOfTheEnvironmentAreShownToWritersOnly() throws Exception {
        String id = server.admin().startJob(JOB);
        JsonObject hidden = new JsonObject().put("LANG", "(hidden)").put("TOKEN", "(hidden)");

        try (ApiClient reader = as(READER);
                ApiClient writer = server.admin()) {
            reader.awaitEnd(id, Await.DEADLINE);
            assertThat(reader.job(id).getJsonObject("env")).isEqualTo(hidden);
            assertThat(reader.job(id).getBoolean("env_hidden")).isTrue();
            for (String resource :
                    List.of("jobs", "jobs?limit=10", "jobs/" + id + "?detail=true", "job_status_feed/" + id)) {
                assertThat(ApiClient.text(reader.get(resource)))
                        .as(resource)
                        .contains("TOKEN", "(hidden)", "\"env_hidden\":true")
                        .doesNotContain(SECRET);
                assertThat(ApiClient.text(writer.get(resource)))
                        .as(resource)
                        .contains(SECRET)
                        .doesNotContain("hidden");
            }
        }
    }

    @Test
    void organisationsFeedHidesThemTooForEachReaderByHisOwnRight() throws Exception {
        try (ApiClient reader = as(READER);
                ApiClient writer = server.admin();
                InputStream seenByReader = reader.open("job_status_feed").body();
                InputStream seenByWriter = writer.open("job_status_feed").body()) {
            String id = writer.startJob(JOB);

            assertThat(start(seenByReader, id)).contains("TOKEN", "(hidden)").doesNotContain(SECRET);
            assertThat(start(seenByWriter, id)).contains(SECRET);
        }
    }

    /** The data of a job's first event. */
    private static String start(InputStream feed, String id) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(feed, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data:") && line.contains(id)) {
                return line;
            }
        }
        throw new AssertionError("the feed ended before the job's first event");
    }

    @Test
    void whatIsSentToAReaderIsCutWhenHeIsDisabledAndGoesOnForOthers() throws Exception {
        try (ApiClient reader = as(READER);
                ApiClient writer = server.admin();
                Agent agent = new Agent(
                        AgentSettings.of(
                                        ServerUrl.parse(server.organisation()
                                                .uri(server.ports().api())
                                                .toString()),
                                        "node-2",
                                        server.organisation().key())
                                .withFileDir(directory.resolve("files"))
                                .withWhitelist(Map.of("wait", "sleep 300")),
                        Clock.systemUTC())) {
            agent.start();
            writer.awaitAvailable(1, Await.DEADLINE);
            String id = writer.startJob(new JsonObject()
                    .put("command", "wait")
                    .put("nodes", new JsonArray().add("node-2"))
                    .put("capture_output", true));
            try (InputStream events = reader.open("job_status_feed").body();
                    InputStream ofJob = reader.open("job_status_feed/" + id).body();
                    InputStream output = reader.open("jobs/" + id + "/output/node-2/stdout?follow=true")
                            .body();
                    InputStream others = writer.open("job_status_feed").body()) {
                execute("update directory_users set disabled_at = now() where name = ?", READER);
                awaitCut(events);
                awaitCut(ofJob);
                awaitCut(output);
                String next = writer.startJob(JOB);
                assertThat(start(others, next)).contains(SECRET);
            } finally {
                execute("update directory_users set disabled_at = null where name = ?", READER);
            }
        }
    }

    @Test
    void feedIsCutWhenAGroupKeepsItsReaderOut() throws Exception {
        try (ApiClient reader = as(READER);
                InputStream events = reader.open("job_status_feed").body()) {
            clientIn("pushy_job_readers", "node-1");

            awaitCut(events);
            assertThat(status(reader, "job_status_feed")).isEqualTo(403);
        }
    }

    @Test
    void feedWithValuesIsCutWhenItsReaderMayNoLongerSeeThem() throws Exception {
        try (ApiClient writer = server.admin();
                InputStream events = writer.open("job_status_feed").body()) {
            clientIn("pushy_job_writers", "node-1");

            awaitCut(events);
        }
    }

    /** The end of the feed, which is not one in good order. */
    private static void awaitCut(InputStream feed) {
        assertThatThrownBy(feed::readAllBytes).isInstanceOf(IOException.class);
    }

    @Test
    void readingAdmitsNoKeyForANodeButAnAdminMay() throws Exception {
        try (ApiClient reader = as(READER);
                ApiClient admin = server.admin()) {
            assertThat(status(reader, "jobs")).isEqualTo(200);
            assertThat(status(reader, "config/node-1" + CURVE_KEY)).isEqualTo(403);
            assertThat(status(admin, "config/node-1" + CURVE_KEY)).isEqualTo(200);
        }
    }
}
