package org.pushjobs.simulator.bench.scenario;

import java.io.IOException;
import java.util.Locale;
import org.pushjobs.simulator.bench.bed.Bed;
import org.pushjobs.simulator.bench.bed.BenchException;
import org.pushjobs.simulator.bench.bed.LineProcess;
import org.pushjobs.simulator.bench.bed.Metrics;
import org.pushjobs.simulator.bench.bed.ServerUnderTest;

/** What a server took while its nodes did nothing but send heartbeats. */
record Load(
        double cpuMillisPerHeartbeat,
        double cores,
        double simulatorCores,
        double heartbeatsPerSecond,
        double megabytes) {
    private static final double MILLIS_PER_SECOND = 1000;

    /** Once all are available, and after a warm-up. */
    static Load measure(Bed bed, ServerUnderTest server, LineProcess simulator, int nodes, Scenario.Results results)
            throws IOException, InterruptedException {
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
        return new Load(
                cpu / heartbeats,
                cpu / MILLIS_PER_SECOND / seconds,
                simulatorCpu / MILLIS_PER_SECOND / seconds,
                heartbeats / seconds,
                server.statistics().residentMegabytes());
    }

    String note() {
        return String.format(
                Locale.ROOT,
                "%,.0f heartbeats/s on %.2f cores (the simulator takes %.2f), %.0f MB",
                heartbeatsPerSecond,
                cores,
                simulatorCores,
                megabytes);
    }
}
