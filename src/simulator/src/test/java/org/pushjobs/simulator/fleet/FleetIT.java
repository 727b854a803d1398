package org.pushjobs.simulator.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.simulator.JavaPrograms;
import org.pushjobs.simulator.bench.Scale;
import org.pushjobs.simulator.bench.bed.Api;
import org.pushjobs.simulator.bench.bed.Bed;
import org.pushjobs.simulator.bench.bed.ServerUnderTest;
import org.pushjobs.simulator.bench.bed.Waiting;
import org.pushjobs.simulator.diary.Diary;
import org.pushjobs.simulator.diary.Entry.What;
import org.pushjobs.simulator.fleet.FleetSettings.Kind;
import org.pushjobs.simulator.fleet.FleetSettings.Protocol;
import org.pushjobs.simulator.fleet.FleetSettings.Subscription;
import org.pushjobs.simulator.report.Tally.Count;
import org.pushjobs.simulator.script.Cast;

/** Simulated agents with a real server: they do what agents do, and jobs end as the tables say (lifecycle.md). */
class FleetIT {
    private static final int NODES = 20;
    private static final int MOST_FLEETS = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    private static Bed bed;
    private static ServerUnderTest server;
    private static Api api;
    private static int first = 1 - NODES;

    @BeforeAll
    static void startServer() throws Exception {
        bed = Bed.make(JavaPrograms.get(), Scale.TINY, directory, NODES * MOST_FLEETS);
        server = bed.startServer(Map.of(
                "heartbeat_interval", 500, "voting_timeout", 3, "decay_window", 2, "detect_offline_nodes_interval", 1));
        api = bed.api(server);
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
        bed.close();
    }

    /** Of nodes that no other test has: agents that follow each other under one name would look like rivals. */
    private static Fleet fleet(Subscription subscription, String... behaviour) throws Exception {
        return fleet(Kind.HEALING, subscription, behaviour);
    }

    private static Fleet fleet(Kind kind, Subscription subscription, String... behaviour) throws Exception {
        return fleet(kind, subscription, Diary.NONE, behaviour);
    }

    private static Fleet fleet(Kind kind, Subscription subscription, Diary diary, String... behaviour)
            throws Exception {
        return fleet(kind, Protocol.PLAIN, subscription, diary, behaviour);
    }

    private static Fleet fleet(Protocol protocol, Diary diary, String... behaviour) throws Exception {
        return fleet(Kind.HEALING, protocol, Subscription.SHARED, diary, behaviour);
    }

    private static Fleet fleet(
            Kind kind, Protocol protocol, Subscription subscription, Diary diary, String... behaviour)
            throws Exception {
        first += NODES;
        return new Fleet(
                new FleetSettings(
                        URI.create(server.url() + "/organizations/" + Bed.ORG),
                        PemKeys.privateKey(Files.readString(directory.resolve("nodes.pem"))),
                        NODES,
                        new NodeNames(NodeNames.DEFAULT_PREFIX, first),
                        kind,
                        protocol,
                        subscription,
                        Cast.parse(List.of(behaviour)),
                        0,
                        Duration.ofMillis(200),
                        4,
                        2),
                Clock.systemUTC(),
                diary);
    }

    private static void awaitAvailable(Fleet fleet) throws InterruptedException {
        Waiting.value("all agents available", PATIENCE, fleet::state, state -> state.available() == NODES);
        server.awaitAvailable(NODES, PATIENCE);
    }

    private static JsonNode runJob(String command, List<String> nodes) throws Exception {
        return awaitEnd(api.startJob(command, nodes));
    }

    private static JsonNode awaitEnd(String id) throws InterruptedException {
        return Waiting.value(
                "the end of the job",
                PATIENCE,
                () -> api.job(id),
                job -> !Set.of("new", "voting", "running")
                        .contains(job.path("status").asText()));
    }

    /** A node that is in rehab at the moment may make a job fail; but not for long. */
    private static void awaitSuccess(List<String> nodes) throws InterruptedException {
        Waiting.value(
                "a job that succeeds on all",
                PATIENCE,
                () -> runJob("succeed", nodes),
                job -> job.path("nodes").path("succeeded").size() == nodes.size());
    }

    private static Set<String> nodeStatuses(JsonNode job) {
        Set<String> statuses = new TreeSet<>();
        job.path("nodes").fieldNames().forEachRemaining(statuses::add);
        return statuses;
    }

    /** How a job on two nodes should end; the first of them is one that fails when the command is no script. */
    private record Ending(String command, String status, Set<String> nodeStatuses) {}

