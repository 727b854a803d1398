package org.pushjobs.simulator.bench.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.pushjobs.simulator.bench.bed.Api;
import org.pushjobs.simulator.bench.bed.Bed;
import org.pushjobs.simulator.bench.bed.BenchException;
import org.pushjobs.simulator.bench.bed.JobRunner;
import org.pushjobs.simulator.bench.bed.LineProcess;
import org.pushjobs.simulator.bench.bed.ServerUnderTest;
import org.pushjobs.simulator.bench.table.Row;
import org.pushjobs.simulator.fleet.FleetSettings.Subscription;

/**
 * One job of which each node returns nearly as much output as a message of protocol 2.0 holds, all at once, while jobs on other
 * nodes go on one after the other. All of the output has to be there in the end, to the byte.
 */
public final class CapturedOutput implements Scenario {
    private static final int INTERVAL_MILLIS = 1_000;
    private static final int NODES = 10_000;
    private static final int OTHERS = 10;
    private static final int OUTPUT_BYTES = 60_000;
    private static final int JOBS_BEFORE = 200;
    private static final int LARGE_JOBS_BEFORE = 3;
    private static final int JOBS_THAT_COUNT = 100;
    private static final int SAMPLES = 50;
    private static final Duration LONGEST_JOB = Duration.ofMinutes(5);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final double MILLIS_PER_SECOND = 1000;

    @Override
    public Set<Row> rows() {
        return Set.of(Row.OUTPUT_10000);
    }

    @Override
    public int nodes() {
        return NODES + OTHERS;
    }

    @Override
    public void run(Bed bed, Set<Row> wanted, Results results) throws IOException, InterruptedException {
        int all = bed.scale().nodes(nodes());
        int others = Math.min(OTHERS, all / 2);
        int nodes = all - others;
        try (ServerUnderTest server = bed.startServer(INTERVAL_MILLIS);
                LineProcess simulator = bed.startSimulator(server, all, Subscription.SHARED)) {
            bed.awaitAvailable(server, simulator, all);
            Thread.sleep(bed.scale().warmUp());
            Api api = bed.api(server);
            OtherJobs small = new OtherJobs(new JobRunner(api, JobRunner.Looks.EXACT), bed.nodes(nodes + 1, others));
            small.run(JOBS_BEFORE);
            JobRunner large = new JobRunner(api, JobRunner.Looks.CHEAP, LONGEST_JOB);
            for (int i = 0; i < LARGE_JOBS_BEFORE; i++) {
                JobRunner.check(large.run("succeed", bed.nodes(1, nodes)), nodes);
            }
            double usual = Bed.median(small.run(JOBS_THAT_COUNT));
            results.progress("other jobs take " + Math.round(usual) + " ms; " + nodes + " nodes return their output");
            try {
                Watched watched = runLargeJob(server, api, large, bed.nodes(1, nodes), small);
                results.row(
                        Row.OUTPUT_10000,
                        (watched.slowestMillis() - usual) / MILLIS_PER_SECOND,
                        note(nodes, watched, usual, server));
            } catch (IOException e) {
                throw new BenchException("the server does not answer any more", e);
            }
        }
    }

    private static String note(int nodes, Watched watched, double usual, ServerUnderTest server) throws IOException {
        return String.format(
                Locale.ROOT,
                "%,d nodes, %,.0f MB of output, all there after %.1f s; %d other jobs, %.0f ms before and at most"
                        + " %.0f ms; heap at most %.0f MB, memory at most %.0f MB",
                nodes,
                (double) nodes * OUTPUT_BYTES / 1e6,
                watched.millis() / MILLIS_PER_SECOND,
                watched.others(),
                usual,
                watched.slowestMillis(),
                watched.heapMegabytes(),
                server.statistics().mostResidentMegabytes());
    }

    /**
     * @param millis that the large job took
     * @param others how many other jobs there were meanwhile
     * @param slowestMillis what the slowest of them took
     */
    private record Watched(double millis, int others, double slowestMillis, double heapMegabytes) {}

    private static Watched runLargeJob(
            ServerUnderTest server, Api api, JobRunner runner, List<String> names, OtherJobs small)
            throws IOException, InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<double[]> times = threads.submit(() -> small.runUntil(over));
            Future<Double> heap = threads.submit(() -> mostHeap(server, over));
            try {
                JobRunner.Ended ended = runner.run(() -> api.startCapturingJob("output:" + OUTPUT_BYTES, names));
                JobRunner.check(ended, names.size());
                checkOutput(api, ended.document().path("id").asText(), names);
                over.set(true);
                double[] all = times.get();
                return new Watched(ended.millis(), all.length, max(all), heap.get());
            } finally {
                over.set(true);
            }
        } catch (ExecutionException e) {
            throw new BenchException(
                    "not while the output came: " + e.getCause().getMessage(), e.getCause());
        }
    }

    private static double max(double[] values) {
        double max = 0;
        for (double value : values) {
            max = Math.max(max, value);
        }
        return max;
    }

    private static double mostHeap(ServerUnderTest server, AtomicBoolean over)
            throws IOException, InterruptedException {
        double most = 0;
        while (!over.get()) {
            most = Math.max(most, server.metrics().heapMegabytes());
            Thread.sleep(LOOK);
        }
        return most;
    }

    /** The lengths of all by the job's detail, some of them byte by byte. */
    private static void checkOutput(Api api, String id, List<String> names) throws IOException {
        JsonNode nodes = api.jobInDetail(id).path("detail").path("nodes");
        for (String name : names) {
            int bytes = nodes.path(name).path("stdout_bytes").asInt();
            if (bytes != OUTPUT_BYTES) {
                throw new BenchException(
                        "of the output of " + name + " there are " + bytes + " bytes: " + nodes.path(name));
            }
        }
        for (int i = 0; i < SAMPLES; i++) {
            String name = names.get((int) ((long) i * names.size() / SAMPLES));
            byte[] output = api.standardOutput(id, name);
            if (output.length != OUTPUT_BYTES || !isAsSent(output)) {
                throw new BenchException("the output of " + name + " is another one: " + output.length + " bytes");
            }
        }
    }

    private static boolean isAsSent(byte[] output) {
        for (byte one : output) {
            if (one != 'x') {
                return false;
            }
        }
        return true;
    }

    /** Jobs on one node each, one after the other. */
    private record OtherJobs(JobRunner runner, List<String> nodes) {
        private double[] run(int count) throws IOException, InterruptedException {
            double[] times = new double[count];
            for (int i = 0; i < count; i++) {
                times[i] = millis(i);
            }
            return times;
        }

        private double[] runUntil(AtomicBoolean over) throws IOException, InterruptedException {
            List<Double> times = new ArrayList<>();
            while (!over.get()) {
                times.add(millis(times.size()));
            }
            return times.stream().mapToDouble(Double::doubleValue).toArray();
        }

        private double millis(int number) throws IOException, InterruptedException {
            JobRunner.Ended ended = runner.run("succeed", List.of(nodes.get(number % nodes.size())));
            JobRunner.check(ended, 1);
            return ended.millis();
        }
    }
}
