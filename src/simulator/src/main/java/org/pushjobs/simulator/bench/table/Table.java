package org.pushjobs.simulator.bench.table;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The measured rows beside the original's and what has to be reached. */
public final class Table {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Table() {}

    /** Whether a row that was measured is not as it must be. */
    public static boolean misses(Map<Row, Measurement> rows) {
        return rows.entrySet().stream()
                .anyMatch(row -> !row.getKey().goal().isReached(row.getValue().value()));
    }

    /** As Markdown. */
    public static String markdown(Map<Row, Measurement> rows) {
        StringBuilder text = new StringBuilder();
        text.append("| Row | What | Original | Here | Times better | Must | Aim | Reached | Measured | Notes |\n");
        text.append("|---|---|---|---|---|---|---|---|---|---|\n");
        rows.forEach((row, measured) -> text.append("| ")
                .append(String.join(
                        " | ",
                        "`" + row.id() + "`",
                        row.what(),
                        original(row),
                        "**" + row.unit().text(measured.value()) + "**",
                        better(row, measured),
                        row.goal().text(row.unit(), row.goal().must()),
                        row.goal().text(row.unit(), row.goal().aim()),
                        reached(row, measured),
                        DAY.format(measured.at()) + " " + measured.commit(),
                        measured.note()))
                .append(" |\n"));
        return text.toString();
    }

    /** For a terminal, one line a row. */
    public static String line(Row row, Measurement measured) {
        return String.format(
                Locale.ROOT,
                "%-16s %12s  (original %s, must %s: %s)  %s%n%17s%s",
                row.id(),
                row.unit().text(measured.value()),
                original(row),
                row.goal().text(row.unit(), row.goal().must()),
                reached(row, measured),
                row.what(),
                "",
                measured.note());
    }

    private static String original(Row row) {
        OptionalDouble value = row.original();
        return value.isPresent() ? row.unit().text(value.getAsDouble()) : "–";
    }

    private static String better(Row row, Measurement measured) {
        if (row.original().isEmpty() || measured.value() == 0) {
            return "–";
        }
        return String.format(
                Locale.ROOT,
                "%.1f",
                row.goal().timesBetter(measured.value(), row.original().getAsDouble()));
    }

    private static String reached(Row row, Measurement measured) {
        if (row.goal().isAimReached(measured.value())) {
            return "yes, aim too";
        }
        return row.goal().isReached(measured.value()) ? "yes" : "NO";
    }
}
