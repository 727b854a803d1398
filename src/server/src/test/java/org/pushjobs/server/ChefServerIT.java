package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.directory.Group;
import org.pushjobs.server.directory.Principal;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.ChefServerFixture;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RawAgent;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TestAuthority;

/** A whole server beside a Chef server, which knows an organisation that the server's own database does not. */
@ExtendWith(PostgresExtension.class)
class ChefServerIT {
    private static final String ORG = "kitchen";
    private static final String GUID = "fedcba9876543210fedcba9876543210";
    private static final KeyPair KEYS = PemKeys.generate();
    private static final KeyPair OTHER_KEYS = PemKeys.generate();
    private static final Duration PATIENCE = Await.DEADLINE;

    @TempDir
    private Path directory;

    private ChefServerFixture chef;
    private RunningServer server;

    @BeforeEach
    void startBoth(DatabaseConfig.External database) throws Exception {
        TestAuthority authority = new TestAuthority();
        chef = ChefServerFixture.startTls(authority.identity("localhost"))
                .organisation(ORG, GUID)
                .principals(
                        ORG,
                        "alice",
                        principal("alice", Principal.Type.USER, OTHER_KEYS, true),
                        principal("alice", Principal.Type.USER, KEYS, true))
                .principals(ORG, "bob", principal("bob", Principal.Type.USER, KEYS, true))
                .principals(ORG, "mallory", principal("mallory", Principal.Type.USER, KEYS, false))
                .principals(ORG, "web-1", principal("web-1", Principal.Type.CLIENT, KEYS, true))
                .group(ORG, "admins", new Group(Set.of("root"), Set.of(), Set.of("operators")))
                .group(ORG, "operators", new Group(Set.of("alice"), Set.of(), Set.of("admins")));
        Files.writeString(directory.resolve("ca.pem"), authority.certificatePem());
        JsonObject settings =
                chef.settings(directory, database).put("chef_ca_file", "ca.pem").put("directory_cache_seconds", 0);
        server = RunningServer.start(directory, settings, database, 1);
    }

    @AfterEach
    void stopBoth() {
        server.close();
        chef.close();
    }

    private static Principal principal(String name, Principal.Type type, KeyPair keys, boolean orgMember) {
        return new Principal(name, type, PemKeys.toPem((RSAPublicKey) keys.getPublic()), orgMember);
    }

    private ApiClient api(String org, String name) {
        return new ApiClient(
                URI.create("http://127.0.0.1:" + server.ports().api() + "/organizations/" + org), name, (RSAPrivateKey)
                        KEYS.getPrivate());
    }

    private int status() throws IOException, InterruptedException {
        URI server = URI.create("http://127.0.0.1:" + this.server.ports().api());
        return new ApiClient(server, "alice", (RSAPrivateKey) KEYS.getPrivate())
                .get("_status")
                .statusCode();
    }

    private static JsonArray error(String message) {
        return new JsonArray().add(message);
    }

    private void assertRefused(ApiClient api, int status, String message) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = api.get("node_states");
        assertThat(answer.statusCode()).as(ApiClient.text(answer)).isEqualTo(status);
        assertThat(new JsonObject(ApiClient.text(answer)).getJsonArray("error")).isEqualTo(error(message));
    }

    @Test
    void aNodeOfTheChefServerRunsAJobOfItsUser() throws Exception {
        ApiClient alice = api(ORG, "alice");
        try (RawAgent node = RawAgent.connect(api(ORG, "web-1"), "web-1", (RSAPrivateKey) KEYS.getPrivate())) {
            node.becomeAvailable();
            alice.awaitAvailable(1, PATIENCE);

            String id = alice.startJob("true", List.of("web-1"));

            assertThat(node.receive(PATIENCE)).get().isInstanceOf(ServerMessage.Commit.class);
            node.send(new AgentMessage.AckCommit(node.envelope(Optional.of(id))));
            assertThat(node.receive(PATIENCE)).get().isInstanceOf(ServerMessage.Run.class);
        }
    }

    @Test
    void strangersAreRefusedAsWithTheDatabaseOfTheServer() throws Exception {
        assertRefused(api(ORG, "mallory"), 403, "'mallory' is not associated with organization 'kitchen'");
        assertRefused(
                api(ORG, "nobody"),
                401,
                "Failed to authenticate as 'nobody'. Ensure that your node_name and client key are correct.");
        assertRefused(api("elsewhere", "alice"), 404, "organization 'elsewhere' does not exist.");
        assertThat(api(ORG, "bob").get("node_states").statusCode()).isEqualTo(200);
        HttpResponse<byte[]> start = api(ORG, "bob")
                .post("jobs", new JsonObject().put("command", "true").put("nodes", new JsonArray().add("web-1")));
        assertThat(start.statusCode()).isEqualTo(403);
        assertThat(new JsonObject(ApiClient.text(start)).getJsonArray("error"))
                .isEqualTo(error("User or client 'bob' does not have access to that action on this server."));
        assertThat(server.admin().get("node_states").statusCode())
                .as("an organisation of the server's own database")
                .isEqualTo(404);
    }

    @Test
    void anOrganisationThatTheChefServerLostIsNotFound() throws Exception {
        assertThat(api(ORG, "alice").get("node_states").statusCode()).isEqualTo(200);

        chef.withoutOrganisation(ORG);

        assertRefused(api(ORG, "alice"), 404, "organization 'kitchen' does not exist.");
    }

    @Test
    void withoutTheChefServerRequestsGetBadGatewayUntilItIsBack() throws Exception {
        chef.goDown();
        assertRefused(
                api(ORG, "alice"), 502, "the Chef server cannot be used now (no connection to it); try again later");
        assertThat(status()).isEqualTo(200);

        chef.comeBack();
        assertThat(api(ORG, "alice").get("node_states").statusCode()).isEqualTo(200);
    }
}
