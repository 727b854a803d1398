package org.pushjobs.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.agent.Agent;
import org.pushjobs.agent.settings.AgentSettings;
import org.pushjobs.chefhttp.ServerUrl;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.testing.AgentProcess;
import org.pushjobs.server.testing.ApiClient;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.FeedClient;
import org.pushjobs.server.testing.FreePort;
import org.pushjobs.server.testing.PostgresExtension;
import org.pushjobs.server.testing.RawAgent;
import org.pushjobs.server.testing.RunningServer;
import org.pushjobs.server.testing.TestConfig;

/** Our agent and our server with all they can say to each other, over real sockets, with real commands. */
@ExtendWith(PostgresExtension.class)
class ExtendedProtocolIT {
    private static final Duration DEADLINE = Await.DEADLINE;

    @TempDir
    private Path directory;

    private JsonObject settings;
    private RunningServer server;
    private ApiClient admin;
    private Agent agent;
    private String node;

    @BeforeEach
    void start(DatabaseConfig.External database) throws Exception {
        settings = TestConfig.settings(database)
                .put("api_port", FreePort.pick())
                .put("server_heartbeat_port", FreePort.pick())
                .put("command_port", FreePort.pick());
        server = RunningServer.start(directory, settings, database, 2);
        admin = server.admin();
        node = server.organisation().nodes().getFirst();
        agent = new Agent(
                AgentSettings.of(
                                ServerUrl.parse(server.organisation()
                                        .uri(server.ports().api())
                                        .toString()),
                                node,
                                server.organisation().key())
                        .withFileDir(directory.resolve("files"))
                        .withWhitelist(Map.of(
                                "gate", "echo before; " + wait("gate") + "echo after",
                                "bytes", "printf 'a\\377\\0b'; printf oops >&2",
                                "seven", "exit 7",
                                "trouble", "echo hello; echo no such package >&2; exit 3",
                                "killed", "kill -KILL $$",
                                "nothing", "true",
                                "forks", forks(),
                                "count", "for i in $(seq 1 4000); do echo line $i; sleep 0.002; done",
                                "stubborn", "trap '' TERM; echo alive; sleep 1000; sleep 1000")),
                Clock.systemUTC());
        agent.start();
        admin.awaitAvailable(1, DEADLINE);
    }

    @AfterEach
    void stop() {
        agent.close();
        admin.close();
        server.close();
    }

    /** Four processes that ignore TERM, one of them in a session of its own and without its parent. */
    private String forks() {
        String child = "sh -c 'trap \"\" TERM; echo $$ >> " + directory + "/pids; while :; do sleep 1; done' & ";
        return "trap '' TERM; echo $$ >> " + directory + "/pids; " + child + "(" + child + "); (setsid " + child
                + "); while :; do sleep 1; done";
    }

    private String wait(String file) {
        return "while [ ! -e " + directory.resolve(file) + " ]; do sleep 0.02; done; ";
    }

    private String run(String command) throws Exception {
        return run(command, true);
    }

    private String run(String command, boolean capture) throws Exception {
        return admin.startJob(new JsonObject()
                .put("command", command)
                .put("nodes", new JsonArray(List.of(node)))
                .put("capture_output", capture));
    }

    private String path(String job, String channelAndQuery) {
        return "jobs/" + job + "/output/" + node + "/" + channelAndQuery;
    }

    private JsonObject detail(String job) throws Exception {
        return detail(job, "");
    }

    private JsonObject detail(String job, String parameters) throws Exception {
        return new JsonObject(ApiClient.text(admin.get("jobs/" + job + "?detail=true" + parameters)))
                .getJsonObject("detail")
                .getJsonObject("nodes")
                .getJsonObject(node);
    }

    private static String read(InputStream stream, int bytes) throws IOException {
        return new String(stream.readNBytes(bytes), StandardCharsets.UTF_8);
    }

    // ---- output

