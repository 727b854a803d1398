package org.pushjobs.simulator.bench.scenario;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.pushjobs.simulator.bench.bed.Bed;
import org.pushjobs.simulator.bench.bed.LineProcess;
import org.pushjobs.simulator.bench.bed.ServerUnderTest;
import org.pushjobs.simulator.bench.table.Row;
import org.pushjobs.simulator.fleet.FleetSettings.Subscription;

/** How long a fleet takes to become available: all agents new, or the server new and the agents not. */
public final class Starts implements Scenario {
    private static final int INTERVAL_MILLIS = 1_000;
    private static final int NEW_AGENTS = 5_000;
    private static final int OLD_AGENTS = 10_000;

    @Override
    public Set<Row> rows() {
        return Set.of(Row.COLD_5000, Row.RESTART_10000, Row.RESTART_FETCHES);
    }

    @Override
    public int nodes() {
        return OLD_AGENTS;
    }

    @Override
    public void run(Bed bed, Set<Row> wanted, Results results) throws IOException, InterruptedException {
        if (wanted.contains(Row.COLD_5000)) {
            startAgents(bed, results);
        }
        if (wanted.contains(Row.RESTART_10000) || wanted.contains(Row.RESTART_FETCHES)) {
            restartServer(bed, results);
        }
    }

    /**
     * The simulator shares the machine with the server, so it is warm: the agents have been there before, on another
     * server process, and start anew with new keys and new configurations.
     */
    private static void startAgents(Bed bed, Results results) throws IOException, InterruptedException {
        int nodes = bed.scale().nodes(NEW_AGENTS);
        try (ServerUnderTest server = bed.startServer(INTERVAL_MILLIS);
                LineProcess simulator = bed.startSimulator(server, nodes, Subscription.SHARED)) {
            bed.awaitAvailable(server, simulator, nodes);
            simulator.command("stop");
            simulator.await(
                    "the agents to stop",
                    bed.scale().patience(),
                    last -> last.path("running").asInt() == 0);
            server.stop();
            server.restart();
            results.progress("the server is new, " + nodes + " agents start");
            long start = System.nanoTime();
            simulator.command("start");
            server.awaitAvailable(nodes, bed.scale().patience());
            double seconds = (System.nanoTime() - start) / 1e9;
            long fetches = simulator.number("fetches");
            results.row(
                    Row.COLD_5000,
                    seconds,
                    String.format(
                            Locale.ROOT,
                            "%.0f ms of server CPU a node, %d configuration requests in all with the rehearsal",
                            server.statistics().cpuMillis() / nodes,
                            fetches));
        }
    }

    private static void restartServer(Bed bed, Results results) throws IOException, InterruptedException {
        int nodes = bed.scale().nodes(OLD_AGENTS);
        try (ServerUnderTest server = bed.startServer(INTERVAL_MILLIS);
                LineProcess simulator = bed.startSimulator(server, nodes, Subscription.SHARED)) {
            bed.awaitAvailable(server, simulator, nodes);
            Thread.sleep(bed.scale().warmUp());
            Map<String, String> before = bed.database().fetchTimes();
            results.progress("killing the server of " + nodes + " agents");
            long start = System.nanoTime();
            server.kill();
            server.restart();
            double ready = (System.nanoTime() - start) / 1e9;
            server.awaitAvailable(nodes, bed.scale().patience());
            double seconds = (System.nanoTime() - start) / 1e9;
            Map<String, String> after = bed.database().fetchTimes();
            long again = after.entrySet().stream()
                    .filter(time -> !time.getValue().equals(before.get(time.getKey())))
                    .count();
            results.row(
                    Row.RESTART_10000,
                    seconds,
                    String.format(Locale.ROOT, "from kill -9; the server was ready after %.1f s", ready));
            results.row(Row.RESTART_FETCHES, again, "by the times in the database");
        }
    }
}
