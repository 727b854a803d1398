package org.pushjobs.simulator.fleet;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.pushjobs.protocol.keys.Z85;
import org.pushjobs.protocol.message.ServerHeartbeat;
import org.pushjobs.simulator.config.AgentConfig;
import org.pushjobs.simulator.diary.Diary;
import org.pushjobs.simulator.report.Tally;
import org.pushjobs.simulator.script.Script;
import org.pushjobs.simulator.wire.Wire;
import org.pushjobs.zmtp.nacl.KeyPair;

/** One event loop with its share of the agents: their timers, their randomness, and what they have in common. */
final class FleetLoop extends VerticleBase {
    private static final long TICK_MILLIS = 1;
    private static final long LOOK_MILLIS = 100;
    private static final Duration SHARED_PAUSE = Duration.ofMillis(500);

    private final Fleet fleet;
    private final int index;
    private final SplittableRandom random;
    private final VerifiedHeartbeats verified;
    private final List<FleetNode> nodes = new ArrayList<>();
    private final Map<Integer, HeartbeatWheel> wheels = new HashMap<>();
    private final HeartbeatFeed sharedFeed;
    private final LongSteps longSteps = new LongSteps(work -> vertx.setTimer(LongSteps.PAUSE_MILLIS, _ -> work.run()));
    private boolean hushed;
    private volatile LoopState state = LoopState.NONE;
    private long latestMillis;
    private long mostLateMillis;

    /**
     * What a loop's agents are like at the moment.
     *
     * @param lateMillis how late heartbeats left at worst since the state before
     * @param mostLateMillis the same, since the agents were started
     */
    record LoopState(
            int running,
            int connected,
            int available,
            int deaf,
            int mostFetches,
            long lateMillis,
            long mostLateMillis) {
        private static final LoopState NONE = new LoopState(0, 0, 0, 0, 0, 0, 0);
    }

    FleetLoop(Fleet fleet, int index) {
        this.fleet = fleet;
        this.index = index;
        this.random = new SplittableRandom();
        this.verified = new VerifiedHeartbeats(fleet.clock());
        this.sharedFeed = new HeartbeatFeed(this, fleet::serverHeartbeat);
    }

    @Override
    public Future<?> start() {
        FleetSettings settings = fleet.settings();
        for (int i = index; i < settings.nodes(); i += settings.eventLoops()) {
            nodes.add(node(settings, i));
        }
        vertx.setPeriodic(TICK_MILLIS, _ -> tick());
        vertx.setPeriodic(LOOK_MILLIS, _ -> look());
        return Future.succeededFuture();
    }

    private FleetNode node(FleetSettings settings, int number) {
        String name = settings.names().name(number);
        Script part = settings.cast().scriptOf(number, settings.nodes());
        return switch (settings.kind()) {
            case HEALING, ROAMING -> new SimulatedNode(this, name, (double) number / settings.nodes(), part);
            case DEAF -> new DeafNode(this, name, part);
        };
    }

    @Override
    public Future<?> stop() {
        nodes.forEach(FleetNode::stop);
        sharedFeed.close();
        return Future.succeededFuture();
    }

    private void tick() {
        for (HeartbeatWheel wheel : wheels.values()) {
            latestMillis = Math.max(latestMillis, wheel.advance(now()));
        }
    }

    private void look() {
        int running = 0;
        int connected = 0;
        int available = 0;
        int deaf = 0;
        int mostFetches = 0;
        for (FleetNode node : nodes) {
            node.look();
            running += node.isRunning() ? 1 : 0;
            connected += node.isConnected() ? 1 : 0;
            available += node.isAvailable() ? 1 : 0;
            deaf += node.isDeaf() ? 1 : 0;
            mostFetches = Math.max(mostFetches, node.fetches());
        }
        mostLateMillis = Math.max(mostLateMillis, latestMillis);
        state = new LoopState(running, connected, available, deaf, mostFetches, latestMillis, mostLateMillis);
        latestMillis = 0;
    }