    @ParameterizedTest
    @EnumSource
    void jobsEndAsTheirScriptsSay(Protocol protocol) throws Exception {
        List<Ending> endings = List.of(
                new Ending("whatever", "complete", Set.of("failed", "succeeded")),
                new Ending("succeed", "complete", Set.of("succeeded")),
                new Ending("fail", "complete", Set.of("failed")),
                new Ending("slow:1 output:100", "complete", Set.of("succeeded")),
                new Ending("nack", "quorum_failed", Set.of("nacked")),
                new Ending("nack-run", "complete", Set.of("failed")),
                new Ending("late:6", "quorum_failed", Set.of("unavailable")),
                new Ending("duplicate", "complete", Set.of("succeeded")),
                new Ending("vanish-vote", "quorum_failed", Set.of("unavailable")),
                new Ending("vanish", "complete", Set.of("crashed")));
        try (Fleet fleet = fleet(protocol, Diary.NONE, "fail=0.05")) {
            fleet.start();
            awaitAvailable(fleet);

            List<String> jobs = new ArrayList<>();
            for (Ending ending : endings) {
                jobs.add(api.startJob(ending.command(), bed.nodes(first + 2 * jobs.size(), 2)));
            }

            for (int i = 0; i < endings.size(); i++) {
                JsonNode job = awaitEnd(jobs.get(i));
                Ending ending = endings.get(i);
                assertThat(job.path("status").asText()).as(job.toString()).isEqualTo(ending.status());
                assertThat(nodeStatuses(job)).as(job.toString()).isEqualTo(ending.nodeStatuses());
            }
            Waiting.value(
                    "all that have not vanished available",
                    PATIENCE,
                    () -> server.metrics().availableNodes(),
                    available -> available == NODES - 4);
            assertThat(fleet.state().running()).isEqualTo(NODES - 4);
            assertThat(fleet.tally().get(Count.VANISHED)).isEqualTo(4);
            assertThat(fleet.tally().get(Count.CONNECTIONS_LOST)).isZero();
        }
    }

    @Test
    void resultThatIsSentTwiceCountsOnceAndTheNodeRecovers() throws Exception {
        try (Fleet fleet = fleet(Subscription.SHARED)) {
            fleet.start();
            awaitAvailable(fleet);

            JsonNode job = runJob("duplicate", bed.nodes(first, 1));

            assertThat(job.path("nodes").path("succeeded").size())
                    .as(job.toString())
                    .isEqualTo(1);
            assertThat(fleet.tally().get(Count.RESULTS_SENT)).isEqualTo(2);
            awaitSuccess(bed.nodes(first, 1));
        }
    }

    @ParameterizedTest
    @CsvSource({"PLAIN, crashed", "EXTENDED, succeeded"})
    void resultThatIsLostWithItsConnectionIsSaidAgainWhereItHasToBeAcknowledged(Protocol protocol, String status)
            throws Exception {
        Queue<String> results = new ConcurrentLinkedQueue<>();
        Diary diary = (what, node, job) -> {
            if (what == What.RESULT) {
                results.add(node + " " + job.orElseThrow());
            }
        };
        try (Fleet fleet = fleet(protocol, diary)) {
            fleet.start();
            awaitAvailable(fleet);
            List<String> nodes = bed.nodes(first, NODES);
            String id = api.startJob("slow:3600", nodes);
            Waiting.value(
                    "commands that run",
                    PATIENCE,
                    () -> api.job(id),
                    job -> job.path("nodes").path("running").size() == NODES);

            // A server that stands still reads nothing, and takes what was sent to it with it.
            freezeServer();
            fleet.finishCommands();
            Waiting.value("results", PATIENCE, () -> fleet.tally().get(Count.RESULTS_SENT), sent -> sent == NODES);
            server.kill();
            server.restart();

            JsonNode job = awaitEnd(id);
            assertThat(job.path("nodes").path(status).size()).as(job.toString()).isEqualTo(NODES);
            assertThat(results)
                    .containsExactlyInAnyOrderElementsOf(
                            nodes.stream().map(node -> node + " " + id).toList());
            awaitAvailable(fleet);
            awaitSuccess(nodes);
        }
    }

    private static void freezeServer() throws Exception {
        int status = new ProcessBuilder("kill", "-STOP", Long.toString(server.pid()))
                .start()
                .waitFor();
        assertThat(status).isZero();
    }

