package org.pushjobs.simulator.failover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code summary}: the results of many rounds in one table, a line for each case. */
@Command(
        name = "summary",
        description = "Prints a table of results of rounds. Status 1: in one of them something is wrong.",
        mixinStandardHelpOptions = true)
final class SummaryCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double MILLIS_PER_SECOND = 1000.0;

    @Parameters(paramLabel = "DIR", description = "CASE/ROUND/result.json and so on are in it.")
    private Path directory;

    /** What came of the rounds of a case. */
    private static final class Line {
        private final List<Long> agents = new ArrayList<>();
        private final List<Long> reads = new ArrayList<>();
        private final List<Long> starts = new ArrayList<>();
        private final List<Long> work = new ArrayList<>();
        private int wrong;

        private void add(JsonNode result) {
            result.path("agents_gap_millis").forEach(gap -> agents.add(gap.asLong()));
            reads.add(result.path("reads_gap_millis").asLong());
            starts.add(result.path("starts_gap_millis").asLong());
            work.add(result.path("work_gap_millis").asLong());
            wrong += result.path("wrong").isEmpty() ? 0 : 1;
        }
    }

    @Override
    public Integer call() throws IOException {
        Map<String, Line> lines = new LinkedHashMap<>();
        try (var files = Files.walk(directory)) {
            for (Path file :
                    files.filter(path -> path.endsWith("result.json")).sorted().toList()) {
                String name = file.getParent().getParent().getFileName().toString();
                lines.computeIfAbsent(name, _ -> new Line()).add(JSON.readTree(file.toFile()));
            }
        }
        System.out.println("| case | rounds | wrong | agents back | reads | starts | work |");
        System.out.println("|---|---|---|---|---|---|---|");
        lines.forEach((name, line) -> System.out.printf(
                Locale.ROOT,
                "| %s | %d | %d | %s | %s | %s | %s |%n",
                name,
                line.reads.size(),
                line.wrong,
                seconds(line.agents),
                seconds(line.reads),
                seconds(line.starts),
                seconds(line.work)));
        System.out.println("Gaps in seconds: p50 / p95 / max.");
        return lines.values().stream().allMatch(line -> line.wrong == 0) ? 0 : 1;
    }

    private static String seconds(List<Long> millis) {
        if (millis.isEmpty()) {
            return "-";
        }
        List<Long> sorted = millis.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "%.1f / %.1f / %.1f",
                at(sorted, 0.5) / MILLIS_PER_SECOND,
                at(sorted, 0.95) / MILLIS_PER_SECOND,
                sorted.getLast() / MILLIS_PER_SECOND);
    }

    /** The smallest value that so large a part of them does not exceed. */
    static long at(List<Long> sorted, double part) {
        return sorted.get(Math.max(0, (int) Math.ceil(part * sorted.size()) - 1));
    }
}
