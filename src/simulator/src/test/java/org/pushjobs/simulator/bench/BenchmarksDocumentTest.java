package org.pushjobs.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.simulator.bench.table.Measurement;
import org.pushjobs.simulator.bench.table.Row;

class BenchmarksDocumentTest {
    @TempDir
    Path directory;

    @Test
    void numbersAreReplacedAndTheTextAroundThemStays() throws IOException {
        Path file = Files.writeString(directory.resolve("benchmarks.md"), """
                # Title
                <!-- begin table -->
                old
                <!-- end table -->
                text
                <!-- begin micro -->
                <!-- end micro -->
                """);
        Path micro = Files.writeString(directory.resolve("micro.json"), """
                [{"benchmark": "org.pushjobs.zmtp.handshake.CurveBenchmark.handshake", "params": {"crypto": "JAVA"},
                  "primaryMetric": {"score": 123.456, "scoreError": 7.891, "scoreUnit": "us/op"}}]
                """);
        BenchmarksDocument document = new BenchmarksDocument(file);
        Measurement measured = new Measurement(8, "31 jobs", Instant.parse("2026-11-22T12:00:00Z"), "abc");

        document.writeTable("a machine", Map.of(Row.JOB_1, measured));
        document.writeMicro("a machine", "abc", List.of(micro));

        assertThat(Files.readString(file))
                .startsWith("# Title\n<!-- begin table -->\n\nMachine: a machine.\n\n| Row |")
                .contains("| `job-1` | job on 1 node, median | 30 ms | **8 ms** |")
                .contains("<!-- end table -->\ntext\n<!-- begin micro -->")
                .contains("| zmtp: CurveBenchmark.handshake | crypto:JAVA | 123.46 ± 7.89 us/op |")
                .doesNotContain("old")
                .endsWith("<!-- end micro -->\n");
    }

    @Test
    void documentWithoutAPlaceForTheNumbersIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("benchmarks.md"), "nothing");

        assertThatThrownBy(() -> new BenchmarksDocument(file).writeTable("a machine", Map.of()))
                .hasMessageContaining("<!-- begin table -->");
    }
}
