package org.pushjobs.server.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The table of metrics in docs/operations.md.
 *
 * @param types counter, gauge, histogram or summary, by the metric's name
 * @param labels by the metric's name
 */
public record DocumentedMetrics(Map<String, String> types, Map<String, Set<String>> labels) {
    private static final Path DOCUMENT = Path.of("..", "..", "docs", "operations.md");
    private static final String HEAD = "| Metric | Type | Labels | Meaning |\n";

    public static DocumentedMetrics read() throws IOException {
        Map<String, String> types = new HashMap<>();
        Map<String, Set<String>> labels = new HashMap<>();
        Files.readString(DOCUMENT)
                .split(Pattern.quote(HEAD), 2)[1]
                .lines()
                .skip(1)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.replace("`", "").split("\\|"))
                .forEach(cells -> {
                    String name = cells[1].strip();
                    types.put(name, cells[2].strip());
                    labels.put(
                            name,
                            cells[3].isBlank()
                                    ? Set.of()
                                    : Set.of(cells[3].strip().split(", *")));
                });
        return new DocumentedMetrics(Map.copyOf(types), Map.copyOf(labels));
    }
}
