package org.pushjobs.server.testing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Prometheus' documentation asks of metrics ("Metric and label naming", "Exposition formats"), and {@code promtool check
 * metrics} looks at.
 */
public final class PrometheusRules {
    private static final Pattern HELP = Pattern.compile("# HELP (\\S+) ?(.*)");
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("([^\\s{]+)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([^=,]+)=\"((?:[^\"\\\\]|\\\\.)*)\",?");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
    private static final Set<String> TYPES = Set.of("counter", "gauge", "histogram", "summary");
    private static final Set<String> BASE_UNITS =
            Set.of("seconds", "bytes", "celsius", "meters", "ratio", "volts", "amperes", "joules", "grams");
    private static final Set<String> OTHER_UNITS = Set.of(
            "nanoseconds",
            "microseconds",
            "milliseconds",
            "minutes",
            "hours",
            "days",
            "weeks",
            "bits",
            "kilobytes",
            "megabytes",
            "gigabytes",
            "kibibytes",
            "mebibytes",
            "percent",
            "ns",
            "us",
            "ms",
            "s",
            "sec",
            "secs",
            "min",
            "mins",
            "h",
            "b",
            "kb",
            "mb",
            "gb",
            "kib",
            "mib");
    /** What may stand behind the unit. */
    private static final Set<String> AFTER_UNIT = Set.of("total", "max", "info");

    private final Map<String, String> help = new LinkedHashMap<>();
    private final Map<String, String> types = new LinkedHashMap<>();
    private final Set<String> series = new HashSet<>();
    private final List<String> violations = new ArrayList<>();

    private PrometheusRules() {}

    /** @param exposition in Prometheus' text format */
    public static List<String> violations(String exposition) {
        PrometheusRules rules = new PrometheusRules();
        exposition.lines().filter(line -> !line.isBlank()).forEach(rules::look);
        rules.types.forEach(rules::family);
        return rules.violations;
    }

    private void look(String line) {
        Matcher helped = HELP.matcher(line);
        Matcher typed = TYPE.matcher(line);
        Matcher sample = SAMPLE.matcher(line);
        if (helped.matches()) {
            help.put(helped.group(1), helped.group(2));
        } else if (typed.matches()) {
            if (types.put(typed.group(1), typed.group(2)) != null) {
                violations.add(typed.group(1) + " is there twice");
            }
        } else if (sample.matches()) {
            sample(sample.group(1), sample.group(2) == null ? "" : sample.group(2));
        } else {
            violations.add("cannot be read: " + line);
        }
    }

    private void sample(String name, String labels) {
        if (!series.add(name + "{" + labels + "}")) {
            violations.add(name + "{" + labels + "} is there twice");
        }
        String family = Stream.of("", "_bucket", "_count", "_sum")
                .filter(name::endsWith)
                .map(suffix -> name.substring(0, name.length() - suffix.length()))
                .filter(types::containsKey)
                .findFirst()
                .orElse("");
        String type = types.getOrDefault(family, "none");
        if (family.isEmpty()) {
            violations.add(name + " has no type");
        } else if (!family.equals(name) && !type.equals("histogram") && !type.equals("summary")) {
            violations.add(name + " has an ending that only histograms and summaries have");
        }
        Matcher label = LABEL.matcher(labels);
        int read = 0;
        while (label.lookingAt()) {
            label(name, type, label.group(1));
            read = label.end();
            label.region(read, labels.length());
        }
        if (read != labels.length()) {
            violations.add(name + ": labels cannot be read: " + labels);
        }
    }

    private void label(String name, String type, String label) {
        if (!NAME.matcher(label).matches()) {
            violations.add(name + ": the label " + label + " is not in lower snake case");
        }
        if (label.equals("le") && !type.equals("histogram") || label.equals("quantile") && !type.equals("summary")) {
            violations.add(name + ": the label " + label + " belongs to another type");
        }
    }

    private void family(String name, String type) {
        if (help.getOrDefault(name, "").isBlank()) {
            violations.add(name + " has no help text");
        }
        if (!NAME.matcher(name).matches()) {
            violations.add(name + " is not in lower snake case");
        }
        if (type.equals("counter") != name.endsWith("_total")) {
            violations.add(name + " is a " + type + ": counters end in _total, and nothing else does");
        }
        if (!type.equals("histogram")
                && !type.equals("summary")
                && (name.endsWith("_bucket") || name.endsWith("_count") || name.endsWith("_sum"))) {
            violations.add(name + " has an ending that only histograms and summaries have");
        }
        List<String> words = List.of(name.split("_"));
        words.stream().filter(TYPES::contains).forEach(word -> violations.add(name + " has its type in its name"));
        words.stream()
                .filter(OTHER_UNITS::contains)
                .forEach(word -> violations.add(name + ": " + word + " is no base unit"));
        int unit = words.stream()
                .filter(BASE_UNITS::contains)
                .mapToInt(words::lastIndexOf)
                .max()
                .orElse(words.size());
        if (!words.stream().skip(unit + 1L).allMatch(AFTER_UNIT::contains)) {
            violations.add(name + ": the unit is not at the end");
        }
    }
}
