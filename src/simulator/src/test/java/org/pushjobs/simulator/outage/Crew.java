package org.pushjobs.simulator.outage;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pushjobs.protocol.keys.PemKeys;
import org.pushjobs.simulator.bench.bed.Api;
import org.pushjobs.simulator.bench.bed.Bed;
import org.pushjobs.simulator.bench.bed.ServerUnderTest;
import org.pushjobs.simulator.bench.bed.Waiting;
import org.pushjobs.simulator.fleet.Fleet;
import org.pushjobs.simulator.fleet.FleetSettings;
import org.pushjobs.simulator.fleet.FleetSettings.Kind;
import org.pushjobs.simulator.fleet.FleetSettings.Protocol;
import org.pushjobs.simulator.fleet.FleetSettings.Subscription;
import org.pushjobs.simulator.fleet.NodeNames;
import org.pushjobs.simulator.report.Tally.Count;
import org.pushjobs.simulator.script.Cast;

/** Agents of three kinds, and jobs on them that run until they are told to end: one on each node. */
final class Crew implements AutoCloseable {
    static final int SIMULATED_OF_A_KIND = 6;
    static final int REAL = 2;
    static final int NODES = 2 * SIMULATED_OF_A_KIND + REAL;

    private static final String LONG_COMMAND = "slow:36000";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration RECONNECT_PAUSE = Duration.ofMillis(100);
    private static final Set<String> LIVE = Set.of("new", "voting", "running");

    private final Bed bed;
    private final ServerUnderTest server;
    private final Api api;
    private final Path told;
    private final Map<String, String> kinds = new LinkedHashMap<>();
    private final Map<String, String> jobs = new LinkedHashMap<>();
    private final Map<String, Fleet> simulated = new LinkedHashMap<>();
    private final List<RealAgent> real = new ArrayList<>();

    /** @param first number of its first node; the others follow */
    Crew(Bed bed, ServerUnderTest server, int first) throws Exception {
        this.bed = bed;
        this.server = server;
        this.api = bed.api(server);
        this.told = bed.directory().resolve("told-" + first);
        addFleet("deaf", Kind.DEAF, first);
        addFleet("healing", Kind.HEALING, first + SIMULATED_OF_A_KIND);
        for (String node : bed.nodes(first + 2 * SIMULATED_OF_A_KIND, REAL)) {
            kinds.put(node, "ours");
            real.add(RealAgent.start(bed.directory(), organisation(), node, told));
        }
    }

    private String organisation() {
        return server.url() + "/organizations/" + Bed.ORG;
    }

    private void addFleet(String name, Kind kind, int first) throws Exception {
        bed.nodes(first, SIMULATED_OF_A_KIND).forEach(node -> kinds.put(node, name));
        Fleet fleet = new Fleet(
                new FleetSettings(
                        URI.create(organisation()),
                        PemKeys.privateKey(Files.readString(bed.directory().resolve("nodes.pem"))),
                        SIMULATED_OF_A_KIND,
                        new NodeNames(NodeNames.DEFAULT_PREFIX, first),
                        kind,
                        Protocol.PLAIN,
                        Subscription.OWN,
                        Cast.parse(List.of()),
                        0,
                        RECONNECT_PAUSE,
                        2,
                        1),
                Clock.systemUTC());
        simulated.put(name, fleet);
        fleet.start();
    }

    void awaitAvailable() throws InterruptedException {
        server.awaitAvailable(NODES, PATIENCE);
    }

    /** Starts a job on each node and waits until its command runs. */
    void startJobs() throws Exception {
        for (Map.Entry<String, String> node : kinds.entrySet()) {
            String command = node.getValue().equals("ours") ? RealAgent.COMMAND : LONG_COMMAND;
            jobs.put(node.getKey(), api.startJob(command, List.of(node.getKey())));
        }
        for (String id : jobs.values()) {
            Waiting.value(
                    "a job that runs",
                    PATIENCE,
                    () -> api.job(id),
                    job -> job.path("nodes").has("running"));
        }
    }

    /** Lets the server beat so many times; ends at once when a job has ended, which is too early. */
    void awaitHeartbeats(int count) throws InterruptedException {
        Fleet hearing = simulated.get("healing");
        long wanted = hearing.tally().get(Count.SERVER_HEARTBEATS) + (long) count * SIMULATED_OF_A_KIND;
        Waiting.value(
                count + " server heartbeats or the end of a job",
                Duration.ofMinutes(5),
                () -> hearing.tally().get(Count.SERVER_HEARTBEATS) >= wanted || !ended().isEmpty(),
                over -> over);
    }

    private Map<String, JsonNode> ended() throws IOException {
        Map<String, JsonNode> ended = new LinkedHashMap<>();
        for (Map.Entry<String, String> job : jobs.entrySet()) {
            JsonNode document = api.job(job.getValue());
            if (!LIVE.contains(document.path("status").asText())) {
                ended.put(job.getKey(), document);
            }
        }
        return ended;
    }

    /** Jobs that have not ended as they should, up to now, a line each: on what agent, and what the server says of them. */
    List<String> failures() throws IOException {
        List<String> failures = new ArrayList<>();
        for (Map.Entry<String, JsonNode> one : ended().entrySet()) {
            String node = one.getKey();
            JsonNode job = one.getValue();
            if (!job.path("status").asText().equals("complete")
                    || job.path("nodes").path("succeeded").size() != 1) {
                failures.add(kinds.get(node) + " agent " + node + ": " + api.jobInDetail(jobs.get(node)));
            }
        }
        return failures;
    }

    /** Ends all commands and waits for the ends of the jobs. */
    void finishJobs() throws Exception {
        simulated.values().forEach(Fleet::finishCommands);
        Files.createFile(told);
        try {
            Waiting.value("the ends of all jobs", PATIENCE, this::ended, ended -> ended.size() == jobs.size());
        } catch (RuntimeException e) {
            throw new AssertionError("jobs have not ended though their commands have, on " + live() + "\n" + this, e);
        }
    }

    private List<String> live() throws IOException {
        Set<String> ended = ended().keySet();
        return jobs.keySet().stream()
                .filter(node -> !ended.contains(node))
                .map(node -> kinds.get(node) + " agent " + node + " (job " + jobs.get(node) + ")")
                .toList();
    }

    /** How many configurations one agent of the kind has got at most. */
    int mostFetches(String kind) {
        return simulated.get(kind).state().mostFetches();
    }

    /** When our own agents fetched theirs last. */
    Map<String, String> fetchTimesOfOurs() {
        Map<String, String> times = bed.database().fetchTimes();
        times.keySet().removeIf(node -> !"ours".equals(kinds.get(node)));
        return times;
    }

    /** What the simulated agents did. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        simulated.forEach((kind, fleet) -> {
            text.append(kind).append(" agents: ").append(fleet.state());
            for (Count count : Count.values()) {
                text.append(' ').append(count).append('=').append(fleet.tally().get(count));
            }
            text.append('\n');
        });
        return text.toString();
    }

    @Override
    public void close() {
        simulated.values().forEach(Fleet::close);
        real.forEach(RealAgent::close);
    }
}
