package org.pushjobs.simulator.failover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    static final class Line {
        private final List<Long> agents = new ArrayList<>();
        private final List<Long> reads = new ArrayList<>();
        private final List<Long> starts = new ArrayList<>();
        private final List<Long> work = new ArrayList<>();
        private final Map<String, List<Double>> measured = new LinkedHashMap<>();
        private final Map<String, String> most = new HashMap<>();
        private int wrong;

        private void add(JsonNode result) {
            result.path("agents_gap_millis").forEach(gap -> agents.add(gap.asLong()));
            reads.add(result.path("reads_gap_millis").asLong());
            starts.add(result.path("starts_gap_millis").asLong());
            work.add(result.path("work_gap_millis").asLong());
            result.path("measured").properties().forEach(found -> {
                found.getValue()
                        .path("values")
                        .forEach(value -> measured.computeIfAbsent(found.getKey(), _ -> new ArrayList<>())
                                .add(value.asDouble()));
                most.put(found.getKey(), found.getValue().path("most").asText());
            });
            wrong += result.path("wrong").isEmpty() ? 0 : 1;
        }
    }

    @Override
    public Integer call() throws IOException {
        Map<String, Line> lines = lines(directory);
        table(lines).forEach(System.out::println);
        return lines.values().stream().allMatch(line -> line.wrong == 0) ? 0 : 1;
    }

    /** By the names of the cases. */
    static Map<String, Line> lines(Path directory) throws IOException {
        Map<String, Line> lines = new LinkedHashMap<>();
        try (var files = Files.walk(directory)) {
            for (Path file :
                    files.filter(path -> path.endsWith("result.json")).sorted().toList()) {
                String name = file.getParent().getParent().getFileName().toString();
                lines.computeIfAbsent(name, _ -> new Line()).add(JSON.readTree(file.toFile()));
            }
        }
        return lines;
    }

    /** For people; what was measured in some cases only has a table of its own. */
    static List<String> table(Map<String, Line> lines) {
        List<String> table = new ArrayList<>();
        table.add("| case | rounds | wrong | agents back | reads | starts | work |");
        table.add("|---|---|---|---|---|---|---|");
        lines.forEach((name, line) -> table.add(String.format(
                Locale.ROOT,
                "| %s | %d | %d | %s | %s | %s | %s |",
                name,
                line.reads.size(),
                line.wrong,
                seconds(line.agents),
                seconds(line.reads),
                seconds(line.starts),
                seconds(line.work))));
        table.add("Gaps in seconds: p50 / p95 / max.");
        if (lines.values().stream().anyMatch(line -> !line.measured.isEmpty())) {
            table.add("");
            table.add("| case | measured | p50 / p95 / max | at most |");
            table.add("|---|---|---|---|");
            lines.forEach((name, line) -> line.measured.forEach((what, values) -> table.add(
                    "| " + name + " | " + what + " | " + numbers(values) + " | " + line.most.get(what) + " |")));
        }
        return table;
    }

    private static String numbers(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return Stream.of(at(sorted, 0.5), at(sorted, 0.95), sorted.getLast())
                .map(Measured::text)
                .collect(Collectors.joining(" / "));
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
    static <T> T at(List<T> sorted, double part) {
        return sorted.get(Math.max(0, (int) Math.ceil(part * sorted.size()) - 1));
    }
}
