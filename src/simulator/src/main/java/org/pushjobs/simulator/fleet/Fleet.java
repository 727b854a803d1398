package org.pushjobs.simulator.fleet;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.pushjobs.protocol.message.ServerHeartbeat;
import org.pushjobs.simulator.config.AgentConfig;
import org.pushjobs.simulator.config.ConfigClient;
import org.pushjobs.simulator.diary.Diary;
import org.pushjobs.simulator.fleet.FleetLoop.LoopState;
import org.pushjobs.simulator.report.Tally;
import org.pushjobs.simulator.wire.EventLoops;
import org.pushjobs.simulator.wire.Wire;
import org.pushjobs.zmtp.nacl.KeyPair;

/**
 * Many agents in this process, on a few event loops. Each has its own CURVE keys, configuration and connection; they share a
 * client key, and their subscription to the server's heartbeats unless each is to have one. Usable from any thread.
 */
public final class Fleet implements AutoCloseable {
    private static final int WORKERS = 2;
    private static final long CLOSE_TIMEOUT_SECONDS = 20;

    private final FleetSettings settings;
    private final Clock clock;
    private final Diary diary;
    private final Tally tally = new Tally();
    private final Vertx vertx;
    private final WorkerExecutor workers;
    private final ConfigClient configs;
    private final Wire wire;
    private final String orgName;
    private final List<FleetLoop> loops = new ArrayList<>();

    /**
     * What the agents are like at the moment.
     *
     * @param running agents that were started and have not vanished
     * @param connected those whose connection to the command port stands
     * @param available those that can be available as far as they can see: connected, answered, and the server is there
     * @param deaf those that have stopped reading
     * @param mostFetches how many configurations one of them has got at most since its start
     * @param lateMillis how late their heartbeats left at worst in the last tenth of a second
     * @param mostLateMillis the same, since they were started
     */
    public record State(
            int running,
            int connected,
            int available,
            int deaf,
            int mostFetches,
            long lateMillis,
            long mostLateMillis) {}

    /** Opens no connection yet. */
    public Fleet(FleetSettings settings, Clock clock) {
        this(settings, clock, Diary.NONE);
    }

    /**
     * The same.
     *
     * @param diary gets what agents that are not deaf do about jobs and connections
     */
    public Fleet(FleetSettings settings, Clock clock, Diary diary) {
        this.settings = settings;
        this.clock = clock;
        this.diary = diary;
        this.orgName = settings.orgName();
        this.vertx = EventLoops.vertx(settings.eventLoops());
        this.workers = vertx.createSharedWorkerExecutor("keys", WORKERS);
        this.configs = new ConfigClient(
                vertx, workers, settings.organisation(), settings.clientKey(), settings.configConnections(), clock);
        this.wire = new Wire(vertx, Optional.empty());
        for (int i = 0; i < settings.eventLoops(); i++) {
            FleetLoop loop = new FleetLoop(this, i);
            await(vertx.deployVerticle(loop));
            loops.add(loop);
        }
    }

    private static void await(Future<?> future) {
        try {
            future.await(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the event loops do not answer", e);
        }
    }

    /** Starts all agents, as new processes; those that run end. */
    public void start() {
        onEachLoop(FleetLoop::startNodes);
    }

    /** Ends all agents like processes that are killed. */
    public void stop() {
        onEachLoop(FleetLoop::stopNodes);
    }

    /** Breaks the connections of a share of the agents, chosen at random; they connect again at once. */
    public void storm(double share) {
        onEachLoop(loop -> loop.storm(share));
    }

    /** Lets all commands that run end now, each as its script says. */
    public void finishCommands() {
        onEachLoop(FleetLoop::finishCommands);
    }

    /** Lets all agents stay connected but send no more heartbeats, so that what was sent can be counted. */
    public void hush() {
        onEachLoop(FleetLoop::hush);
    }

    private void onEachLoop(Consumer<FleetLoop> work) {
        loops.forEach(loop -> loop.execute(work));
    }

    public State state() {
        int running = 0;
        int connected = 0;
        int available = 0;
        int deaf = 0;
        int mostFetches = 0;
        long lateMillis = 0;
        long mostLateMillis = 0;
        for (FleetLoop loop : loops) {
            LoopState part = loop.state();
            running += part.running();
            connected += part.connected();
            available += part.available();
            deaf += part.deaf();
            mostFetches = Math.max(mostFetches, part.mostFetches());
            lateMillis = Math.max(lateMillis, part.lateMillis());
            mostLateMillis = Math.max(mostLateMillis, part.mostLateMillis());
        }
        return new State(running, connected, available, deaf, mostFetches, lateMillis, mostLateMillis);
    }

    public Tally tally() {
        return tally;
    }

    public FleetSettings settings() {
        return settings;
    }

    void listen(AgentConfig config) {
        loops.getFirst().execute(loop -> loop.listenForAll(config));
    }

    void serverHeartbeat(ServerHeartbeat heartbeat) {
        onEachLoop(loop -> loop.serverHeartbeat(heartbeat));
    }

    Future<KeyPair> newKeys() {
        return workers.executeBlocking(wire::newKeys, false);
    }

    Clock clock() {
        return clock;
    }

    Diary diary() {
        return diary;
    }

    ConfigClient configs() {
        return configs;
    }

    Wire wire() {
        return wire;
    }

    String orgName() {
        return orgName;
    }

    /** Ends all agents and threads; takes up to {@value #CLOSE_TIMEOUT_SECONDS} s. */
    @Override
    public void close() {
        configs.close();
        await(vertx.close());
    }
}
