package org.pushjobs.simulator.bench.scenario;

import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.pushjobs.simulator.bench.Profile;
import org.pushjobs.simulator.bench.bed.Bed;
import org.pushjobs.simulator.bench.bed.BenchException;
import org.pushjobs.simulator.bench.bed.LineProcess;
import org.pushjobs.simulator.bench.bed.Metrics;
import org.pushjobs.simulator.bench.bed.ServerUnderTest;
import org.pushjobs.simulator.bench.table.Row;
import org.pushjobs.simulator.fleet.FleetSettings.Subscription;

/** What a heartbeat costs while nothing else happens: CPU of the server's process, with different numbers of nodes. */
public final class SteadyLoad implements Scenario {
    private static final int INTERVAL_MILLIS = 1_000;
    private static final int FEW = 1_000;
    private static final int SOME = 5_000;
    private static final int MANY = 15_000;
    private static final double MILLIS_PER_SECOND = 1000;

    private final Profile profile;

    /** @param profile taken with 5,000 nodes, after the measurement */
    public SteadyLoad(Profile profile) {
        this.profile = profile;
    }

    /** What one run came to. */
    private record Load(
            double cpuMillisPerHeartbeat,
            double cores,
            double simulatorCores,
            double heartbeatsPerSecond,
            double megabytes) {
        private String note() {
            return String.format(
                    Locale.ROOT,
                    "%,.0f heartbeats/s on %.2f cores (the simulator takes %.2f), %.0f MB",
                    heartbeatsPerSecond,
                    cores,
                    simulatorCores,
                    megabytes);
        }
    }

    @Override
    public Set<Row> rows() {
        return Set.of(Row.CPU_1000, Row.CPU_5000, Row.RSS_5000, Row.GROWTH);
    }

    @Override
    public int nodes() {
        return MANY;
    }

    @Override
    public void run(Bed bed, Set<Row> wanted, Results results) throws IOException, InterruptedException {
        if (wanted.contains(Row.CPU_1000)) {
            Load few = measure(bed, FEW, Profile.NONE, results);
            results.row(Row.CPU_1000, few.cpuMillisPerHeartbeat(), few.note());
        }
        if (wanted.contains(Row.CPU_5000) || wanted.contains(Row.RSS_5000) || wanted.contains(Row.GROWTH)) {
            Load some = measure(bed, SOME, profile, results);
            results.row(Row.CPU_5000, some.cpuMillisPerHeartbeat(), some.note());
            results.row(Row.RSS_5000, some.megabytes(), "at the end of that window");
            if (wanted.contains(Row.GROWTH)) {
                Load many = measure(bed, MANY, Profile.NONE, results);
                results.row(
                        Row.GROWTH,
                        many.cpuMillisPerHeartbeat() / some.cpuMillisPerHeartbeat(),
                        String.format(
                                Locale.ROOT,
                                "%.4f ms against %.4f ms; %s",
                                many.cpuMillisPerHeartbeat(),
                                some.cpuMillisPerHeartbeat(),
                                many.note()));
            }
        }
    }

    private static Load measure(Bed bed, int full, Profile profile, Results results)
            throws IOException, InterruptedException {
        int nodes = bed.scale().nodes(full);
        try (ServerUnderTest server = bed.startServer(INTERVAL_MILLIS);
                LineProcess simulator = bed.startSimulator(server, nodes, Subscription.SHARED)) {
            bed.awaitAvailable(server, simulator, nodes);
            results.progress(nodes + " nodes are available, measuring after a warm-up of "
                    + bed.scale().warmUp().toSeconds() + " s");
            Thread.sleep(bed.scale().warmUp());
            Metrics before = server.metrics();
            double cpuBefore = server.statistics().cpuMillis();
            double simulatorBefore = simulator.statistics().cpuMillis();
            long start = System.nanoTime();
            Thread.sleep(bed.scale().window());
            double cpu = server.statistics().cpuMillis() - cpuBefore;
            double simulatorCpu = simulator.statistics().cpuMillis() - simulatorBefore;
            double seconds = (System.nanoTime() - start) / 1e9;
            Metrics after = server.metrics();
            if (after.availableNodes() != nodes) {
                throw new BenchException(nodes + " nodes did not stay available: " + after);
            }
            long heartbeats = after.heartbeatsReceived() - before.heartbeatsReceived();
            Load load = new Load(
                    cpu / heartbeats,
                    cpu / MILLIS_PER_SECOND / seconds,
                    simulatorCpu / MILLIS_PER_SECOND / seconds,
                    heartbeats / seconds,
                    server.statistics().residentMegabytes());
            profile.take(server.pid(), results::progress);
            return load;
        }
    }
}
