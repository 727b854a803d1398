package org.pushjobs.simulator.bench.scenario;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.pushjobs.simulator.bench.bed.Api;
import org.pushjobs.simulator.bench.bed.Bed;
import org.pushjobs.simulator.bench.bed.JobRunner;
import org.pushjobs.simulator.bench.bed.LineProcess;
import org.pushjobs.simulator.bench.bed.MemberPair;
import org.pushjobs.simulator.bench.bed.ServerUnderTest;
import org.pushjobs.simulator.bench.bed.Waiting;
import org.pushjobs.simulator.bench.table.Row;
import org.pushjobs.simulator.fleet.FleetSettings.Subscription;

/** What it costs to be in a cluster: a server of two against one that is alone, each with the same agents. */
public final class ClusterOfTwo implements Scenario {
    private static final int INTERVAL_MILLIS = 1_000;
    private static final int HEARTBEAT_NODES = 5_000;
    private static final int JOB_NODES = 1_000;

    @Override
    public Set<Row> rows() {
        return Set.of(Row.MEMBER_CPU_5000, Row.MEMBER_RSS, Row.MEMBER_JOB_1000);
    }

    @Override
    public int nodes() {
        return HEARTBEAT_NODES;
    }

    @Override
    public void run(Bed bed, Set<Row> wanted, Results results) throws IOException, InterruptedException {
        if (wanted.contains(Row.MEMBER_CPU_5000) || wanted.contains(Row.MEMBER_RSS)) {
            measureHeartbeats(bed, results);
        }
        if (wanted.contains(Row.MEMBER_JOB_1000)) {
            measureJobs(bed, results);
        }
    }

    /** All nodes are at the server that runs the jobs; the other one stands by. */
    private static void measureHeartbeats(Bed bed, Results results) throws IOException, InterruptedException {
        int nodes = bed.scale().nodes(HEARTBEAT_NODES);
        Load alone;
        try (ServerUnderTest server = bed.startServer(INTERVAL_MILLIS);
                LineProcess simulator = bed.startSimulator(server, nodes, Subscription.SHARED)) {
            alone = Load.measure(bed, server, simulator, nodes, results);
        }
        try (MemberPair pair = bed.startPair(INTERVAL_MILLIS);
                LineProcess simulator = bed.startSimulator(pair.active(), nodes, Subscription.SHARED)) {
            Load member = Load.measure(bed, pair.active(), simulator, nodes, results);
            pair.check();
            results.row(
                    Row.MEMBER_CPU_5000,
                    member.cpuMillisPerHeartbeat() / alone.cpuMillisPerHeartbeat(),
                    String.format(
                            Locale.ROOT,
                            "%.4f ms against %.4f ms; %s",
                            member.cpuMillisPerHeartbeat(),
                            alone.cpuMillisPerHeartbeat(),
                            member.note()));
            results.row(
                    Row.MEMBER_RSS,
                    member.megabytes() - alone.megabytes(),
                    String.format(
                            Locale.ROOT,
                            "%.0f MB against %.0f MB with %,d nodes; the one that stands by has %.0f MB",
                            member.megabytes(),
                            alone.megabytes(),
                            nodes,
                            pair.standby().statistics().residentMegabytes()));
        }
    }

    private static void measureJobs(Bed bed, Results results) throws IOException, InterruptedException {
        Jobs alone;
        try (ServerUnderTest server = bed.startServer(INTERVAL_MILLIS)) {
            alone = Jobs.measure(bed, List.of(server), results);
        }
        try (MemberPair pair = bed.startPair(INTERVAL_MILLIS)) {
            Jobs spread = Jobs.measure(bed, List.of(pair.active(), pair.standby()), results);
            pair.check();
            results.row(
                    Row.MEMBER_JOB_1000,
                    spread.series().medianMillis() / alone.series().medianMillis(),
                    String.format(
                            Locale.ROOT,
                            "%.0f ms against %.0f ms; %s; %.0f ms of CPU of both servers a job against %.0f ms of the one",
                            spread.series().medianMillis(),
                            alone.series().medianMillis(),
                            spread.series().note(),
                            spread.cpuMillis(),
                            alone.cpuMillis()));
        }
    }

    /** @param cpuMillis of all servers for one job */
    private record Jobs(JobSeries series, double cpuMillis) {
        /** Half of the nodes' agents go to the first server and half to the last; the first one is asked for the jobs. */
        private static Jobs measure(Bed bed, List<ServerUnderTest> servers, Results results)
                throws IOException, InterruptedException {
            int nodes = bed.scale().nodes(JOB_NODES);
            int half = nodes / 2;
            Api api = bed.api(servers.getFirst());
            try (LineProcess some = bed.startSimulator(servers.getFirst(), 1, half, Subscription.SHARED);
                    LineProcess others =
                            bed.startSimulator(servers.getLast(), half + 1, nodes - half, Subscription.SHARED)) {
                bed.awaitAvailable(some, half);
                bed.awaitAvailable(others, nodes - half);
                Waiting.value(
                        nodes + " nodes to be available",
                        bed.scale().patience(),
                        api::availableNodes,
                        available -> available == nodes);
                Thread.sleep(bed.scale().warmUp());
                double before = cpuMillis(servers);
                JobSeries series = JobSeries.run(bed, new JobRunner(api, JobRunner.Looks.EXACT), nodes, results);
                return new Jobs(series, (cpuMillis(servers) - before) / (series.jobs() + series.others()));
            }
        }

        private static double cpuMillis(List<ServerUnderTest> servers) throws IOException {
            double sum = 0;
            for (ServerUnderTest server : servers) {
                sum += server.statistics().cpuMillis();
            }
            return sum;
        }
    }
}
