package org.pushjobs.simulator.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pushjobs.simulator.bench.table.Measurement;
import org.pushjobs.simulator.bench.table.Row;
import org.pushjobs.simulator.bench.table.Table;

/** docs/benchmarks.md: the text around the numbers is written by hand, the numbers are between marks and are replaced. */
final class BenchmarksDocument {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    BenchmarksDocument(Path file) {
        this.file = file;
    }

    void writeTable(String machine, Map<Row, Measurement> rows) throws IOException {
        replace("table", "Machine: " + machine + ".\n\n" + Table.markdown(rows));
    }

    /** @param results JMH's JSON files */
    void writeMicro(String machine, String commit, List<Path> results) throws IOException {
        StringBuilder text = new StringBuilder("Machine: " + machine + ". Commit " + commit + ".\n\n");
        text.append("| Benchmark | Parameters | Time for one |\n|---|---|---|\n");
        for (Path result : results) {
            for (JsonNode benchmark : JSON.readTree(result.toFile())) {
                String name = benchmark.path("benchmark").asText();
                JsonNode metric = benchmark.path("primaryMetric");
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %.2f ± %.2f %s |%n",
                        name.replaceFirst("^org\\.pushjobs\\.(\\w+)\\..*?(\\w+\\.\\w+)$", "$1: $2"),
                        benchmark.path("params").isMissingNode()
                                ? ""
                                : benchmark.path("params").toString().replaceAll("[{}\"]", ""),
                        metric.path("score").asDouble(),
                        metric.path("scoreError").asDouble(),
                        metric.path("scoreUnit").asText()));
            }
        }
        replace("micro", text.toString());
    }

    private void replace(String part, String text) throws IOException {
        String begin = "<!-- begin " + part + " -->";
        String end = "<!-- end " + part + " -->";
        String content = Files.readString(file);
        Matcher place = Pattern.compile(Pattern.quote(begin) + ".*?" + Pattern.quote(end), Pattern.DOTALL)
                .matcher(content);
        if (!place.find()) {
            throw new IOException(file + " has no place for results: " + begin + " … " + end);
        }
        Files.writeString(
                file, place.replaceFirst(Matcher.quoteReplacement(begin + "\n\n" + text.strip() + "\n\n" + end)));
    }
}