    @Test
    void acknowledgedResultsAreNotSaidAgain() throws Exception {
        try (Fleet fleet = fleet(Protocol.EXTENDED, Diary.NONE)) {
            fleet.start();
            awaitAvailable(fleet);
            List<String> nodes = bed.nodes(first, NODES);
            awaitSuccess(nodes);
            // What has no result; its commit comes after the acknowledgement.
            runJob("nack", nodes);

            fleet.storm(1);
            Waiting.value("new connections", PATIENCE, () -> fleet.tally().get(Count.CONNECTIONS), c -> c == 2 * NODES);
            awaitAvailable(fleet);

            assertThat(fleet.tally().get(Count.RESULTS_SENT)).isPositive();
            assertThat(fleet.tally().get(Count.RESULTS_REPEATED)).isZero();
            assertThat(fleet.tally().errors()).isEmpty();
        }
    }

    @Test
    void resultsThatAreAcknowledgedHaveAnExitCodeAndNoOutput() throws Exception {
        try (Fleet fleet = fleet(Protocol.EXTENDED, Diary.NONE)) {
            fleet.start();
            awaitAvailable(fleet);
            String node = bed.nodes(first, 1).getFirst();

            String id = api.startCapturingJob("fail output:10", List.of(node));

            assertThat(awaitEnd(id).path("nodes").path("failed").size()).isEqualTo(1);
            JsonNode end = api.jobInDetail(id).path("detail").path("nodes").path(node);
            assertThat(end.path("exit_code").asInt()).as(end.toString()).isEqualTo(1);
            assertThat(end.has("stdout_bytes")).as(end.toString()).isFalse();
            assertThat(fleet.tally().errors())
                    .containsExactly(
                            Map.entry("a job wants output, which agents that speak protocol 2.1 do not send", 1L));
        }
    }

    @ParameterizedTest
    @EnumSource(Subscription.class)
    void stormHealsWithoutNewConfigurations(Subscription subscription) throws Exception {
        try (Fleet fleet = fleet(subscription)) {
            fleet.start();
            awaitAvailable(fleet);
            assertThat(fleet.tally().get(Count.CONNECTIONS)).isEqualTo(NODES);

            fleet.storm(1);

            Waiting.value("new connections", PATIENCE, () -> fleet.tally().get(Count.CONNECTIONS), c -> c == 2 * NODES);
            awaitAvailable(fleet);
            assertThat(fleet.tally().get(Count.FETCHES)).isEqualTo(NODES);
            assertThat(fleet.tally().errors()).isEmpty();
            awaitSuccess(bed.nodes(first, NODES));
        }
    }

    @Test
    void agentsComeBackToARestartedServerAndFetchOnlyForANewIncarnation() throws Exception {
        try (Fleet fleet = fleet(Subscription.SHARED)) {
            fleet.start();
            awaitAvailable(fleet);

            server.kill();
            server.restart();
            awaitAvailable(fleet);

            assertThat(fleet.tally().get(Count.FETCHES)).isEqualTo(NODES);
            assertThat(fleet.tally().get(Count.CONNECTIONS_LOST)).isEqualTo(NODES);

            server.stop();
            bed.database().renewIncarnation();
            server.restart();
            Waiting.value(
                    "a new configuration for each",
                    PATIENCE,
                    () -> fleet.tally().get(Count.FETCHES_FOR_INCARNATION),
                    fetches -> fetches >= NODES);
            awaitAvailable(fleet);

            assertThat(fleet.tally().get(Count.FETCHES_FOR_INCARNATION)).isEqualTo(NODES);
        }
    }

    @Test
    void roamingAgentsAskOnceWhereTheirServerIsWhenNobodyListensAndGoThere() throws Exception {
        Path config = directory.resolve("server.json");
        byte[] ofThisServer = Files.readAllBytes(config);
        try (Fleet fleet = fleet(Kind.ROAMING, Subscription.OWN)) {
            fleet.start();
            awaitAvailable(fleet);

            server.kill();
            try (ServerUnderTest elsewhere = bed.startServer(
                    Map.of("api_port", server.url().getPort(), "heartbeat_interval", 500, "decay_window", 2))) {
                elsewhere.awaitAvailable(NODES, PATIENCE);

                assertThat(fleet.tally().get(Count.FETCHES_FOR_SERVER)).isEqualTo(NODES);
                assertThat(fleet.state().mostFetches()).isEqualTo(2);
            }
        } finally {
            Files.write(config, ofThisServer);
            server.restart();
        }
    }

