package org.pushjobs.simulator.bench.scenario;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.pushjobs.simulator.bench.bed.Bed;
import org.pushjobs.simulator.bench.bed.JobRunner;

/**
 * How long jobs took that came one after the other, on the same nodes.
 *
 * @param others that came before those that count
 */
record JobSeries(int jobs, double medianMillis, double leastMillis, double mostMillis, int others) {
    /** The agents succeed at once. */
    static final String COMMAND = "succeed";

    /** The code of the job path is compiled by then: servers run for months. */
    private static final int WARM_UP_NODES = 20_000;

    private static final int LEAST_WARM_UPS = 3;
    private static final int MOST_WARM_UPS = 300;

    /** On the first nodes of the organisation. */
    static JobSeries run(Bed bed, JobRunner runner, int nodes, Scenario.Results results)
            throws IOException, InterruptedException {
        List<String> names = bed.nodes(1, nodes);
        double[] times = new double[bed.scale().jobs()];
        results.progress(times.length + " jobs on " + nodes + " nodes");
        int warmUps = Math.clamp(bed.scale().nodes(WARM_UP_NODES) / nodes, LEAST_WARM_UPS, MOST_WARM_UPS);
        for (int i = -warmUps; i < times.length; i++) {
            JobRunner.Ended ended = runner.run(COMMAND, names);
            JobRunner.check(ended, nodes);
            if (i >= 0) {
                times[i] = ended.millis();
            }
        }
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return new JobSeries(times.length, Bed.median(times), sorted[0], sorted[sorted.length - 1], warmUps);
    }

    String note() {
        return String.format(
                Locale.ROOT, "%d jobs, %.1f to %.1f ms, after %d others", jobs, leastMillis, mostMillis, others);
    }
}
