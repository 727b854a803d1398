package org.pushjobs.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.jobs.model.JobTerms;

/**
 * Validates the body of {@code POST jobs} (rest-api.md), field by field in the order of the error list there.
 *
 * <p>Refusals have status 400, but 422 when the request names a {@code user} or {@code dir} and what is wrong is none of
 * {@code command}, {@code nodes} and {@code quorum}: to a 400, knife sends the job again with only those three, so that it
 * would run as another user and in another place than was asked for.
 */
final class JobRequestParser {
    /** Longest user name that the database holds. */
    static final int MAX_USER_LENGTH = 32;

    private static final Set<String> KEYS =
            Set.of("command", "nodes", "run_timeout", "quorum", "user", "dir", "env", "file", "capture_output");
    private static final String NO_NODE = "at least one node must be supplied";
    private static final Pattern PERCENTAGE = Pattern.compile("([0-9]{1,6})%");
    private static final String UNKNOWN_ERROR = "an unknown validation error has occurred";

    private final int defaultRunTimeoutSeconds;

    JobRequestParser(Duration defaultRunTimeout) {
        this.defaultRunTimeoutSeconds = Math.toIntExact(defaultRunTimeout.toSeconds());
    }

    /** @throws ValidationException of status 400 or 422 */
    JobTerms parse(byte[] bytes) {
        JobBody body = JobBody.parse(bytes);
        String command = command(body);
        List<String> nodes = nodes(body);
        body.fields().keySet().stream()
                .filter(key -> !KEYS.contains(key))
                .sorted()
                .findFirst()
                .ifPresent(key -> {
                    throw refusedOption(body, "invalid key supplied", WrongField.ofSecret(key));
                });
        int quorum = quorum(body, nodes.size());
        int runTimeoutSeconds = runTimeout(body);
        boolean capture = capture(body);
        Optional<Map<String, String>> environment = environment(body);
        Optional<String> file = file(body);
        JobSpec spec = new JobSpec(command, user(body), dir(body), environment, file, capture);
        return new JobTerms(spec, nodes, quorum, runTimeoutSeconds);
    }

    private static String command(JobBody body) {
        return body.field("command")
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(Names::isStorable)
                .orElseThrow(
                        () -> refused("invalid command supplied", WrongField.of("command", body.field("command"))));
    }

    private static List<String> nodes(JobBody body) {
        Optional<JsonNode> field = body.field("nodes");
        Set<String> names = new LinkedHashSet<>();
        int index = 0;
        for (JsonNode member : field.filter(JsonNode::isArray).orElseThrow(() -> noNode(field))) {
            if (!member.isTextual()) {
                throw refused(NO_NODE, WrongField.of("nodes[" + index + "]", member));
            }
            if (!Names.isNodeName(member.textValue())) {
                throw refused(
                        "invalid node name (must have at most " + Names.MAX_NODE_NAME_LENGTH
                                + " characters, none of them NUL)",
                        WrongField.of("nodes[" + index + "]", member));
            }
            names.add(member.textValue());
            index++;
        }
        if (names.isEmpty()) {
            throw noNode(field);
        }
        return List.copyOf(names);
    }

    private static ValidationException noNode(Optional<JsonNode> field) {
        return refused(NO_NODE, WrongField.of("nodes", field));
    }

    private static int quorum(JobBody body, int numberOfNodes) {
        return body.field("quorum")
                .map(value -> part(value, numberOfNodes)
                        .or(() -> wholeNumber(value))
                        .orElseThrow(() -> refused(numberError("quorum", value, ""), WrongField.of("quorum", value))))
                .orElse(numberOfNodes);
    }

    /** A percentage of the nodes, rounded up. */
    private static Optional<Integer> part(JsonNode value, int numberOfNodes) {
        Matcher percentage = PERCENTAGE.matcher(value.isTextual() ? value.textValue() : "");
        return percentage.matches()
                ? Optional.of(Math.toIntExact(Math.min(
                        Math.ceilDiv(Long.parseLong(percentage.group(1)) * numberOfNodes, 100L), Integer.MAX_VALUE)))
                : Optional.empty();
    }