    @Test
    void outputIsFollowedWhileTheCommandRunsAndEndsWithIt() throws Exception {
        String job = run("gate");
        admin.awaitJob(
                job, DEADLINE, document -> document.getJsonObject("nodes").containsKey("running"));

        HttpResponse<InputStream> followed = admin.open(path(job, "stdout?follow=true"));

        assertThat(followed.statusCode()).isEqualTo(200);
        assertThat(followed.headers().firstValue("Content-Type")).contains("application/octet-stream");
        try (InputStream stream = followed.body()) {
            assertThat(read(stream, 7)).isEqualTo("before\n");
            assertThat(admin.get(path(job, "stdout")).statusCode()).isEqualTo(404);
            assertThat(ApiClient.text(admin.get(path(job, "stdout?follow=false"))))
                    .isEqualTo("before\n");
            assertThat(ApiClient.text(admin.get(path(job, "stdout?follow=false&offset=3"))))
                    .isEqualTo("ore\n");
            assertThat(detail(job))
                    .contains(
                            Map.entry("output", "partial"), Map.entry("stdout_bytes", 7), Map.entry("stderr_bytes", 0));
            Files.createFile(directory.resolve("gate"));
            assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("after\n");
        }
        admin.awaitEnd(job, DEADLINE);
        assertThat(ApiClient.text(admin.get(path(job, "stdout")))).isEqualTo("before\nafter\n");
        assertThat(ApiClient.text(admin.get(path(job, "stdout?follow=true&offset=7"))))
                .isEqualTo("after\n");
        assertThat(admin.get(path(job, "stderr")).body()).isEmpty();
        assertThat(detail(job))
                .contains(
                        Map.entry("status", "succeeded"),
                        Map.entry("exit_code", 0),
                        Map.entry("output", "kept"),
                        Map.entry("stdout_bytes", 13));
    }

    @Test
    void outputComesBackByteForByte() throws Exception {
        String job = run("bytes");
        admin.awaitEnd(job, DEADLINE);

        assertThat(admin.get(path(job, "stdout")).body()).containsExactly('a', 0xff, 0, 'b');
        assertThat(ApiClient.text(admin.get(path(job, "stderr")))).isEqualTo("oops");
    }