    @Test
    void deafAgentsComeBackByOneConfigurationEachWhenTheirCommandsHaveEnded() throws Exception {
        try (Fleet fleet = fleet(Kind.DEAF, Subscription.OWN)) {
            fleet.start();
            awaitAvailable(fleet);
            String job = api.startJob("slow:3600", bed.nodes(first, NODES));
            Waiting.value("commands that run", PATIENCE, () -> fleet.tally().get(Count.RUNS), runs -> runs == NODES);

            server.kill();
            Waiting.value("all agents deaf", PATIENCE, fleet::state, state -> state.deaf() == NODES);
            server.restart();
            Waiting.value("new connections", PATIENCE, fleet::state, state -> state.connected() == NODES);
            assertThat(fleet.state().available()).isZero();
            assertThat(fleet.state().deaf()).isEqualTo(NODES);
            fleet.finishCommands();

            Waiting.value("results", PATIENCE, () -> fleet.tally().get(Count.RESULTS_SENT), sent -> sent == NODES);
            awaitAvailable(fleet);
            assertThat(fleet.state().mostFetches()).isEqualTo(2);
            assertThat(fleet.tally().get(Count.FETCHES_FOR_SILENCE)).isEqualTo(NODES);
            assertThat(awaitEnd(job).path("status").asText()).isEqualTo("complete");
            awaitSuccess(bed.nodes(first, NODES));
        }
    }

    @Test
    void resultsOfCommandsThatEndedWhileTheServerWasAwayArriveWhenItIsBack() throws Exception {
        try (Fleet fleet = fleet(Subscription.SHARED)) {
            fleet.start();
            awaitAvailable(fleet);
            String job = api.startJob("slow:3600", bed.nodes(first, NODES));
            Waiting.value("commands that run", PATIENCE, () -> fleet.tally().get(Count.RUNS), runs -> runs == NODES);

            server.kill();
            Waiting.value(
                    "all know that it is away",
                    PATIENCE,
                    () -> fleet.tally().get(Count.SERVER_AWAY),
                    away -> away == NODES);
            fleet.finishCommands();
            server.restart();

            JsonNode ended = awaitEnd(job);
            assertThat(ended.path("nodes").path("succeeded").size())
                    .as(ended.toString())
                    .isEqualTo(NODES);
        }
    }

    @Test
    void diaryHasWhatAgentsDidAboutAJobAndWhenTheyWereBack() throws Exception {
        Queue<String> notes = new ConcurrentLinkedQueue<>();
        Diary diary = (what, node, job) -> notes.add(what + " " + node + " " + job.orElse("-"));
        try (Fleet fleet = fleet(Kind.HEALING, Subscription.SHARED, diary)) {
            fleet.start();
            awaitAvailable(fleet);
            String node = bed.nodes(first, 1).getFirst();

            String job = api.startJob("succeed", List.of(node));
            awaitEnd(job);
            fleet.storm(1);
            Waiting.value("new connections", PATIENCE, () -> fleet.tally().get(Count.CONNECTIONS), c -> c == 2 * NODES);
            awaitAvailable(fleet);

            // An agent that is new, or was away, may be told to drop what it has.
            assertThat(notes.stream()
                            .filter(note -> note.contains(" " + node + " "))
                            .filter(note -> !note.startsWith("ABORTED")))
                    .containsExactly(
                            "BACK " + node + " -",
                            "ACK_COMMIT " + node + " " + job,
                            "ACK_RUN " + node + " " + job,
                            "RESULT " + node + " " + job,
                            "BACK " + node + " -");
        }
    }

    @Test
    void agentsThatAreStartedAnewAreOthers() throws Exception {
        try (Fleet fleet = fleet(Subscription.SHARED)) {
            fleet.start();
            awaitAvailable(fleet);

            fleet.start();
            Waiting.value("new connections", PATIENCE, () -> fleet.tally().get(Count.CONNECTIONS), c -> c == 2 * NODES);

            awaitAvailable(fleet);
            assertThat(fleet.tally().get(Count.FETCHES)).isEqualTo(2 * NODES);
        }
    }

    @Test
    void hushedAgentsStayConnectedAndWhatTheySentHasArrived() throws Exception {
        try (Fleet fleet = fleet(Subscription.SHARED)) {
            long before = server.metrics().heartbeatsReceived();
            fleet.start();
            awaitAvailable(fleet);

            fleet.hush();
            server.awaitAvailable(0, PATIENCE);

            assertThat(fleet.state().connected()).isEqualTo(NODES);
            assertThat(server.metrics().heartbeatsReceived() - before)
                    .isEqualTo(fleet.tally().get(Count.HEARTBEATS_SENT));
        }
    }
}
