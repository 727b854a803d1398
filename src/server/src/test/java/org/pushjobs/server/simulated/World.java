package org.pushjobs.server.simulated;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.pushjobs.config.HealthConfig;
import org.pushjobs.config.JobRecovery;
import org.pushjobs.config.JobsConfig;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.facts.Facts;
import org.pushjobs.server.facts.Lines;
import org.pushjobs.server.jobs.Term;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.store.ToldConfig;

/**
 * Two backends, each with a gateway and a coordinator, three API processes with those who use them and those who read feeds, a
 * database, and agents. Everything that happens follows from the seed.
 */
final class World {
    static final String ORG = "0123456789abcdef0123456789abcdef";
    static final long INTERVAL_MILLIS = 1_000;
    static final int RUN_TIMEOUT_SECONDS = 60;
    static final int MAX_BODY_BYTES = 65_536;
    static final Duration LEASE = Duration.ofSeconds(3);
    static final ToldConfig TOLD = new ToldConfig("tcp://push:10000", "tcp://push:10002", (int) INTERVAL_MILLIS);
    static final HealthConfig HEALTH =
            new HealthConfig(Duration.ofMillis(INTERVAL_MILLIS), 0.6, 4, 4, Duration.ofSeconds(1));
    static final Term.Settings TERM = new Term.Settings(
            "push",
            new JobsConfig(
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(RUN_TIMEOUT_SECONDS),
                    Duration.ofSeconds(10),
                    JobRecovery.RESUME,
                    Duration.ZERO),
            Duration.ofMillis(INTERVAL_MILLIS),
            0,
            16_384,
            MAX_BODY_BYTES);
    static final ServerMetrics METRICS = new ServerMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));

    static final List<String> BACKENDS = List.of("a", "b");

    private final SplittableRandom random;
    private final Set<Plant> plants;
    private final Detail detail;
    private final Timeline timeline = new Timeline();
    private final History history = new History(timeline);
    private final Network network;
    private final ModelDatabase database;
    private final List<Backend> backends = new ArrayList<>();
    private final List<VirtualAgent> agents = new ArrayList<>();
    private final List<VirtualClient> clients = new ArrayList<>();
    private final Map<VirtualProcess, VirtualReader> readers = new LinkedHashMap<>();
    private final Map<Long, Coordinator.Active> active = new LinkedHashMap<>();
    private final List<String> startedJobs = new ArrayList<>();
    private int requests;

    /** What the history has. */
    enum Detail {
        WHAT_IS_CHECKED,
        EVERYTHING
    }

    World(long seed, Set<Plant> plants, Detail detail, int agentCount) {
        this.detail = detail;
        this.random = new SplittableRandom(seed);
        this.plants = plants;
        this.network = new Network(this, random.split());
        this.database = new ModelDatabase(timeline, random.split(), history, plants);
        BACKENDS.forEach(host -> backends.add(new Backend(this, random.split(), host)));
        for (String host : VirtualReader.hosts()) {
            VirtualProcess process = new VirtualProcess(host, host, timeline, random.split());
            readers.put(process, new VirtualReader(this, random.split(), process));
            clients.add(new VirtualClient(this, random.split(), process));
        }
        for (int i = 0; i < agentCount; i++) {
            VirtualAgent agent =
                    new VirtualAgent(this, random.split(), new NodeRef(ORG, "node-" + i), random.nextBoolean());
            agents.add(agent);
            agent.start();
        }
    }

    Timeline timeline() {
        return timeline;
    }

    History history() {
        return history;
    }

    Network network() {
        return network;
    }

    ModelDatabase database() {
        return database;
    }

    Set<Plant> plants() {
        return plants;
    }

    List<Backend> backends() {
        return backends;
    }

    List<VirtualAgent> agents() {
        return agents;
    }

    List<VirtualClient> clients() {
        return clients;
    }

    /** A source of chance of one's own. */
    SplittableRandom split() {
        return random.split();
    }

    void note(String text) {
        history.add(new History.Note(text));
    }

    /** Something that is of interest only to those who want to see everything. */
    void trace(Supplier<String> text) {
        if (detail == Detail.EVERYTHING) {
            note(text.get());
        }
    }

    Lines linesOf(VirtualProcess process) {
        return network.linesOf(process, UnaryOperator.identity());
    }

    /** @param told what becomes of facts before they are sent */
    Lines linesOf(VirtualProcess process, UnaryOperator<Facts> told) {
        return network.linesOf(process, told);
    }

    /** Where an agent's connection gets to; empty while nobody listens there. */
    Optional<VirtualPort> portFor(VirtualAgent agent) {
        Backend home = backends.get(agent.home() % backends.size());
        return home.gateway()
                .or(() -> home.isTakenOver()
                        ? backends.get((agent.home() + 1) % backends.size()).gateway()
                        : Optional.empty())
                .map(VirtualGateway::port);
    }

    /** The ids of those that live. */
    List<String> gateways() {
        return backends.stream()
                .flatMap(backend -> backend.gateway().stream())
                .map(VirtualGateway::id)
                .toList();
    }

    /** Who has a connection to the gateway of this id, or had one at that time or later. */
    List<VirtualAgent> agentsOf(String gateway, long sinceMillis) {
        return backends.stream()
                .flatMap(backend -> backend.gateway().stream())
                .filter(found -> found.id().equals(gateway))
                .flatMap(found -> found.agentsSince(sinceMillis).stream())
                .toList();
    }

    void isLost(VirtualGateway gateway) {
        backends.stream()
                .flatMap(backend -> backend.coordinator().stream())
                .forEach(coordinator -> coordinator.isLost(gateway.id()));
    }

    /** The agent is killed, and started again at once. */
    void restart(VirtualAgent agent) {
        agent.die();
        agent.start();
        agent.disturbed(History.Disturbance.AGENT);
    }

    // ---- the term

    void answers(Coordinator.Active term) {
        active.put(term.epoch(), term);
    }

    void doesNotAnswer(long epoch) {
        active.remove(epoch);
    }

    Optional<Coordinator.Active> activeIn(long epoch) {
        return Optional.ofNullable(active.get(epoch));
    }

    void announce(VirtualProcess from, String jobId) {
        readers.forEach((process, reader) -> network.carry(from, process, () -> reader.announced(jobId)));
    }

    // ---- the jobs

    int nextRequest() {
        return ++requests;
    }

    /** Somebody was told that the job has started: all follow it from now on. */
    void started(String jobId) {
        if (!startedJobs.contains(jobId)) {
            startedJobs.add(jobId);
            readers.values().forEach(reader -> reader.follow(jobId));
        }
    }

    List<String> startedJobs() {
        return startedJobs;
    }

    /** What has not come to rest, for people. */
    List<String> unsettled() {
        List<String> unsettled = new ArrayList<>();
        database.tables().statuses().forEach((job, status) -> {
            if (!status.isTerminal()) {
                unsettled.add("job " + job + " is " + status);
            }
        });
        agents.stream().filter(agent -> !agent.isQuiet()).forEach(agent -> unsettled.add(agent.toString()));
        readers.forEach((process, reader) -> {
            if (!reader.isDone()) {
                unsettled.add(process + " waits for events");
            }
        });
        return unsettled;
    }
}
