package org.pushjobs.simulator.bench.scenario;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.pushjobs.simulator.bench.bed.Api;
import org.pushjobs.simulator.bench.bed.Bed;
import org.pushjobs.simulator.bench.bed.JobRunner;
import org.pushjobs.simulator.bench.bed.LineProcess;
import org.pushjobs.simulator.bench.bed.ServerUnderTest;
import org.pushjobs.simulator.bench.table.Row;
import org.pushjobs.simulator.fleet.FleetSettings.Subscription;

/**
 * Healthy nodes that run jobs while thousands of other connections are silent, send garbage or have unknown keys. What was
 * lost is what the agents have sent less what the server has taken, once they have fallen silent.
 */
public final class HostileCrowd implements Scenario {
    private static final int INTERVAL_MILLIS = 1_000;
    private static final int HEALTHY = 1_000;
    private static final int JOB_NODES = 100;
    private static final int SILENT = 8_000;
    private static final int GARBAGE = 2_000;
    private static final int STRANGERS = 500;
    private static final double MOST_AT_ONCE = 0.9;
    private static final Duration TO_GATHER = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration TO_ARRIVE = Duration.ofSeconds(5);

    @Override
    public Set<Row> rows() {
        return Set.of(Row.HOSTILE);
    }

    @Override
    public int nodes() {
        return HEALTHY;
    }

    @Override
    public void run(Bed bed, Set<Row> wanted, Results results) throws IOException, InterruptedException {
        int nodes = bed.scale().nodes(HEALTHY);
        int silent = bed.scale().nodes(SILENT);
        int garbage = bed.scale().nodes(GARBAGE);
        int strangers = bed.scale().nodes(STRANGERS);
        try (ServerUnderTest server = bed.startServer(INTERVAL_MILLIS);
                LineProcess simulator = bed.startSimulator(server, nodes, Subscription.SHARED)) {
            bed.awaitAvailable(server, simulator, nodes);
            Thread.sleep(bed.scale().warmUp());
            double megabytesBefore = server.statistics().residentMegabytes();
            Api api = bed.api(server);
            try (LineProcess crowd = bed.startCrowd(server, silent, garbage, strangers)) {
                crowd.await(
                        "the crowd to gather",
                        TO_GATHER,
                        last -> last.path("opened").asInt() >= silent * MOST_AT_ONCE);
                results.progress("the crowd is there: " + crowd.last());
                Watched watched = runJobs(bed, server, new JobRunner(api, JobRunner.Looks.EXACT), nodes);
                String seen = crowd.last().toString();
                simulator.command("hush");
                long lost = lost(server, simulator);
                results.row(
                        Row.HOSTILE,
                        lost,
                        String.format(
                                Locale.ROOT,
                                "at least %d of %d nodes available, %d jobs, all succeeded; memory %.0f MB before,"
                                        + " at most %.0f MB amid %s",
                                watched.leastAvailable(),
                                nodes,
                                watched.jobs(),
                                megabytesBefore,
                                watched.megabytes(),
                                seen));
            }
        }
    }

    private record Watched(int leastAvailable, int jobs, double megabytes) {}

    private static Watched runJobs(Bed bed, ServerUnderTest server, JobRunner runner, int nodes)
            throws IOException, InterruptedException {
        List<String> names = bed.nodes(1, Math.min(JOB_NODES, nodes));
        long end = System.nanoTime() + bed.scale().hold().toNanos();
        int jobs = 0;
        int least = nodes;
        double megabytes = 0;
        while (System.nanoTime() < end) {
            JobRunner.check(runner.run("succeed", names), names.size());
            jobs++;
            least = Math.min(least, server.metrics().availableNodes());
            megabytes = Math.max(megabytes, server.statistics().residentMegabytes());
        }
        return new Watched(least, jobs, megabytes);
    }

    private static long lost(ServerUnderTest server, LineProcess simulator) throws IOException, InterruptedException {
        // Several reports after the command, so that the last heartbeat is in the number.
        Thread.sleep(Duration.ofSeconds(1));
        long sent = simulator.number("heartbeats_sent");
        long deadline = System.nanoTime() + TO_ARRIVE.toNanos();
        long received = server.metrics().heartbeatsReceived();
        while (received < sent && System.nanoTime() < deadline) {
            Thread.sleep(LOOK);
            received = server.metrics().heartbeatsReceived();
        }
        return sent - received;
    }
}
