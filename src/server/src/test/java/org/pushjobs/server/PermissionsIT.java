package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.server.testing.TestOrganisation;

/** Who may read and write, asked over HTTP, with groups in the real directory. */
@ExtendWith(PostgresExtension.class)
class PermissionsIT {
    private static final JsonObject JOB =
            new JsonObject().put("command", "chef-client").put("nodes", new JsonArray().add("node-1"));

    @TempDir
    private static Path directory;

    private static RunningServer server;
    private static Connection database;

    @BeforeAll
    static void start(DatabaseConfig.External config) throws Exception {
        server = RunningServer.start(
                directory,
                TestConfig.settings(config)
                        .put("directory_cache_seconds", 0)
                        .put("read_access", "organization")
                        .put("env_access", "readers"),
                config,
                2);
        database = DriverManager.getConnection(
                "jdbc:postgresql://" + config.host() + ":" + config.port() + "/" + config.database(),
                config.user(),
                config.password());
    }

    @AfterAll
    static void stop() throws SQLException {
        database.close();
        server.close();
    }

    /** The organisation has the administrator alice as a user, and clients called as its nodes. */
    @BeforeEach
    void noGroups() throws SQLException {
        execute("delete from directory_groups where org_guid = ?", TestOrganisation.GUID);
    }

    private static void group(String name) throws SQLException {
        execute("insert into directory_groups values (?, ?)", TestOrganisation.GUID, name);
    }

    private static void userIn(String group) throws SQLException {
        execute(
                "insert into directory_group_users values (?, ?, ?)",
                TestOrganisation.GUID,
                group,
                TestOrganisation.ADMIN);
    }

    private static void clientIn(String group, String client) throws SQLException {
        execute("insert into directory_group_clients values (?, ?, ?)", TestOrganisation.GUID, group, client);
    }

    private static void groupIn(String group, String member) throws SQLException {
        execute("insert into directory_group_groups values (?, ?, ?)", TestOrganisation.GUID, group, member);
    }

    private static void execute(String sql, String... values) throws SQLException {
        try (PreparedStatement statement = database.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    @ParameterizedTest(name = "groups [{0}], alice is in [{1}]")
    @CsvSource({
        "'',                                         '',                         true,  false",
        "admins,                                     '',                         true,  false",
        "admins,                                     admins,                     true,  true",
        "admins pushy_job_writers,                   admins,                     true,  false",
        "admins pushy_job_writers,                   pushy_job_writers,          true,  true",
        "admins pushy_job_readers,                   admins,                     false, true",
        "admins pushy_job_readers,                   pushy_job_readers,          true,  false",
        "pushy_job_readers pushy_job_writers,        '',                         false, false",
        "pushy_job_readers pushy_job_writers,        pushy_job_writers,          false, true",
        "pushy_job_readers pushy_job_writers admins, 'admins',                   false, false",
        "pushy_job_readers pushy_job_writers,        pushy_job_readers pushy_job_writers, true, true"
    })
    void groupsDecideWhatAUserMayDo(String groups, String memberships, boolean reads, boolean writes) throws Exception {
        for (String name : words(groups)) {
            group(name);
        }
        for (String name : words(memberships)) {
            userIn(name);
        }

        assertMay(TestOrganisation.ADMIN, reads, writes);
    }

    private static String[] words(String text) {
        return text.isEmpty() ? new String[0] : text.split(" ");
    }

    @Test
    void groupsWithinGroupsCountHoweverDeepAndInCircles() throws Exception {
        for (String name : new String[] {"pushy_job_readers", "pushy_job_writers", "a", "b", "c", "d"}) {
            group(name);
        }
        groupIn("pushy_job_writers", "a");
        groupIn("pushy_job_readers", "d");
        groupIn("a", "b");
        groupIn("b", "c");
        groupIn("c", "a");
        assertMay(TestOrganisation.ADMIN, false, false);

        userIn("c");
        assertMay(TestOrganisation.ADMIN, false, true);

        groupIn("d", "b");
        assertMay(TestOrganisation.ADMIN, true, true);
    }

    @Test
    void clientsAreMembersAsClients() throws Exception {
        group("pushy_job_readers");
        group("pushy_job_writers");
        clientIn("pushy_job_writers", "node-1");

        assertMay("node-1", false, true);
        assertMay("node-2", false, false);
    }

    @Test
    void clientNeedsNoGroupForItsOwnConfiguration() throws Exception {
        group("pushy_job_readers");

        try (ApiClient client = client("node-1");
                ApiClient user = client(TestOrganisation.ADMIN)) {
            String key = "?ccpk=" + "0".repeat(40);
            assertThat(client.get("config/node-1" + key).statusCode()).isEqualTo(200);
            assertThat(client.get("config/node-2" + key).statusCode()).isEqualTo(403);
            assertRefused(TestOrganisation.ADMIN, user.get("config/node-1" + key));

            userIn("pushy_job_readers");
            assertThat(user.get("config/node-1" + key).statusCode()).isEqualTo(200);
        }
    }

    private static void assertMay(String name, boolean read, boolean write) throws Exception {
        try (ApiClient client = client(name)) {
            for (String resource : new String[] {"jobs", "node_states", "node_states/node-1", "connect/node-1"}) {
                assertAnswer(name, client.get(resource), read, 200);
            }
            for (String resource : new String[] {"", "/output/node-1/stdout", "/output/node-1/stderr"}) {
                assertAnswer(name, client.get("jobs/" + "0".repeat(32) + resource), read, 404);
            }
            assertAnswer(name, client.post("jobs", JOB), write, 201);
        }
    }

    private static void assertAnswer(String name, HttpResponse<byte[]> answer, boolean permitted, int status) {
        if (permitted) {
            assertThat(answer.statusCode())
                    .as(answer.uri() + ApiClient.text(answer))
                    .isEqualTo(status);
        } else {
            assertRefused(name, answer);
        }
    }

    private static void assertRefused(String name, HttpResponse<byte[]> answer) {
        assertThat(ApiClient.text(answer))
                .as(answer.uri().toString())
                .isEqualTo("{\"error\":[\"User or client '" + name
                        + "' does not have access to that action on this server.\"]}");
        assertThat(answer.statusCode()).isEqualTo(403);
    }

    /** Users and clients have the same key. */
    private static ApiClient client(String name) {
        return server.client(name);
    }
}