    private int runTimeout(JobBody body) {
        return body.field("run_timeout")
                .map(value -> wholeNumber(value)
                        .orElseThrow(() -> refusedOption(
                                body,
                                numberError("run_timeout", value, " seconds"),
                                WrongField.of("run_timeout", value))))
                .orElse(defaultRunTimeoutSeconds);
    }

    /**
     * Rounded up, and 0 for everything below: neither fewer nodes nor less time than none can be asked for. Empty when the
     * value is no number, or one that no int holds.
     */
    private static Optional<Integer> wholeNumber(JsonNode value) {
        double rounded = value.isNumber() ? Math.ceil(value.doubleValue()) : Double.NaN;
        return rounded >= Integer.MIN_VALUE && rounded <= Integer.MAX_VALUE
                ? Optional.of(Math.max(0, (int) rounded))
                : Optional.empty();
    }

    private static String numberError(String field, JsonNode value, String unit) {
        String message = "invalid type supplied for " + field + " (expected a number)";
        return value.isNumber()
                ? message + ": must be " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE + unit
                : message;
    }

    private static boolean capture(JobBody body) {
        Optional<JsonNode> value = body.field("capture_output");
        if (value.filter(given -> !given.isBoolean()).isPresent()) {
            throw refusedOption(
                    body,
                    "invalid type supplied for capture_output (expected a boolean)",
                    WrongField.of("capture_output", value));
        }
        return value.filter(JsonNode::booleanValue).isPresent();
    }

    private static Optional<Map<String, String>> environment(JobBody body) {
        Optional<JsonNode> value = body.field("env");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!value.get().isObject()) {
            throw refusedOption(body, UNKNOWN_ERROR, WrongField.ofSecret("env"));
        }
        if (body.duplicateEnvironmentKey().isPresent()) {
            throw refusedOption(
                    body,
                    "invalid environment value (duplicate key)",
                    variable(body.duplicateEnvironmentKey().get()));
        }
        Map<String, String> environment = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> variable : value.get().properties()) {
            if (!variable.getValue().isTextual()) {
                throw refusedOption(body, UNKNOWN_ERROR, variable(variable.getKey()));
            }
            String text = variable.getValue().textValue();
            if (!Names.isStorable(variable.getKey()) || !Names.isStorable(text)) {
                throw refusedOption(
                        body, "invalid environment value (NUL or broken character)", variable(variable.getKey()));
            }
            environment.put(variable.getKey(), text);
        }
        return Optional.of(environment);
    }

    private static WrongField variable(String name) {
        return WrongField.ofSecret("env." + name);
    }

    private static Optional<String> file(JobBody body) {
        return body.field("file").map(value -> {
            String text = value.isTextual() ? value.textValue() : "";
            try {
                JobFile.check(text);
            } catch (IllegalArgumentException e) {
                throw refusedOption(body, e.getMessage(), WrongField.ofSecret("file"));
            }
            return text;
        });
    }

    private static Optional<String> user(JobBody body) {
        Optional<String> user = string(body, "user");
        if (user.filter(name -> name.isBlank() || !name.equals(name.strip()) || name.length() > MAX_USER_LENGTH)
                .isPresent()) {
            throw refusedOption(
                    body,
                    "invalid user supplied (must have 1 to " + MAX_USER_LENGTH
                            + " characters and no white space around them)",
                    WrongField.of("user", body.field("user")));
        }
        return user;
    }

    private static Optional<String> dir(JobBody body) {
        return string(body, "dir");
    }

    private static Optional<String> string(JobBody body, String field) {
        return body.field(field).map(value -> {
            if (!value.isTextual()) {
                throw refusedOption(
                        body,
                        "invalid type supplied for " + field + " (expected a string)",
                        WrongField.of(field, value));
            }
            if (!Names.isStorable(value.textValue())) {
                throw refusedOption(
                        body, "invalid " + field + " supplied (NUL or broken character)", WrongField.of(field, value));
            }
            return value.textValue();
        });
    }

    private static ValidationException refused(String message, WrongField wrong) {
        return new ValidationException(400, message, wrong);
    }

    private static ValidationException refusedOption(JobBody body, String message, WrongField wrong) {
        return new ValidationException(body.has("user") || body.has("dir") ? 422 : 400, message, wrong);
    }
}
