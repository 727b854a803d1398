package org.pushjobs.simulator.bench.scenario;

import java.io.IOException;
import java.util.Set;
import org.pushjobs.simulator.bench.bed.Bed;
import org.pushjobs.simulator.bench.table.Row;

/** Measures some rows of the table, with servers and agents of its own. */
public interface Scenario {
    /** What it can measure. */
    Set<Row> rows();

    /** Nodes that it needs, in the numbers of the table. */
    int nodes();

    /** Measures those of its rows that are wanted; a row is told as soon as it is known. */
    void run(Bed bed, Set<Row> wanted, Results results) throws IOException, InterruptedException;

    /** Takes what was measured. */
    interface Results {
        void row(Row row, double value, String note) throws IOException;

        /** A line for whoever waits. */
        void progress(String text);
    }
}
