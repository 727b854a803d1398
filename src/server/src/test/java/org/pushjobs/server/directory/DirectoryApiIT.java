package org.pushjobs.server.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.agent.Agent;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RawAgent;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.server.testing.TestOrganisation;

/** What an organisation's admins do to the directory over HTTP; alice is the one admin. */
@ExtendWith(PostgresExtension.class)
class DirectoryApiIT {
    private static final KeyPair FIRST = PemKeys.generate();
    private static final KeyPair SECOND = PemKeys.generate();
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private RunningServer server;
    private ApiClient admin;
    private Connection database;

    @BeforeEach
    void start(DatabaseConfig.External config) throws Exception {
        server = RunningServer.start(
                directory, TestConfig.settings(config).put("directory_cache_seconds", 0), config, 2);
        admin = server.admin();
        database = DriverManager.getConnection(
                "jdbc:postgresql://" + config.host() + ":" + config.port() + "/" + config.database(),
                config.user(),
                config.password());
    }

    @AfterEach
    void stop() throws SQLException {
        database.close();
        admin.close();
        server.close();
    }

    private static String pem(KeyPair keys) {
        return PemKeys.toPem((RSAPublicKey) keys.getPublic());
    }

    private ApiClient as(String name, KeyPair keys) {
        return new ApiClient(server.organisation().uri(server.ports().api()), name, (RSAPrivateKey) keys.getPrivate());
    }

    private int status(String name, KeyPair keys, String resource) throws Exception {
        try (ApiClient client = as(name, keys)) {
            return client.get(resource).statusCode();
        }
    }

    private static JsonObject holder(String name, KeyPair keys) {
        return new JsonObject().put("name", name).put("public_key", pem(keys));
    }

