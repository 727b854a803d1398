package org.pushjobs.simulator.bench.scenario;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.pushjobs.simulator.bench.bed.Api;
import org.pushjobs.simulator.bench.bed.Bed;
import org.pushjobs.simulator.bench.bed.BenchException;
import org.pushjobs.simulator.bench.bed.JobRunner;
import org.pushjobs.simulator.bench.bed.LineProcess;
import org.pushjobs.simulator.bench.bed.ServerUnderTest;
import org.pushjobs.simulator.bench.table.Row;
import org.pushjobs.simulator.fleet.FleetSettings.Subscription;

/** How long jobs take, from the request until the API says that they have ended; agents succeed at once. */
public final class JobTimes implements Scenario {
    private static final int INTERVAL_MILLIS = 1_000;
    private static final int SMALL_FLEET = 1_000;
    private static final int LARGE_FLEET = 10_000;
    private static final int WORKERS = 8;
    /** Longer than elsewhere: more code takes part. */
    private static final int RATE_WARM_UPS = 2;

    private static final Map<Row, Integer> SIZES =
            Map.of(Row.JOB_1, 1, Row.JOB_100, 100, Row.JOB_1000, SMALL_FLEET, Row.JOB_10000, LARGE_FLEET);

    @Override
    public Set<Row> rows() {
        return Set.of(Row.JOB_1, Row.JOB_100, Row.JOB_1000, Row.JOB_10000, Row.JOBS_PER_SECOND);
    }

    @Override
    public int nodes() {
        return LARGE_FLEET;
    }

    @Override
    public void run(Bed bed, Set<Row> wanted, Results results) throws IOException, InterruptedException {
        List<Row> small = List.of(Row.JOB_1, Row.JOB_100, Row.JOB_1000, Row.JOBS_PER_SECOND).stream()
                .filter(wanted::contains)
                .toList();
        if (!small.isEmpty()) {
            measure(bed, SMALL_FLEET, small, results);
        }
        if (wanted.contains(Row.JOB_10000)) {
            measure(bed, LARGE_FLEET, List.of(Row.JOB_10000), results);
        }
    }

    private static void measure(Bed bed, int fleet, List<Row> rows, Results results)
            throws IOException, InterruptedException {
        int nodes = bed.scale().nodes(fleet);
        try (ServerUnderTest server = bed.startServer(INTERVAL_MILLIS);
                LineProcess simulator = bed.startSimulator(server, nodes, Subscription.SHARED)) {
            bed.awaitAvailable(server, simulator, nodes);
            Thread.sleep(bed.scale().warmUp());
            Api api = bed.api(server);
            for (Row row : rows) {
                try {
                    measure(bed, api, row, nodes, results);
                } catch (BenchException e) {
                    throw new BenchException(
                            e.getMessage() + "; heartbeats left the simulator up to "
                                    + simulator.number("most_late_millis") + " ms late",
                            e);
                }
            }
        }
    }

    private static void measure(Bed bed, Api api, Row row, int nodes, Results results)
            throws IOException, InterruptedException {
        if (row == Row.JOBS_PER_SECOND) {
            measureRate(bed, new JobRunner(api, JobRunner.Looks.CHEAP), nodes, results);
        } else {
            measureMedian(bed, new JobRunner(api, JobRunner.Looks.EXACT), row, nodes, results);
        }
    }

    private static void measureMedian(Bed bed, JobRunner runner, Row row, int fleet, Results results)
            throws IOException, InterruptedException {
        int nodes = SIZES.get(row) == 1 ? 1 : Math.min(fleet, bed.scale().nodes(SIZES.get(row)));
        JobSeries series = JobSeries.run(bed, runner, nodes, results);
        results.row(row, series.medianMillis(), series.note());
    }

    private static void measureRate(Bed bed, JobRunner runner, int nodes, Results results)
            throws IOException, InterruptedException {
        results.progress("jobs on one node, " + WORKERS + " at once");
        long warmUntil =
                System.nanoTime() + RATE_WARM_UPS * bed.scale().warmUp().toNanos();
        jobsUntil(bed, runner, nodes, warmUntil);
        long start = System.nanoTime();
        int jobs = jobsUntil(bed, runner, nodes, start + bed.scale().window().toNanos());
        double seconds = (System.nanoTime() - start) / 1e9;
        results.row(
                Row.JOBS_PER_SECOND, jobs / seconds, String.format(Locale.ROOT, "%,d jobs in %.1f s", jobs, seconds));
    }

    private static int jobsUntil(Bed bed, JobRunner runner, int nodes, long endNanos) throws InterruptedException {
        List<Callable<Integer>> workers = new ArrayList<>();
        int each = Math.max(1, nodes / WORKERS);
        for (int i = 0; i < Math.min(WORKERS, nodes); i++) {
            List<String> own = bed.nodes(1 + i * each, each);
            workers.add(() -> {
                int jobs = 0;
                while (System.nanoTime() < endNanos) {
                    runner.run(JobSeries.COMMAND, List.of(own.get(jobs++ % own.size())));
                }
                return jobs;
            });
        }
        int jobs = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(WORKERS)) {
            for (Future<Integer> worker : threads.invokeAll(workers)) {
                jobs += worker.get();
            }
        } catch (ExecutionException e) {
            throw new BenchException("a job failed", e.getCause());
        }
        return jobs;
    }
}
