package org.pushjobs.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.server.testing.DocumentedMetrics;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** docs/alerts.yml and docs/grafana-dashboard.json ask for nothing but the metrics and labels of docs/operations.md. */
class AlertsAndDashboardTest {
    private static final Path DOCS = Path.of("..", "..", "docs");
    private static final ObjectMapper JSON = new ObjectMapper();
    /** What Prometheus and its blackbox exporter say of what they ask. */
    private static final Set<String> OF_PROMETHEUS = Set.of("up", "probe_success", "probe_failed_due_to_regex");

    private static final Set<String> LABELS_OF_PROMETHEUS = Set.of("job", "instance", "le");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool", "offset");
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern SELECTOR = Pattern.compile("(\\w+)\\{([^}]*)}");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern NAME_OR_CALL = Pattern.compile("\\b([a-zA-Z_]\\w*)\\b(\\s*\\()?");
    private static final Pattern DURATION = Pattern.compile("[1-9][0-9]*[smh]");
    private static final Pattern LABEL_IN_TEXT = Pattern.compile("\\{\\{ *\\$labels\\.(\\w+) *}}");
    private static final Pattern LABEL_IN_LEGEND = Pattern.compile("\\{\\{(\\w+)}}");
    private static final int COLUMNS = 24;

    /** An expression of PromQL and where it is. */
    record Expression(String where, String text) {
        @Override
        public String toString() {
            return where;
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> rules() throws IOException {
        Map<String, List<Map<String, Object>>> file =
                new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(DOCS.resolve("alerts.yml")));
        return file.get("groups").stream()
                .flatMap(group -> ((List<Map<String, Object>>) group.get("rules")).stream())
                .toList();
    }

    private static JsonNode dashboard() throws IOException {
        return JSON.readTree(DOCS.resolve("grafana-dashboard.json").toFile());
    }

