package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RawAgent;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TestConfig;
import org.pushjobs.server.testing.TestOrganisation;

/** Jobs that are aborted, with agents that do what the test says (docs/decisions, a job is aborted). */
@ExtendWith(PostgresExtension.class)
class JobAbortIT {
    private static final Duration DEADLINE = Await.DEADLINE;
    private static final int NODES = 2;

    @TempDir
    Path directory;

    private final List<RawAgent> agents = new ArrayList<>();
    private DatabaseConfig.External database;
    private JsonObject settings;
    private RunningServer server;
    private ApiClient admin;

    @BeforeEach
    void start(DatabaseConfig.External freshDatabase) throws Exception {
        database = freshDatabase;
        // slow heartbeats, so that the agents here are not taken for silent ones
        settings =
                TestConfig.settings(database).put("heartbeat_interval", 20_000).put("abort_grace", 2);
        server = RunningServer.start(directory, settings, database, NODES);
        admin = server.admin();
        for (String node : server.organisation().nodes()) {
            try (ApiClient client = server.client(node)) {
                RawAgent agent =
                        RawAgent.connect(client, node, server.organisation().key());
                agents.add(agent);
                agent.becomeAvailable();
            }
        }
        admin.awaitAvailable(NODES, DEADLINE);
    }

    @AfterEach
    void stop() {
        agents.forEach(RawAgent::close);
        admin.close();
        server.close();
    }

    @Test
    void waitingNodesOfAVoteAreAbortedAtOnce() throws Exception {
        // given: one node has voted, one has not
        String job = startJob();
        vote(0, job);
        admin.awaitJob(job, DEADLINE, document -> nodes(document, "ready") == 1);

        // when
        HttpResponse<byte[]> answer = admin.abort(job);

        // then
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(new JsonObject(ApiClient.text(answer)))
                .isEqualTo(new JsonObject().put("id", job).put("status", "aborted"));
        JsonObject document = admin.job(job);
        assertThat(document.getString("status")).isEqualTo("aborted");
        assertThat(document.getJsonObject("nodes").getJsonArray("aborted")).hasSize(NODES);
        for (RawAgent agent : agents) {
            assertThat(agent.receive(DEADLINE)).contains(new ServerMessage.Abort());
        }
        assertThat(events(job)).containsExactly("start {}", "quorum_vote success", "job_complete aborted");

        // and again
        assertThat(admin.abort(job).statusCode()).isEqualTo(202);
    }

    @Test
    void runningNodesAreAbortedWhenTheySaySoAndAResultInBetweenCounts() throws Exception {
        // given
        String job = runOnBothNodes();

        // when
        HttpResponse<byte[]> first = admin.abort(job);
        HttpResponse<byte[]> second = admin.abort(job);

        // then
        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(ApiClient.text(first)).isEqualTo("{\"id\":\"" + job + "\",\"status\":\"running\"}");
        assertThat(second.statusCode()).isEqualTo(202);
        agents.get(0)
                .send(new AgentMessage.Succeeded(
                        agents.get(0).envelope(Optional.of(job)), Optional.of(new Output("just in time", ""))));
        for (RawAgent agent : agents) {
            assertThat(agent.receive(DEADLINE)).contains(new ServerMessage.Abort());
        }
        agents.get(1).send(new AgentMessage.Aborted(agents.get(1).envelope(Optional.of(job))));
        JsonObject document = admin.awaitEnd(job, DEADLINE);
        assertThat(document.getString("status")).isEqualTo("aborted");
        assertThat(document.getJsonObject("nodes"))
                .isEqualTo(new JsonObject()
                        .put("succeeded", new JsonArray().add("node-1"))
                        .put("aborted", new JsonArray().add("node-2")));
        assertThat(ApiClient.text(admin.get("jobs/" + job + "/output/node-1/stdout")))
                .isEqualTo("just in time");
        assertThat(events(job)).endsWith("run_complete success", "job_complete aborted");
        assertDetail(job);
    }

    private void assertDetail(String job) throws Exception {
        JsonObject detail =
                new JsonObject(ApiClient.text(admin.get("jobs/" + job + "?detail=true"))).getJsonObject("detail");
        assertThat(detail.getString("abort_requested_by")).isEqualTo(TestOrganisation.ADMIN);
        JsonObject succeeded = detail.getJsonObject("nodes").getJsonObject("node-1");
        assertThat(succeeded.getString("output")).isEqualTo("kept");
        assertThat(succeeded.getInteger("stdout_bytes")).isEqualTo(12);
        assertThat(succeeded.getString("voted_at"))
                .isLessThanOrEqualTo(succeeded.getString("started_at"))
                .startsWith("20");
        assertThat(succeeded.getString("started_at")).isLessThanOrEqualTo(succeeded.getString("finished_at"));
        JsonObject aborted = detail.getJsonObject("nodes").getJsonObject("node-2");
        assertThat(aborted.getString("reason")).isEqualTo("the job was aborted");
        assertThat(aborted.getString("output")).isEqualTo("none");
        assertThat(aborted.getString("finished_at")).isGreaterThanOrEqualTo(detail.getString("abort_requested_at"));
    }

