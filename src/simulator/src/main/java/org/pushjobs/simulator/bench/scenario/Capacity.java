package org.pushjobs.simulator.bench.scenario;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.pushjobs.simulator.bench.bed.Bed;
import org.pushjobs.simulator.bench.bed.BenchException;
import org.pushjobs.simulator.bench.bed.LineProcess;
import org.pushjobs.simulator.bench.bed.ServerUnderTest;
import org.pushjobs.simulator.bench.table.Row;
import org.pushjobs.simulator.fleet.FleetSettings.Subscription;

/** How many nodes and how many heartbeats the server carries: larger and larger fleets, shorter and shorter intervals. */
public final class Capacity implements Scenario {
    private static final int SECOND = 1_000;
    private static final List<Integer> SIZES = List.of(10_000, 15_000, 17_000, 19_000);
    private static final int RATE_NODES = 15_000;
    private static final List<Integer> INTERVALS = List.of(750, 600, 500, 400, 350, 300);
    private static final int OWN_SUB_NODES = 9_000;
    private static final double PERCENT = 100;

    @Override
    public Set<Row> rows() {
        return Set.of(Row.MOST_NODES, Row.RATE, Row.OWN_SUB);
    }

    @Override
    public int nodes() {
        return SIZES.getLast();
    }

    @Override
    public void run(Bed bed, Set<Row> wanted, Results results) throws IOException, InterruptedException {
        if (wanted.contains(Row.MOST_NODES)) {
            measureSize(bed, results);
        }
        if (wanted.contains(Row.RATE)) {
            measureRate(bed, results);
        }
        if (wanted.contains(Row.OWN_SUB)) {
            int nodes = bed.scale().nodes(OWN_SUB_NODES);
            Steadiness seen = hold(bed, nodes, SECOND, Subscription.OWN, results);
            results.row(Row.OWN_SUB, PERCENT * seen.leastAvailable() / nodes, note(nodes, seen));
        }
    }

    private static void measureSize(Bed bed, Results results) throws IOException, InterruptedException {
        int most = 0;
        String note = "";
        for (int size : SIZES.subList(0, Math.min(bed.scale().attempts(), SIZES.size()))) {
            int nodes = bed.scale().nodes(size);
            Steadiness seen = hold(bed, nodes, SECOND, Subscription.SHARED, results);
            note = note(nodes, seen);
            if (seen.leastAvailable() < nodes) {
                break;
            }
            most = nodes;
        }
        results.row(Row.MOST_NODES, most, "the last try: " + note);
    }

    private static void measureRate(Bed bed, Results results) throws IOException, InterruptedException {
        int nodes = bed.scale().nodes(RATE_NODES);
        double best = 0;
        String note = "";
        for (int interval : INTERVALS.subList(0, Math.min(bed.scale().attempts(), INTERVALS.size()))) {
            Steadiness seen = hold(bed, nodes, interval, Subscription.SHARED, results);
            note = "interval " + interval + " ms: " + note(nodes, seen);
            if (seen.leastAvailable() < nodes) {
                break;
            }
            best = seen.heartbeatsPerSecond();
        }
        results.row(Row.RATE, best, "the last try: " + note);
    }

    /** Nobody is available where not all become so at first. */
    private static Steadiness hold(Bed bed, int nodes, int intervalMillis, Subscription subscription, Results results)
            throws IOException, InterruptedException {
        try (ServerUnderTest server = bed.startServer(intervalMillis);
                LineProcess simulator = bed.startSimulator(server, nodes, subscription)) {
            try {
                bed.awaitAvailable(server, simulator, nodes);
            } catch (BenchException e) {
                results.progress(e.getMessage());
                return new Steadiness(0, 0);
            }
            Thread.sleep(bed.scale().warmUp());
            Steadiness seen = Steadiness.watch(server, bed.scale().hold());
            results.progress("interval " + intervalMillis + " ms: " + note(nodes, seen));
            return seen;
        }
    }

    private static String note(int nodes, Steadiness seen) {
        return String.format(
                Locale.ROOT,
                "%,d of %,d nodes available, %,.0f heartbeats/s",
                seen.leastAvailable(),
                nodes,
                seen.heartbeatsPerSecond());
    }
}
