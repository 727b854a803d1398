package org.pushjobs.simulator.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pushjobs.simulator.bench.bed.Bed;
import org.pushjobs.simulator.bench.bed.BenchException;
import org.pushjobs.simulator.bench.bed.Programs;
import org.pushjobs.simulator.bench.scenario.Capacity;
import org.pushjobs.simulator.bench.scenario.CapturedOutput;
import org.pushjobs.simulator.bench.scenario.ClusterOfTwo;
import org.pushjobs.simulator.bench.scenario.HostileCrowd;
import org.pushjobs.simulator.bench.scenario.JobTimes;
import org.pushjobs.simulator.bench.scenario.Scenario;
import org.pushjobs.simulator.bench.scenario.Starts;
import org.pushjobs.simulator.bench.scenario.SteadyLoad;
import org.pushjobs.simulator.bench.table.Measurement;
import org.pushjobs.simulator.bench.table.Row;
import org.pushjobs.simulator.bench.table.Table;

/** One run of the benchmark: all scenarios that measure something wanted, one after the other. */
public final class Run {
    private final Programs programs;
    private final Scale scale;
    private final Path directory;
    private final String commit;
    private final Clock clock;
    private final PrintStream out;

    /**
     * @param directory empty, for databases, logs and the like
     * @param commit noted with each measurement
     */
    public Run(Programs programs, Scale scale, Path directory, String commit, Clock clock, PrintStream out) {
        this.programs = programs;
        this.scale = scale;
        this.directory = directory;
        this.commit = commit;
        this.clock = clock;
        this.out = out;
    }

    /**
     * Measures the rows. One that could not be measured is said and left out; the others are measured all the same.
     *
     * @param keeper is given each as soon as it is measured
     */
    public Map<Row, Measurement> measure(Set<Row> wanted, Profile profile, Keeper keeper)
            throws IOException, InterruptedException {
        List<Scenario> scenarios = List.of(
                        new SteadyLoad(profile),
                        new JobTimes(),
                        new CapturedOutput(),
                        new Starts(),
                        new Capacity(),
                        new HostileCrowd(),
                        new ClusterOfTwo())
                .stream()
                .filter(scenario -> scenario.rows().stream().anyMatch(wanted::contains))
                .toList();
        int nodes =
                scale.nodes(scenarios.stream().mapToInt(Scenario::nodes).max().orElse(1));
        Collected collected = new Collected(wanted, keeper);
        try (Bed bed = Bed.make(programs, scale, directory, nodes)) {
            for (Scenario scenario : scenarios) {
                try {
                    scenario.run(bed, wanted, collected);
                } catch (BenchException e) {
                    collected.progress("FAILED: " + e.getMessage());
                }
            }
        }
        return collected.rows;
    }

    /** Keeps what is measured. */
    @FunctionalInterface
    public interface Keeper {
        /** Nothing is kept. */
        Keeper NONE = (_, _) -> {};

        void keep(Row row, Measurement measurement) throws IOException;
    }

    private final class Collected implements Scenario.Results {
        private final Set<Row> wanted;
        private final Keeper keeper;
        private final Map<Row, Measurement> rows = new EnumMap<>(Row.class);

        private Collected(Set<Row> wanted, Keeper keeper) {
            this.wanted = EnumSet.copyOf(wanted);
            this.keeper = keeper;
        }

        @Override
        public void row(Row row, double value, String note) throws IOException {
            if (wanted.contains(row)) {
                Measurement measurement = new Measurement(value, note, clock.instant(), commit);
                rows.put(row, measurement);
                keeper.keep(row, measurement);
                out.println(Table.line(row, measurement));
            }
        }

        @Override
        public void progress(String text) {
            out.println("  " + text);
        }
    }
}