    @Test
    void commandThatWritesNothingHasEmptyOutput() throws Exception {
        String job = run("nothing");
        admin.awaitEnd(job, DEADLINE);

        HttpResponse<byte[]> answer = admin.get(path(job, "stdout"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void outputUntilAnAbortIsThere() throws Exception {
        String job = run("stubborn");
        Await.until(
                "output is there",
                () -> ApiClient.text(admin.get(path(job, "stdout?follow=false")))
                        .equals("alive\n"));

        try (InputStream stream = admin.open(path(job, "stdout?follow=true")).body()) {
            admin.abort(job);
            assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("alive\n");
        }

        admin.awaitEnd(job, DEADLINE);
        assertThat(ApiClient.text(admin.get(path(job, "stdout")))).isEqualTo("alive\n");
        assertThat(detail(job)).contains(Map.entry("status", "aborted"), Map.entry("output", "partial"));
    }

    @Test
    void wrongParametersAreRefused() throws Exception {
        String job = run("nothing");
        for (String query : List.of("follow=yes", "offset=-1", "offset=x", "offset=", "offset=1&offset=2")) {
            assertThat(admin.get(path(job, "stdout?" + query)).statusCode())
                    .as(query)
                    .isEqualTo(400);
        }
        assertThat(admin.get("job_status_feed/" + job + "?output=yes").statusCode())
                .isEqualTo(400);
    }

    @Test
    void jobThatDoesNotCaptureHasNothingToFollow() throws Exception {
        String job = admin.startJob("gate", List.of(node));

        assertThat(admin.get(path(job, "stdout?follow=true")).statusCode()).isEqualTo(404);
        assertThat(admin.get("jobs/" + job + "/output/other/stdout?follow=true").statusCode())
                .isEqualTo(404);
        Files.createFile(directory.resolve("gate"));
        admin.awaitEnd(job, DEADLINE);
    }

    @Test
    void feedHasOutputForThoseWhoAskForIt() throws Exception {
        String job = run("gate");
        try (FeedClient with = feed("job_status_feed/" + job + "?output=true");
                FeedClient without = feed("job_status_feed/" + job)) {
            Await.until("the first line is told", () -> output(with).equals("before\n"));
            Files.createFile(directory.resolve("gate"));

            List<FeedClient.Event> events = with.awaitEnd();

            assertThat(output(with)).isEqualTo("before\nafter\n");
            assertThat(events.getFirst().name()).isEqualTo("start");
            assertThat(events.getLast().name()).isEqualTo("job_complete");
            assertThat(events.stream().filter(event -> event.name().equals("output")))
                    .allSatisfy(event -> {
                        assertThat(event.data().getString("node")).isEqualTo(node);
                        assertThat(event.data().getString("channel")).isEqualTo("stdout");
                    });
            assertThat(without.awaitEnd())
                    .extracting(ExtendedProtocolIT::withoutTime)
                    .containsExactlyElementsOf(events.stream()
                            .filter(event -> !event.name().equals("output"))
                            .map(ExtendedProtocolIT::withoutTime)
                            .toList());
            assertThat(events).extracting(FeedClient.Event::name).containsSubsequence("start", "run_start", "output");
            assertThat(events)
                    .extracting(event -> event.data().getString("timestamp"))
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    /** Beside output an event may be a little later. */
    private static String withoutTime(FeedClient.Event event) {
        return event.text().replaceFirst("\"timestamp\":\"[^\"]*\"", "");
    }

    private FeedClient feed(String path) throws IOException {
        return FeedClient.open(server.organisation(), server.ports().api(), FeedClient.Request.of(path));
    }

    private static String output(FeedClient feed) {
        StringBuilder text = new StringBuilder();
        for (FeedClient.Event event : feed.events()) {
            if (event.name().equals("output")) {
                assertThat(event.data().getInteger("offset")).isEqualTo(text.length());
                text.append(
                        new String(Base64.getDecoder().decode(event.data().getString("data")), StandardCharsets.UTF_8));
            }
        }
        return text.toString();
    }

    @Test
    void restartOfTheServerLosesNoOutput() throws Exception {
        String job = run("count");
        Await.until(
                "output is there",
                () -> !ApiClient.text(admin.get(path(job, "stdout?follow=false")))
                        .isEmpty());

        server.restart();

        admin.awaitEnd(job, Duration.ofSeconds(90));
        StringBuilder expected = new StringBuilder();
        for (int i = 1; i <= 4000; i++) {
            expected.append("line ").append(i).append('\n');
        }
        assertThat(ApiClient.text(admin.get(path(job, "stdout")))).isEqualTo(expected.toString());
        assertThat(detail(job)).contains(Map.entry("status", "succeeded"));
    }

    @Test
    void fiftyMegabytesOnEachChannelArriveCutOffFromASmallAgent() throws Exception {
        int bytes = 50 * 1024 * 1024;
        int limit = 10 * 1024 * 1024;
        String big = server.organisation().nodes().get(1);
        String command = "yes out | head -c " + bytes + " & yes err | head -c " + bytes + " >&2; wait";
        try (AgentProcess small = AgentProcess.start(
                directory,
                server.organisation(),
                server.organisation().uri(server.ports().api()),
                big,
                Map.of("big", command),
                List.of("-Xmx24m"))) {
            admin.awaitAvailable(2, DEADLINE);
            node = big;

            String job = run("big");

            JsonObject ended = admin.awaitEnd(job, Duration.ofSeconds(120));
            assertThat(ended.getJsonObject("nodes").getJsonArray("succeeded")).containsExactly(big);
            assertThat(detail(job))
                    .contains(
                            Map.entry("stdout_dropped_bytes", bytes - limit),
                            Map.entry("stderr_dropped_bytes", bytes - limit));
            for (String channel : List.of("stdout", "stderr")) {
                String text = ApiClient.text(admin.get(path(job, channel)));
                assertThat(text.substring(0, limit))
                        .isEqualTo((channel.substring(3) + "\n")
                                .repeat(limit / 4 + 1)
                                .substring(0, limit));
                assertThat(text.substring(limit))
                        .isEqualTo("\n[push jobs: output cut off here, " + (bytes - limit)
                                + " more bytes were written]\n");
            }
            assertThat(small.isAlive()).isTrue();
        }
    }

    // ---- the last output of failed commands

    @Test
    void lastOutputOfAFailedCommandIsThereThoughNobodyHadAskedForIt() throws Exception {
        String job = run("trouble", false);

        admin.awaitEnd(job, DEADLINE);

        assertThat(detail(job, "&output_tail=true"))
                .contains(
                        Map.entry("status", "failed"),
                        Map.entry("exit_code", 3),
                        Map.entry("output", "none"),
                        Map.entry("output_tail_bytes", 22),
                        Map.entry("output_tail_offset", 0),
                        Map.entry("output_tail", "hello\nno such package\n"));
        assertThat(detail(job).fieldNames()).contains("output_tail_bytes").doesNotContain("output_tail");
        assertThat(admin.get(path(job, "stdout")).statusCode()).isEqualTo(404);
        assertThat(admin.get(path(job, "stderr")).statusCode()).isEqualTo(404);
    }

    @Test
    void capturedOutputIsNotThereTwiceAndWhatSucceedsHasNone() throws Exception {
        String captured = run("trouble");
        admin.awaitEnd(captured, DEADLINE);
        String succeeded = run("bytes", false);
        admin.awaitEnd(succeeded, DEADLINE);

        assertThat(detail(captured, "&output_tail=true").fieldNames()).doesNotContain("output_tail_bytes");
        assertThat(ApiClient.text(admin.get(path(captured, "stderr")))).isEqualTo("no such package\n");
        assertThat(detail(succeeded, "&output_tail=true").fieldNames()).doesNotContain("output_tail_bytes");
    }

    @Test
    void serverThatStoresNoneIsSentNone() throws Exception {
        server.close();
        server = RunningServer.restart(directory, settings.copy().put("max_output_tail", 0), server.organisation());
        agent.refetchConfig();
        Await.until("the agent has its new configuration", () -> agent.status().configFetches() == 2);
        admin.awaitAvailable(1, DEADLINE);

        String job = run("trouble", false);

        admin.awaitEnd(job, DEADLINE);
        assertThat(detail(job, "&output_tail=true").fieldNames())
                .contains("exit_code")
                .doesNotContain("output_tail_bytes", "output_tail");
    }

    // ---- how commands end, and why jobs are refused

    @Test
    void exitCodeAndSignalAreShown() throws Exception {
        String seven = run("seven");
        admin.awaitEnd(seven, DEADLINE);
        assertThat(detail(seven)).contains(Map.entry("status", "failed"), Map.entry("exit_code", 7));
        assertThat(detail(seven).containsKey("signal")).isFalse();

        String killed = run("killed");
        admin.awaitEnd(killed, DEADLINE);
        assertThat(detail(killed)).contains(Map.entry("exit_code", 137), Map.entry("signal", "KILL"));
    }

    @Test
    void reasonOfARefusalIsShown() throws Exception {
        String job = run("not in the whitelist");
        admin.awaitEnd(job, DEADLINE);

        assertThat(detail(job))
                .contains(
                        Map.entry("status", "nacked"),
                        Map.entry("reason_code", "not_whitelisted"),
                        Map.entry("reason", "the command is not in the whitelist: not in the whitelist"));
    }

    // ---- what a command leaves

    @Test
    void abortedCommandIsGoneWithAllItsChildrenWithinSixSecondsAndNothingElseIsTouched() throws Exception {
        Process bystander = new ProcessBuilder("sleep", "300").start();
        String job = run("forks");
        Await.until("all its processes run", DEADLINE, () -> pids().size() == 4);
        List<ProcessHandle> processes = pids();

        long begin = System.nanoTime();
        admin.abort(job);
        Await.until("all are gone", DEADLINE, () -> processes.stream().noneMatch(ExtendedProtocolIT::runs));

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(6));
        assertThat(bystander.isAlive()).isTrue();
        bystander.destroyForcibly();
        admin.awaitEnd(job, DEADLINE);
        assertThat(detail(job)).contains(Map.entry("status", "aborted"));
    }

    private List<ProcessHandle> pids() throws IOException {
        return Files.readAllLines(directory.resolve("pids")).stream()
                .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
                .toList();
    }

    /** A zombie does not; whoever is process 1 here may be slow to take it away. */
    private static boolean runs(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }

    // ---- agents that speak protocol 2.0

    @Test
    void agentOfProtocol20IsSentNothingOfProtocol21() throws Exception {
        String other = server.organisation().nodes().get(1);
        try (ApiClient client = server.client(other);
                RawAgent raw =
                        RawAgent.connect(client, other, server.organisation().key())) {
            raw.heartbeat(JobState.IDLE, Optional.empty());
            await(raw, ServerMessage.Abort.class);
            raw.send(new AgentMessage.Aborted(raw.envelope(Optional.empty())));
            admin.awaitAvailable(2, DEADLINE);

            String job = admin.startJob("x", List.of(other));
            assertThat(await(raw, ServerMessage.Commit.class))
                    .isEqualTo(new ServerMessage.Commit(job, "127.0.0.1", JobSpec.of("x")));
            raw.send(new AgentMessage.AckCommit(raw.envelope(Optional.of(job))));
            await(raw, ServerMessage.Run.class);
            raw.send(new AgentMessage.AckRun(raw.envelope(Optional.of(job))));
            raw.send(new AgentMessage.Succeeded(raw.envelope(Optional.of(job)), Optional.empty()));

            admin.awaitEnd(job, DEADLINE);
            assertThat(raw.receive(Duration.ofSeconds(1))).isEmpty();
        }
    }

    private static <T extends ServerMessage> T await(RawAgent agent, Class<T> type) throws Exception {
        Optional<ServerMessage> message = agent.receive(DEADLINE);
        assertThat(message).containsInstanceOf(type);
        return type.cast(message.orElseThrow());
    }

    // ---- the server goes away

    @Test
    @Tag("load")
    void serverThatIsAwayForAMinuteGetsTheResultAfterwards() throws Exception {
        String job = run("gate");
        admin.awaitJob(
                job, DEADLINE, document -> document.getJsonObject("nodes").containsKey("running"));
        server.close();
        TimeUnit.SECONDS.sleep(30);
        Files.createFile(directory.resolve("gate"));
        TimeUnit.SECONDS.sleep(30);

        server = RunningServer.restart(directory, settings, server.organisation());

        JsonObject ended = admin.awaitEnd(job, DEADLINE);
        assertThat(ended.getString("status")).isEqualTo("complete");
        assertThat(ended.getJsonObject("nodes").getJsonArray("succeeded")).containsExactly(node);
        assertThat(ApiClient.text(admin.get(path(job, "stdout")))).isEqualTo("before\nafter\n");
    }

    // ---- the server does not speak protocol 2.1

    @Test
    void agentOfAServerWithoutExtensionsSpeaksAsTheRubyAgent() throws Exception {
        server.close();
        server =
                RunningServer.restart(directory, settings.copy().put("agent_extensions", false), server.organisation());
        agent.refetchConfig();
        Await.until("the agent has its new configuration", () -> agent.status().configFetches() == 2);
        admin.awaitAvailable(1, DEADLINE);

        String job = run("bytes");

        admin.awaitEnd(job, DEADLINE);
        assertThat(ApiClient.text(admin.get(path(job, "stdout")))).isEqualTo("a\uFFFD\0b");
        assertThat(ApiClient.text(admin.get(path(job, "stderr")))).isEqualTo("oops");
        assertThat(detail(job)).contains(Map.entry("output", "kept"));
        assertThat(detail(job).containsKey("exit_code")).isFalse();
        assertThat(server.receivedTypes())
                .doesNotContain("output", "timing_out")
                .contains("succeeded");
        String refused = run("not in the whitelist");
        admin.awaitEnd(refused, DEADLINE);
        assertThat(detail(refused).containsKey("reason")).isFalse();
    }
}