    @Test
    void nodeThatDoesNotAnswerIsAbortedAfterTheGracePeriod() throws Exception {
        // given
        String job = runOnBothNodes();

        // when
        admin.abort(job);

        // then
        JsonObject document = admin.awaitEnd(job, DEADLINE);
        assertThat(document.getString("status")).isEqualTo("aborted");
        assertThat(document.getJsonObject("nodes").getJsonArray("aborted")).hasSize(NODES);
        assertThat(ApiClient.text(admin.get("jobs/" + job + "?detail=true"))).contains("did not answer in time");
    }

    @Test
    void finishedJobIsNotAborted() throws Exception {
        // given
        String job = startJob();
        for (RawAgent agent : agents) {
            agent.send(new AgentMessage.NackCommit(agent.envelope(Optional.of(job))));
        }
        admin.awaitEnd(job, DEADLINE);

        // when
        HttpResponse<byte[]> answer = admin.abort(job);

        // then
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(ApiClient.text(answer))
                .isEqualTo("{\"error\":[\"the job '" + job + "' has ended, its status is quorum_failed\"]}");
        assertThat(admin.job(job).getString("status")).isEqualTo("quorum_failed");
    }

    @Test
    void jobThatIsNotThereIsNotFound() throws Exception {
        assertThat(admin.abort("0123456789abcdef0123456789abcdef").statusCode()).isEqualTo(404);
    }

    @Test
    void abortThatIsUnderWaySurvivesARestartOfTheServer() throws Exception {
        // given
        String job = runOnBothNodes();
        settings.put("abort_grace", 600)
                .put("api_port", server.ports().api())
                .put("server_heartbeat_port", server.ports().heartbeat())
                .put("command_port", server.ports().command());
        admin.abort(job);

        // when
        server.close();
        server = RunningServer.restart(directory, settings, server.organisation());

        // then: a node that still runs is told again, and that it has aborted counts
        for (RawAgent agent : agents) {
            agent.heartbeat(JobState.RUNNING, Optional.of(job));
        }
        for (RawAgent agent : agents) {
            awaitAbortAfterAcknowledgement(agent);
            agent.send(new AgentMessage.Aborted(agent.envelope(Optional.of(job))));
        }
        JsonObject document = admin.awaitEnd(job, DEADLINE);
        assertThat(document.getString("status")).isEqualTo("aborted");
        assertThat(document.getJsonObject("nodes").getJsonArray("aborted")).hasSize(NODES);
    }

    /** The first one may have been sent before the restart; the new connection and the first message are acknowledged. */
    private static void awaitAbortAfterAcknowledgement(RawAgent agent) throws Exception {
        ServerMessage message = agent.receive(DEADLINE).orElseThrow();
        while (!(message instanceof ServerMessage.Ack)) {
            message = agent.receive(DEADLINE).orElseThrow();
        }
        while (message instanceof ServerMessage.Ack) {
            message = agent.receive(DEADLINE).orElseThrow();
        }
        assertThat(message).isEqualTo(new ServerMessage.Abort());
    }

    private String startJob() throws Exception {
        String job = admin.startJob(new JsonObject()
                .put("command", "work")
                .put("capture_output", true)
                .put("nodes", new JsonArray(server.organisation().nodes())));
        for (RawAgent agent : agents) {
            assertThat(agent.receive(DEADLINE).orElseThrow()).isInstanceOf(ServerMessage.Commit.class);
        }
        return job;
    }

    private void vote(int agent, String job) {
        agents.get(agent).send(new AgentMessage.AckCommit(agents.get(agent).envelope(Optional.of(job))));
    }

    private String runOnBothNodes() throws Exception {
        String job = startJob();
        vote(0, job);
        vote(1, job);
        for (RawAgent agent : agents) {
            assertThat(agent.receive(DEADLINE)).contains(new ServerMessage.Run(job));
            agent.send(new AgentMessage.AckRun(agent.envelope(Optional.of(job))));
        }
        admin.awaitJob(job, DEADLINE, document -> nodes(document, "running") == NODES);
        return job;
    }

    private static int nodes(JsonObject document, String status) {
        return document.getJsonObject("nodes")
                .getJsonArray(status, new JsonArray())
                .size();
    }

    /** Name and status of each event. */
    private List<String> events(String job) throws Exception {
        String url = "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.database();
        List<String> events = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url, database.user(), database.password());
                PreparedStatement statement = connection.prepareStatement(
                        "select name || ' ' || coalesce(data->>'status', '{}') from job_events where job_id = ? order by seq")) {
            statement.setString(1, job);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    events.add(rows.getString(1));
                }
            }
        }
        return events;
    }
}
