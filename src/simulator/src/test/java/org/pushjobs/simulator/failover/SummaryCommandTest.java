package org.pushjobs.simulator.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryCommandTest {
    private static final String GAPS =
            "\"agents_gap_millis\":[],\"reads_gap_millis\":100,\"starts_gap_millis\":200,\"work_gap_millis\":300";

    @TempDir
    private Path directory;

    private void round(String name, int number, String measured) throws IOException {
        Path round = Files.createDirectories(directory.resolve(name).resolve(Integer.toString(number)));
        Files.writeString(round.resolve("result.json"), "{" + GAPS + measured + ",\"wrong\":[]}");
    }

    @Test
    void whatWasMeasuredInSomeCasesIsATableOfItsOwn() throws IOException {
        round("kill", 1, "");
        round("spread", 1, ",\"measured\":{\"moved_seconds\":{\"most\":\"20\",\"values\":[12.5]}}");
        round("spread", 2, ",\"measured\":{\"moved_seconds\":{\"most\":\"20\",\"values\":[8]}}");

        assertThat(SummaryCommand.table(SummaryCommand.lines(directory)))
                .containsExactly(
                        "| case | rounds | wrong | agents back | reads | starts | work |",
                        "|---|---|---|---|---|---|---|",
                        "| kill | 1 | 0 | - | 0.1 / 0.1 / 0.1 | 0.2 / 0.2 / 0.2 | 0.3 / 0.3 / 0.3 |",
                        "| spread | 2 | 0 | - | 0.1 / 0.1 / 0.1 | 0.2 / 0.2 / 0.2 | 0.3 / 0.3 / 0.3 |",
                        "Gaps in seconds: p50 / p95 / max.",
                        "",
                        "| case | measured | p50 / p95 / max | at most |",
                        "|---|---|---|---|",
                        "| spread | moved_seconds | 8 / 12.5 / 12.5 | 20 |");
    }

    @Test
    void whereNothingWasMeasuredThereIsOneTable() throws IOException {
        round("kill", 1, "");

        assertThat(SummaryCommand.table(SummaryCommand.lines(directory))).hasSize(4);
    }
}