    private static List<JsonNode> list(JsonNode array) {
        assertThat(array.isArray()).as(array.toString()).isTrue();
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    static Stream<Expression> expressions() throws IOException {
        List<Expression> expressions = new ArrayList<>();
        for (Map<String, Object> rule : rules()) {
            expressions.add(new Expression((String) rule.get("alert"), (String) rule.get("expr")));
        }
        for (JsonNode panel : list(dashboard().path("panels"))) {
            for (JsonNode target : list(panel.path("targets"))) {
                expressions.add(new Expression(
                        panel.path("title").asText() + " "
                                + target.path("refId").asText(),
                        target.path("expr").asText()));
            }
        }
        return expressions.stream();
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void expressionAsksForDocumentedMetricsAndLabelsOnly(Expression expression) throws IOException {
        DocumentedMetrics documented = DocumentedMetrics.read();
        String text = STRING.matcher(expression.text()).replaceAll("");

        // then: each metric is there
        Set<String> metrics = metrics(text);
        assertThat(metrics)
                .isNotEmpty()
                .allSatisfy(metric ->
                        assertThat(isKnown(metric, documented)).as(metric).isTrue());

        // and has the labels that are asked for
        Set<String> labels = new HashSet<>(LABELS_OF_PROMETHEUS);
        metrics.forEach(metric -> labels.addAll(documented.labels().getOrDefault(family(metric), Set.of())));
        assertThat(labels).containsAll(groups(text));
        SELECTOR.matcher(text).results().forEach(selector -> {
            Set<String> own = new HashSet<>(LABELS_OF_PROMETHEUS);
            own.addAll(documented.labels().getOrDefault(family(selector.group(1)), Set.of()));
            assertThat(own).containsAll(words(selector.group(2).replaceAll("[=!~]+", "")));
        });
    }

    private static boolean isKnown(String metric, DocumentedMetrics documented) {
        String type = documented.types().getOrDefault(family(metric), "none");
        if (family(metric).equals(metric)) {
            // a histogram has no sample of its own name
            return OF_PROMETHEUS.contains(metric) || type.equals("counter") || type.equals("gauge");
        }
        return type.equals("histogram") || type.equals("summary") && !metric.endsWith("_bucket");
    }

    private static String family(String metric) {
        return metric.replaceFirst("_(bucket|count|sum)$", "");
    }

    /** Names that are neither functions nor words of the language. */
    private static Set<String> metrics(String expression) {
        String text = GROUPING.matcher(expression.replaceAll("\\{[^}]*}", "").replaceAll("\\[[^]]*]", ""))
                .replaceAll("");
        return NAME_OR_CALL
                .matcher(text)
                .results()
                .filter(found -> found.group(2) == null)
                .map(found -> found.group(1))
                .filter(name -> !OPERATORS.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> groups(String expression) {
        return GROUPING.matcher(expression)
                .results()
                .flatMap(found -> words(found.group(1)).stream())
                .collect(Collectors.toSet());
    }

    private static Set<String> words(String list) {
        return Stream.of(list.split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void bracketsOfTheExpressionAreBalanced(Expression expression) {
        assertThat(isBalanced(expression.text())).as(expression.text()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sum(a", "sum a)", "rate(a[5m)]", "a{b=\"c\"", "a{b=\"c}"})
    void bracketsThatAreNotBalancedAreFound(String expression) {
        assertThat(isBalanced(expression)).isFalse();
    }

    private static boolean isBalanced(String expression) {
        String text = STRING.matcher(expression).replaceAll("");
        Deque<Character> open = new ArrayDeque<>();
        for (char c : text.toCharArray()) {
            int kind = "([{".indexOf(c);
            if (kind >= 0) {
                open.push(")]}".charAt(kind));
            } else if (")]}".indexOf(c) >= 0 && (open.isEmpty() || open.pop() != c)) {
                return false;
            }
        }
        return open.isEmpty() && text.indexOf('"') < 0;
    }

    @Test
    void everyAlertSaysHowBadItIsWhatIsSoAndWhatItMeans() throws IOException {
        assertThat(rules()).extracting(rule -> rule.get("alert")).doesNotHaveDuplicates();
        assertThat(rules()).hasSizeGreaterThan(8).allSatisfy(rule -> {
            assertThat(rule.keySet()).isSubsetOf("alert", "expr", "for", "labels", "annotations");
            assertThat((String) rule.getOrDefault("for", "1m")).matches(DURATION);
            assertThat(((Map<?, ?>) rule.get("labels")).get("severity")).isIn("critical", "warning");
            Map<?, ?> annotations = (Map<?, ?>) rule.get("annotations");
            assertThat((String) annotations.get("summary")).endsWith(".");
            assertThat((String) annotations.get("description")).endsWith(".");

            // a label that the expression has aggregated away would be an empty text
            String expression = STRING.matcher((String) rule.get("expr")).replaceAll("");
            Set<String> groups = groups(expression);
            LABEL_IN_TEXT
                    .matcher(annotations.toString())
                    .results()
                    .map(found -> found.group(1))
                    .forEach(label -> assertThat(groups.isEmpty() || groups.contains(label))
                            .as("%s of %s", label, rule.get("alert"))
                            .isTrue());
        });
    }

    @Test
    void theGuideNamesEveryAlertAndEveryJobThatTheyAreAbout() throws IOException {
        String document = Files.readString(DOCS.resolve("operations.md"));

        assertThat(rules()).allSatisfy(rule -> {
            assertThat(document).contains("`" + rule.get("alert") + "`");
            Matcher job = Pattern.compile("job=\"([^\"]*)\"").matcher((String) rule.get("expr"));
            while (job.find()) {
                assertThat(document).contains("- job_name: " + job.group(1) + "\n");
            }
        });
        Matcher configuration =
                Pattern.compile("(?s)\n```yaml\n(# prometheus.yml.*?)```\n").matcher(document);
        assertThat(configuration.find()).isTrue();
        List<Object> files = new ArrayList<>();
        new Yaml(new SafeConstructor(new LoaderOptions()))
                .loadAll(configuration.group(1))
                .forEach(files::add);
        assertThat(files).hasSize(2).allSatisfy(file -> assertThat(file).isInstanceOf(Map.class));
    }

    @Test
    void dashboardHasWhatGrafanaAsksForAndNoPanelsOnEachOther() throws IOException {
        JsonNode dashboard = dashboard();

        assertThat(dashboard.path("uid").asText()).matches("[a-z0-9-]{8,40}");
        assertThat(dashboard.path("title").asText()).isNotBlank();
        assertThat(dashboard.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(36);
        assertThat(dashboard.path("time").path("from").asText()).startsWith("now-");
        Set<String> variables = list(dashboard.path("templating").path("list")).stream()
                .map(variable -> variable.path("name").asText())
                .collect(Collectors.toSet());
        Set<Integer> ids = new HashSet<>();
        Set<String> cells = new HashSet<>();
        for (JsonNode panel : list(dashboard.path("panels"))) {
            String title = panel.path("title").asText();
            assertThat(title).isNotBlank();
            assertThat(panel.path("type").asText()).as(title).isIn("stat", "timeseries");
            assertThat(ids.add(panel.path("id").asInt())).as(title).isTrue();
            JsonNode place = panel.path("gridPos");
            int left = place.path("x").asInt(-1);
            int top = place.path("y").asInt(-1);
            assertThat(left).as(title).isNotNegative();
            assertThat(top).as(title).isNotNegative();
            assertThat(left + place.path("w").asInt()).as(title).isBetween(left + 1, COLUMNS);
            assertThat(place.path("h").asInt()).as(title).isPositive();
            for (int x = left; x < left + place.path("w").asInt(); x++) {
                for (int y = top; y < top + place.path("h").asInt(); y++) {
                    assertThat(cells.add(x + "," + y)).as(title).isTrue();
                }
            }
            Set<String> references = new HashSet<>();
            for (JsonNode target : list(panel.path("targets"))) {
                assertThat(references.add(target.path("refId").asText()))
                        .as(title)
                        .isTrue();
                assertThat(target.path("datasource").path("uid").asText()).isEqualTo("${datasource}");
                assertThat(target.path("datasource").path("type").asText()).isEqualTo("prometheus");
                LABEL_IN_LEGEND
                        .matcher(target.path("legendFormat").asText())
                        .results()
                        .forEach(label -> assertThat(isKept(
                                        label.group(1), target.path("expr").asText()))
                                .as("%s: %s", title, label.group(1))
                                .isTrue());
            }
            assertThat(references).as(title).isNotEmpty();
        }
        assertThat(variables).containsExactlyInAnyOrder("datasource", "instance");
    }

    /** Whether the result has the label: it is grouped by it, or nothing is aggregated. */
    private static boolean isKept(String label, String expression) {
        String text = STRING.matcher(expression).replaceAll("");
        return groups(text).contains(label) || !text.contains("(");
    }
}
