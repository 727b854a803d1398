package org.pushjobs.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.simulator.JavaPrograms;
import org.pushjobs.simulator.bench.table.Measurement;
import org.pushjobs.simulator.bench.table.Row;

/** The benchmark as it is, but with a few nodes and short times: whether the rows can be measured. */
class BenchIT {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void costJobsOutputAndHostilityAreMeasured() throws Exception {
        Set<Row> rows = EnumSet.of(Row.CPU_1000, Row.JOB_1, Row.JOBS_PER_SECOND, Row.OUTPUT_10000, Row.HOSTILE);

        Map<Row, Measurement> measured = measure(rows);

        assertThat(measured.keySet()).as(log()).isEqualTo(rows);
        assertThat(measured.get(Row.CPU_1000).value()).as(log()).isPositive();
        assertThat(measured.get(Row.JOB_1).value()).as(log()).isPositive();
        assertThat(measured.get(Row.JOBS_PER_SECOND).value()).as(log()).isPositive();
        assertThat(measured.get(Row.OUTPUT_10000).note()).as(log()).contains("all there");
        assertThat(measured.get(Row.HOSTILE).value()).as(log()).isZero();
    }

    @Test
    void serverInAClusterIsMeasuredAgainstOneThatIsAlone() throws Exception {
        Set<Row> rows = EnumSet.of(Row.MEMBER_CPU_5000, Row.MEMBER_RSS, Row.MEMBER_JOB_1000);

        Map<Row, Measurement> measured = measure(rows);

        assertThat(measured.keySet()).as(log()).isEqualTo(rows);
        assertThat(measured.get(Row.MEMBER_CPU_5000).value()).as(log()).isPositive();
        assertThat(measured.get(Row.MEMBER_RSS).value()).as(log()).isPositive();
        assertThat(measured.get(Row.MEMBER_JOB_1000).value()).as(log()).isPositive();
    }

    @Test
    @Tag("load")
    void everyRowIsMeasured() throws Exception {
        Map<Row, Measurement> measured = measure(EnumSet.allOf(Row.class));

        assertThat(measured.keySet()).as(log()).containsExactlyInAnyOrder(Row.values());
        assertThat(measured.get(Row.MOST_NODES).value()).as(log()).isEqualTo(Scale.TINY.nodes(10_000));
        assertThat(measured.get(Row.OWN_SUB).value()).as(log()).isEqualTo(100);
        assertThat(measured.get(Row.RESTART_FETCHES).value()).as(log()).isZero();
    }

    private Map<Row, Measurement> measure(Set<Row> rows) throws Exception {
        PrintStream lines = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new Run(JavaPrograms.get(), Scale.TINY, directory, "none", Clock.systemUTC(), lines)
                .measure(rows, Profile.NONE, Run.Keeper.NONE);
    }

    private String log() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