    private String done(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).as(ApiClient.text(answer)).isBetween(200, 201);
        return ApiClient.text(answer);
    }

    private HttpResponse<byte[]> send(String method, String resource) throws Exception {
        return admin.send(method, "directory/" + resource, new byte[0]);
    }

    private static void assertRefused(HttpResponse<byte[]> answer, String error) {
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(Buffer.buffer(answer.body())).getJsonArray("error"))
                .containsExactly(error);
    }

    private HttpResponse<byte[]> put(String resource, JsonObject body) throws Exception {
        return admin.send("PUT", "directory/" + resource, body.toBuffer().getBytes());
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = database.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> audited() throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select action || ': ' || command || ' by ' || requestor || ' ' || status from audit_log"
                                + " where action like 'directory%' order by id")) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return lines;
    }

    private void awaitAudited(String... lines) throws SQLException {
        Await.until("all are audited", DEADLINE, () -> audited().size() == lines.length);
        assertThat(audited()).containsExactly(lines);
    }

    @Test
    void usersAreCreatedDisabledEnabledAndDeleted() throws Exception {
        assertThat(done(admin.post("directory/users", holder("bob", FIRST)))).contains("created user 'bob'");
        assertThat(status("bob", FIRST, "jobs")).isEqualTo(200);
        assertThat(admin.post("directory/users", holder("bob", SECOND)).statusCode())
                .isEqualTo(409);

        done(send("PUT", "users/bob/disabled"));
        assertThat(status("bob", FIRST, "jobs")).isEqualTo(401);
        assertThat(new JsonObject(ApiClient.text(admin.get("directory"))).getJsonArray("users"))
                .contains(new JsonObject().put("name", "bob").put("disabled", true));
        done(send("DELETE", "users/bob/disabled"));
        assertThat(status("bob", FIRST, "jobs")).isEqualTo(200);

        done(send("DELETE", "users/bob"));
        assertThat(status("bob", FIRST, "jobs")).isEqualTo(401);
        assertThat(send("DELETE", "users/bob").statusCode()).isEqualTo(404);
        awaitAudited(
                "directory_user_create: user-create bob by alice 201",
                "directory_user_create: user-create bob by alice 409",
                "directory_user_disable: user-disable bob by alice 200",
                "directory_user_enable: user-enable bob by alice 200",
                "directory_user_delete: user-delete bob by alice 200",
                "directory_user_delete: user-delete bob by alice 404");
    }

    @Test
    void clientsAreCreatedDisabledEnabledRotatedAndDeleted() throws Exception {
        String resource = "node_states/web-1";
        done(admin.post("directory/clients", holder("web-1", FIRST)));
        assertThat(status("web-1", FIRST, resource)).isEqualTo(200);

        done(send("PUT", "clients/web-1/disabled"));
        assertThat(status("web-1", FIRST, resource)).isEqualTo(401);
        done(send("DELETE", "clients/web-1/disabled"));
        assertThat(status("web-1", FIRST, resource)).isEqualTo(200);

        done(admin.post(
                "directory/clients/web-1/rotation", holder("second", SECOND).put("old_until", "2999-01-01T00:00:00Z")));
        assertThat(status("web-1", FIRST, resource)).isEqualTo(200);
        assertThat(status("web-1", SECOND, resource)).isEqualTo(200);
        done(send("DELETE", "clients/web-1/keys/default"));
        assertThat(status("web-1", FIRST, resource)).isEqualTo(401);

        done(send("DELETE", "clients/web-1"));
        assertThat(status("web-1", SECOND, resource)).isEqualTo(401);
        awaitAudited(
                "directory_client_create: client-create acme web-1 by alice 201",
                "directory_client_disable: client-disable acme web-1 by alice 200",
                "directory_client_enable: client-enable acme web-1 by alice 200",
                "directory_key_rotate: key-rotate --client acme/web-1 second --old-until 2999-01-01T00:00:00Z by alice 201",
                "directory_key_remove: key-remove --client acme/web-1 default by alice 200",
                "directory_client_delete: client-delete acme web-1 by alice 200");
    }

    @Test
    void keysAreAddedListedExpiredRotatedAndRemoved() throws Exception {
        done(admin.post("directory/users", holder("bob", FIRST)));

        done(admin.post(
                "directory/users/bob/keys", holder("second", SECOND).put("expires_at", "2999-01-01T00:00:00Z")));
        assertThat(status("bob", FIRST, "jobs")).isEqualTo(200);
        assertThat(status("bob", SECOND, "jobs")).isEqualTo(200);
        JsonArray keys = new JsonArray(ApiClient.text(admin.get("directory/users/bob/keys")));
        assertThat(keys).hasSize(2);
        assertThat(keys.getJsonObject(1).getString("name")).isEqualTo("second");
        assertThat(keys.getJsonObject(1).getString("fingerprint"))
                .isEqualTo(KeyFingerprint.of((RSAPublicKey) SECOND.getPublic()));

        done(put("users/bob/keys/second/expiry", new JsonObject().put("at", "2020-01-01T00:00:00Z")));
        assertThat(status("bob", SECOND, "jobs")).isEqualTo(401);
        done(send("DELETE", "users/bob/keys/second"));
        done(admin.post("directory/users/bob/rotation", holder("third", SECOND)));
        assertThat(status("bob", FIRST, "jobs")).isEqualTo(401);
        assertThat(status("bob", SECOND, "jobs")).isEqualTo(200);
        assertRefused(
                put("users/bob/keys/third/expiry", new JsonObject().put("at", "tomorrow")),
                "'at' is 'tomorrow' and must be a time such as 2030-12-31T23:59:59Z");
        assertRefused(
                put("users/bob/keys/third/expiry", new JsonObject().put("until", "2030-12-31T23:59:59Z")),
                "the request body must not have 'until'");
        assertRefused(
                admin.post(
                        "directory/apply",
                        new JsonObject()
                                .put(
                                        "users",
                                        new JsonArray().add(new JsonObject().put("name", new JsonArray().add(7))))),
                "'users[0].name' is [7] and must be of another type");
        assertThat(admin.post(
                                "directory/users/bob/keys",
                                new JsonObject().put("name", "x").put("public_key", "no key"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(admin.get("directory/users/nobody/keys").statusCode()).isEqualTo(404);
        assertThat(admin.get("directory/unicorns/bob/keys").statusCode()).isEqualTo(404);
        Await.until("all are audited", DEADLINE, () -> audited().size() == 9);
        assertThat(audited())
                .contains(
                        "directory_key_add: key-add --user bob second --expires 2999-01-01T00:00:00Z by alice 201",
                        "directory_key_expire: key-expire --user bob second --at 2020-01-01T00:00:00Z by alice 200",
                        "directory_key_remove: key-remove --user bob second by alice 200",
                        "directory_key_rotate: key-rotate --user bob third by alice 201");
    }

    @Test
    void groupThatLocksTheAdminsOutIsToldBeforeAndCanBeUndone() throws Exception {
        done(admin.post("directory/users", holder("bob", FIRST)));

        HttpResponse<byte[]> refused = send("PUT", "groups/pushy_job_writers/users/bob");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(ApiClient.text(refused))
                .contains("no longer may start jobs in organisation 'acme': user alice", "confirm=true");

        done(send("PUT", "groups/pushy_job_writers/users/bob?confirm=true"));
        JsonObject job = new JsonObject().put("command", "x").put("nodes", new JsonArray().add("node-1"));
        assertThat(admin.post("jobs", job).statusCode()).isEqualTo(403);

        // the admins still have the directory
        done(send("DELETE", "groups/pushy_job_writers?confirm=true"));
        assertThat(admin.post("jobs", job).statusCode()).isEqualTo(201);
        done(send("PUT", "groups/pushy_job_writers/groups/admins"));
        done(send("PUT", "groups/pushy_job_writers/users/bob"));
        done(send("DELETE", "groups/pushy_job_writers/users/bob"));
        assertThat(admin.post("jobs", job).statusCode()).isEqualTo(201);
        awaitAudited(
                "directory_user_create: user-create bob by alice 201",
                "directory_group_add: group-add acme pushy_job_writers --user bob by alice 409",
                "directory_group_add: group-add acme pushy_job_writers --user bob by alice 200",
                "directory_group_delete: group-delete acme pushy_job_writers by alice 200",
                "directory_group_add: group-add acme pushy_job_writers --group admins by alice 200",
                "directory_group_add: group-add acme pushy_job_writers --user bob by alice 200",
                "directory_group_remove: group-remove acme pushy_job_writers --user bob by alice 200");
    }

    @Test
    void whatIsAppliedTwiceChangesNothingTheSecondTime() throws Exception {
        JsonObject plan = new JsonObject()
                .put("users", new JsonArray().add(holder("bob", FIRST).put("admin", true)))
                .put("clients", new JsonArray().add(holder("web-1", FIRST)).add(holder("node-1", SECOND)))
                .put(
                        "groups",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("name", "operators")
                                        .put("clients", new JsonArray().add("web-1"))));

        assertThat(done(admin.post("directory/apply", plan))).contains("created 2, changed 3");
        assertThat(done(admin.post("directory/apply", plan))).contains("created 0, changed 0");

        assertThat(status("node-1", SECOND, "node_states/node-1"))
                .as("its key is the one of the plan")
                .isEqualTo(200);
        assertThat(new JsonObject(ApiClient.text(admin.get("directory"))).getJsonArray("groups"))
                .contains(new JsonObject()
                        .put("name", "operators")
                        .put("users", new JsonArray())
                        .put("clients", new JsonArray().add("web-1"))
                        .put("groups", new JsonArray()));
        String asked = "directory_apply: apply acme: users bob (admin), clients web-1 node-1,"
                + " groups operators (users , clients web-1, groups ) by alice 200";
        awaitAudited(
                "directory_user_create: user-create bob by alice 200",
                "directory_org_user_add: org-user-add acme bob --admin by alice 200",
                "directory_client_create: client-create acme web-1 by alice 200",
                "directory_key_add: key-add --client acme/node-1 default by alice 200",
                "directory_group_create: group-create acme operators by alice 200",
                "directory_group_add: group-add acme operators --client web-1 by alice 200",
                asked,
                asked);
    }

    @Test
    void whatWasAppliedBeforeItBrokeOffIsInTheAuditLog() throws Exception {
        JsonObject plan = new JsonObject()
                .put("users", new JsonArray().add(holder("bob", FIRST)))
                .put(
                        "groups",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("name", "pushy_job_writers")
                                        .put("users", new JsonArray().add("bob"))));

        HttpResponse<byte[]> refused = admin.post("directory/apply", plan);

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(ApiClient.text(refused)).contains("no longer may start jobs", "confirm=true");
        awaitAudited(
                "directory_user_create: user-create bob by alice 200",
                "directory_org_user_add: org-user-add acme bob by alice 200",
                "directory_apply: apply acme: users bob, clients , groups pushy_job_writers (users bob, clients ,"
                        + " groups ) by alice 409");
    }

    @Test
    void onlyAdminsMay() throws Exception {
        done(admin.post("directory/users", holder("bob", FIRST)));
        try (ApiClient bob = as("bob", FIRST);
                ApiClient node = server.client("node-1")) {
            for (ApiClient client : List.of(bob, node)) {
                assertThat(client.get("directory").statusCode()).isEqualTo(403);
                assertThat(client.post("directory/users", holder("eve", FIRST)).statusCode())
                        .isEqualTo(403);
                assertThat(client.send("DELETE", "directory/users/alice", new byte[0])
                                .statusCode())
                        .isEqualTo(403);
            }
        }
        done(send("PUT", "groups/admins/users/bob"));
        assertThat(status("bob", FIRST, "directory")).isEqualTo(200);
    }

    @Test
    void usersOfOtherOrganisationsAreNotTheirs() throws Exception {
        execute("insert into directory_organisations (guid, name) values ('" + "f".repeat(32) + "', 'other')");
        execute("insert into directory_users (name) values ('carol'), ('dave')");
        execute("insert into directory_user_keys values ('carol', 'default', '" + pem(FIRST)
                + "'), ('dave', 'default', '" + pem(FIRST) + "')");
        execute("insert into directory_org_members values ('" + "f".repeat(32) + "', 'carol'), ('" + "f".repeat(32)
                + "', 'dave'), ('" + TestOrganisation.GUID + "', 'dave')");

        // carol is not even known here, and nobody makes her a member of his organisation to change her keys
        assertThat(send("DELETE", "users/carol").statusCode()).isEqualTo(404);
        assertThat(admin.post(
                                "directory/apply",
                                new JsonObject().put("users", new JsonArray().add(holder("carol", SECOND))))
                        .statusCode())
                .isEqualTo(403);
        // dave belongs to both
        assertThat(admin.post("directory/users/dave/keys", holder("mine", SECOND))
                        .statusCode())
                .isEqualTo(403);
        assertThat(send("PUT", "users/dave/disabled").statusCode()).isEqualTo(403);
        assertThat(send("DELETE", "users/dave").statusCode()).isEqualTo(403);
        done(send("DELETE", "members/dave"));
        assertThat(send("DELETE", "users/dave").statusCode()).isEqualTo(404);
    }

    private RawAgent available(String node) throws Exception {
        RawAgent agent = RawAgent.connect(
                server.client(node), node, server.organisation().key());
        agent.becomeAvailable();
        Await.until(
                "it is available",
                DEADLINE,
                () -> ApiClient.text(admin.get("node_states/" + node)).contains("\"available\""));
        return agent;
    }

    @Test
    void agentOfAClientThatIsDisabledIsDisconnectedAndComesAgainByItselfWhenItIsEnabled() throws Exception {
        String url = server.organisation().uri(server.ports().api()).toString();
        try (Agent agent = new Agent(
                AgentSettings.of(
                                ServerUrl.parse(url),
                                "node-1",
                                server.organisation().key())
                        .withFileDir(directory.resolve("files"))
                        .withWhitelist(Map.of("check", "true")),
                Clock.systemUTC())) {
            agent.start();
            admin.awaitAvailable(1, DEADLINE);

            done(send("PUT", "clients/node-1/disabled"));
            Await.until("nobody is connected", DEADLINE, () -> server.connections() == 0);
            admin.awaitAvailable(0, DEADLINE);

            done(send("DELETE", "clients/node-1/disabled"));
            admin.awaitAvailable(1, DEADLINE);
            String job = admin.startJob("check", List.of("node-1"));
            assertThat(admin.awaitEnd(job, DEADLINE).getString("status")).isEqualTo("complete");
        }
    }

    @Test
    void anotherAgentOfAClientThatWasDisabledIsLetInOnceItIsEnabled() throws Exception {
        try (RawAgent agent = available("node-1")) {
            done(send("PUT", "clients/node-1/disabled"));
            Await.until("nobody is connected", DEADLINE, () -> server.connections() == 0);
            assertThat(config(agent)).isEqualTo(401);

            done(send("DELETE", "clients/node-1/disabled"));
            try (RawAgent another = RawAgent.connect(
                    server.client("node-1"), "node-1", server.organisation().key(), "another process")) {
                another.becomeAvailable();
                String job = admin.startJob("check", List.of("node-1"));
                assertThat(another.receive(DEADLINE))
                        .hasValueSatisfying(message -> assertThat(message)
                                .isInstanceOfSatisfying(
                                        ServerMessage.Commit.class,
                                        commit -> assertThat(commit.jobId()).isEqualTo(job)));
            }
        }
    }

    private int config(RawAgent agent) throws Exception {
        try (ApiClient node = server.client("node-1")) {
            return node.get("config/node-1?ccpk=" + URLEncoder.encode(agent.curvePublicKey(), StandardCharsets.UTF_8))
                    .statusCode();
        }
    }

    @Test
    void agentOfAClientThatLosesAKeyIsDisconnected() throws Exception {
        done(admin.post("directory/clients/node-1/keys", holder("second", SECOND)));
        try (RawAgent _ = available("node-1")) {
            done(send("DELETE", "clients/node-1/keys/second"));

            Await.until("nobody is connected", DEADLINE, () -> server.connections() == 0);
        }
    }

    @Test
    void agentOfAKeyThatHasExpiredIsDisconnected() throws Exception {
        done(admin.post("directory/clients/node-1/keys", holder("second", SECOND)));
        try (RawAgent _ = available("node-1")) {
            // what comes while the server runs, and is noticed by nobody's request
            execute("update directory_keys_of_clients set expires_at = now() where key_name = 'second'");

            Await.until("nobody is connected", DEADLINE, () -> server.connections() == 0);
        }
    }

    @Test
    void agentThatAnAdminLetInIsDisconnectedWhenHeIsNoAdminAnyMore() throws Exception {
        done(admin.post("directory/users", holder("bob", FIRST).put("admin", true)));
        done(send("PUT", "groups/operators/users/bob"));
        done(send("PUT", "groups/admins/groups/operators"));
        try (ApiClient bob = as("bob", FIRST);
                RawAgent byBob = RawAgent.connect(bob, "node-1", (RSAPrivateKey) FIRST.getPrivate());
                RawAgent _ = available("node-2")) {
            byBob.becomeAvailable();
            admin.awaitAvailable(2, DEADLINE);

            done(send("DELETE", "groups/admins/users/bob"));
            assertThat(server.connections()).as("he is one by another group").isEqualTo(2);

            done(send("DELETE", "groups/admins/groups/operators?confirm=true"));
            Await.until("the other node's agent is alone", DEADLINE, () -> server.connections() == 1);
            admin.awaitAvailable(1, DEADLINE);
        }
    }
}
