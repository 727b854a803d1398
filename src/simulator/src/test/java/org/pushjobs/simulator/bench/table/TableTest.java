package org.pushjobs.simulator.bench.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
    private static final Instant AT = Instant.parse("2026-11-22T12:00:00Z");

    private static Measurement measured(double value) {
        return new Measurement(value, "a note", AT, "abc");
    }

    @Test
    void rowShowsTheOriginalHowMuchBetterItIsAndWhetherTheGoalIsReached() {
        assertThat(Table.markdown(Map.of(Row.CPU_5000, measured(0.0235))))
                .endsWith(
                        "| `cpu-5000` | server CPU per heartbeat, 5,000 nodes at 1 s | 0.2350 ms | **0.0235 ms** | 10.0"
                                + " | ≤ 0.0300 ms | ≤ 0.0180 ms | yes | 2026-11-22 abc | a note |\n");
        assertThat(Table.markdown(Map.of(Row.MOST_NODES, measured(19_000))))
                .contains("| 5,500 | **19,000** | 3.5 | ≥ 15,000 | ≥ 19,000 | yes, aim too |");
        assertThat(Table.markdown(Map.of(Row.JOB_10000, measured(4_001))))
                .contains("| – | **4001 ms** | – |", "| NO |");
        assertThat(Table.markdown(Map.of(Row.HOSTILE, measured(0))))
                .contains("| – | **0** | – | ≤ 0 | ≤ 0 | yes, aim too");
    }

    @Test
    void oneRowThatMissesIsAMiss() {
        assertThat(Table.misses(Map.of(Row.JOB_1, measured(15), Row.RATE, measured(20_000))))
                .isFalse();
        assertThat(Table.misses(Map.of(Row.JOB_1, measured(15), Row.RATE, measured(19_999))))
                .isTrue();
    }

    @Test
    void resultsFileKeepsTheLastMeasurementOfEachRow(@TempDir Path directory) throws IOException {
        ResultsFile file = new ResultsFile(directory.resolve("bench/results.json"));
        assertThat(file.read()).isEmpty();

        file.put(Row.JOB_1, measured(9));
        file.put(Row.JOB_100, measured(50));
        file.put(Row.JOB_1, measured(8.5));

        assertThat(file.read()).isEqualTo(Map.of(Row.JOB_1, measured(8.5), Row.JOB_100, measured(50)));
    }
}