    /** Runs on this loop's thread; callable from any. */
    void execute(Consumer<FleetLoop> work) {
        context.runOnContext(_ -> work.accept(this));
    }

    /** Starts all agents of this loop anew. */
    void startNodes() {
        hushed = false;
        mostLateMillis = 0;
        int perSecond = fleet.settings().startsPerSecond();
        for (int i = 0; i < nodes.size(); i++) {
            FleetNode node = nodes.get(i);
            long number = (long) i * fleet.settings().eventLoops() + index;
            Duration wait =
                    perSecond == 0 ? Duration.ZERO : Duration.ofMillis(TimeUnit.SECONDS.toMillis(number) / perSecond);
            later(wait, node::start);
        }
    }

    void stopNodes() {
        nodes.forEach(FleetNode::stop);
        sharedFeed.close();
    }

    /** Breaks the connections of a random share of the agents. */
    void storm(double share) {
        for (FleetNode node : nodes) {
            if (random.nextDouble() < share) {
                node.dropConnection();
            }
        }
    }

    /** Lets all commands that run end. */
    void finishCommands() {
        nodes.forEach(FleetNode::finishCommand);
    }

    /** Agents send no more heartbeats, until they are started anew. */
    void hush() {
        hushed = true;
    }

    boolean isHushed() {
        return hushed;
    }

    /** Lets the agent listen to the server: over its own feed, or over the one that all share. */
    void listen(AgentConfig config, HeartbeatFeed own) {
        switch (fleet.settings().subscription()) {
            case OWN -> own.open(config);
            case SHARED -> fleet.listen(config);
        }
    }

    /** To be called on the loop that has the shared subscription. */
    void listenForAll(AgentConfig config) {
        if (!sharedFeed.serves(config)) {
            sharedFeed.open(config);
        }
    }

    void serverHeartbeat(ServerHeartbeat heartbeat) {
        nodes.forEach(node -> node.serverHeartbeat(heartbeat));
    }

    HeartbeatWheel wheel(int intervalMillis) {
        return wheels.computeIfAbsent(intervalMillis, interval -> new HeartbeatWheel(interval, now()));
    }

    /** Does something on this loop's thread after a while, at once when that is nothing. */
    void later(Duration delay, Runnable step) {
        if (delay.isZero()) {
            step.run();
        } else {
            vertx.setTimer(Math.max(1, delay.toMillis()), _ -> step.run());
        }
    }

    LongSteps longSteps() {
        return longSteps;
    }

    /** As configured, or up to twice as long. */
    Duration reconnectPause() {
        long pause = fleet.settings().reconnectPause().toMillis();
        return Duration.ofMillis(pause + random.nextLong(pause + 1));
    }

    /** Between attempts to connect to the heartbeat port; for the one connection that all agents share a short time. */
    Duration subscriberPause() {
        return switch (fleet.settings().subscription()) {
            case OWN -> reconnectPause();
            case SHARED -> SHARED_PAUSE;
        };
    }

    Future<KeyPair> newKeys() {
        return fleet.newKeys();
    }

    /** Milliseconds of a monotonic clock. */
    long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    LoopState state() {
        return state;
    }

    Diary diary() {
        return fleet.diary();
    }

    Clock clock() {
        return fleet.clock();
    }

    SplittableRandom random() {
        return random;
    }

    Tally tally() {
        return fleet.tally();
    }

    /** The configuration of an agent, as it reads it. */
    Future<AgentConfig> fetch(String node, KeyPair keys) {
        Future<AgentConfig> fetched = fleet.configs().fetch(node, Z85.encode(keys.publicKey()));
        return switch (fleet.settings().protocol()) {
            case PLAIN -> fetched.map(AgentConfig::plain);
            case EXTENDED -> fetched;
        };
    }

    /** Whether agents ask where they are to connect when nobody listens where they were told. */
    boolean areRoaming() {
        return fleet.settings().kind() == FleetSettings.Kind.ROAMING;
    }

    VerifiedHeartbeats verified() {
        return verified;
    }

    Wire wire() {
        return fleet.wire();
    }

    String orgName() {
        return fleet.orgName();
    }
}
