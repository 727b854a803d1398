package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.FreePort;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RawAgent;
import org.pushjobs.server.testing.ServerProcess;
import org.pushjobs.server.testing.TcpProxy;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.server.testing.TestOrganisation;

/** The server while its database is away: at the start, and in the middle of its work. */
@ExtendWith(PostgresExtension.class)
class LateDatabaseIT {
    private static final Duration DEADLINE = Await.DEADLINE;

    @TempDir
    Path directory;

    @Test
    void serverStartsWithoutDatabaseSaysSoAndBecomesReadyWhenItComes(DatabaseConfig.External database)
            throws Exception {
        try (TcpProxy proxy = new TcpProxy(database.host(), database.port())) {
            // given
            int apiPort = FreePort.pick();
            JsonObject settings = TestConfig.settings(database)
                    .put(
                            "database",
                            TestConfig.url(database, proxy.listenPort()).replace(database.host(), "127.0.0.1"))
                    .put("api_port", apiPort);
            ServerProcess server = ServerProcess.start(TestConfig.write(directory, settings));
            try {
                // then: alive, but refusing, and saying why
                Await.until("the API listens", DEADLINE, () -> status(apiPort).contains("it's alive"));
                assertThat(postUnsigned(apiPort)).isEqualTo(503);
                Await.until("the log says it", DEADLINE, () -> server.log().contains("the database does not answer"));

                // when
                proxy.open();

                // then
                server.awaitReady();
                TestOrganisation organisation = TestOrganisation.create(database, 1);
                try (ApiClient admin = organisation.admin(apiPort)) {
                    assertThat(admin.startJob("anything", organisation.nodes())).hasSize(32);

                    // when: it goes away again
                    proxy.cut();

                    // then
                    Await.until("a job refused", DEADLINE, () -> post(admin).statusCode() == 503);
                    assertThat(ApiClient.text(post(admin))).contains("database");

                    // when it is back, without a restart
                    proxy.open();
                    Await.until("a job accepted", DEADLINE, () -> post(admin).statusCode() == 201);
                }
                assertThat(server.isAlive()).isTrue();
            } finally {
                server.close();
            }
        }
    }

    @Test
    void votesThatArriveWhileTheDatabaseIsAwayAreCountedWhenItIsBack(DatabaseConfig.External database)
            throws Exception {
        try (TcpProxy proxy = new TcpProxy(database.host(), database.port())) {
            // given: a job that waits for the vote of its node
            proxy.open();
            JsonObject settings = TestConfig.settings(database)
                    .put(
                            "database",
                            TestConfig.url(database, proxy.listenPort()).replace(database.host(), "127.0.0.1"));
            ServerProcess server = ServerProcess.start(TestConfig.write(directory, settings));
            int apiPort = server.awaitReady().getInteger("api_port");
            TestOrganisation organisation = TestOrganisation.create(database, 1);
            String node = organisation.nodes().getFirst();
            try (ApiClient admin = organisation.admin(apiPort);
                    RawAgent agent = RawAgent.connect(organisation.client(apiPort, node), node, organisation.key())) {
                agent.becomeAvailable();
                admin.awaitAvailable(1, DEADLINE);
                String job = admin.startJob("anything", List.of(node));
                assertThat(agent.receive(DEADLINE).orElseThrow()).isInstanceOf(ServerMessage.Commit.class);

                // when
                proxy.cut();
                agent.send(new AgentMessage.AckCommit(agent.envelope(Optional.of(job))));

                // then: nothing is sent that is not stored
                assertThat(agent.receive(Duration.ofSeconds(1))).isEmpty();

                // when
                proxy.open();
                agent.heartbeat(JobState.COMMITTED, Optional.of(job));

                // then
                assertThat(agent.receive(DEADLINE)).contains(new ServerMessage.Run(job));
            } finally {
                server.close();
            }
        }
    }

    private static HttpResponse<byte[]> post(ApiClient admin) throws Exception {
        return admin.post("jobs", new JsonObject().put("command", "x").put("nodes", new JsonArray().add("node-1")));
    }

    private static String status(int port) throws Exception {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/pushy/_status")))
                .body();
    }

    private static int postUnsigned(int port) throws Exception {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/organizations/acme/pushy/jobs"))
                        .POST(HttpRequest.BodyPublishers.ofString("{}")))
                .statusCode();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.timeout(Duration.ofSeconds(5)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
