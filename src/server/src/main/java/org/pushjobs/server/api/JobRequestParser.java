package org.pushjobs.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
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
        if (!KEYS.containsAll(body.fields().keySet())) {
            throw refusedOption(body, "invalid key supplied");
        }
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
                .orElseThrow(() -> refused("invalid command supplied"));
    }

    private static List<String> nodes(JobBody body) {
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode member : body.field("nodes").filter(JsonNode::isArray).orElseThrow(JobRequestParser::noNode)) {
            if (!member.isTextual()) {
                throw noNode();
            }
            if (!Names.isNodeName(member.textValue())) {
                throw refused("invalid node name (must have at most " + Names.MAX_NODE_NAME_LENGTH
                        + " characters, none of them NUL)");
            }
            names.add(member.textValue());
        }
        if (names.isEmpty()) {
            throw noNode();
        }
        return List.copyOf(names);
    }

    private static ValidationException noNode() {
        return refused("at least one node must be supplied");
    }

    private static int quorum(JobBody body, int numberOfNodes) {
        return body.field("quorum")
                .map(value -> wholeNumber(value).orElseThrow(() -> refused(numberError("quorum", value, ""))))
                .orElse(numberOfNodes);
    }

    private int runTimeout(JobBody body) {
        return body.field("run_timeout")
                .map(value -> wholeNumber(value)
                        .orElseThrow(() -> refusedOption(body, numberError("run_timeout", value, " seconds"))))
                .orElse(defaultRunTimeoutSeconds);
    }

    /**
     * Rounded up, and 0 for everything below: neither fewer nodes nor less time than none can be asked for. Empty when the
     * value is no number, or one that no int holds.
     */
    private static OptionalInt wholeNumber(JsonNode value) {
        double rounded = value.isNumber() ? Math.ceil(value.doubleValue()) : Double.NaN;
        return rounded >= Integer.MIN_VALUE && rounded <= Integer.MAX_VALUE
                ? OptionalInt.of(Math.max(0, (int) rounded))
                : OptionalInt.empty();
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
            throw refusedOption(body, "invalid type supplied for capture_output (expected a boolean)");
        }
        return value.filter(JsonNode::booleanValue).isPresent();
    }

    private static Optional<Map<String, String>> environment(JobBody body) {
        Optional<JsonNode> value = body.field("env");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!value.get().isObject()) {
            throw refusedOption(body, UNKNOWN_ERROR);
        }
        if (body.duplicateEnvironmentKey()) {
            throw refusedOption(body, "invalid environment value (duplicate key)");
        }
        Map<String, String> environment = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> variable : value.get().properties()) {
            if (!variable.getValue().isTextual()) {
                throw refusedOption(body, UNKNOWN_ERROR);
            }
            String text = variable.getValue().textValue();
            if (!Names.isStorable(variable.getKey()) || !Names.isStorable(text)) {
                throw refusedOption(body, "invalid environment value (NUL or broken character)");
            }
            environment.put(variable.getKey(), text);
        }
        return Optional.of(environment);
    }

    private static Optional<String> file(JobBody body) {
        return body.field("file").map(value -> {
            String text = value.isTextual() ? value.textValue() : "";
            try {
                JobFile.check(text);
            } catch (IllegalArgumentException e) {
                throw refusedOption(body, e.getMessage());
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
                            + " characters and no white space around them)");
        }
        return user;
    }

    private static Optional<String> dir(JobBody body) {
        return string(body, "dir");
    }

    private static Optional<String> string(JobBody body, String field) {
        return body.field(field).map(value -> {
            if (!value.isTextual()) {
                throw refusedOption(body, "invalid type supplied for " + field + " (expected a string)");
            }
            if (!Names.isStorable(value.textValue())) {
                throw refusedOption(body, "invalid " + field + " supplied (NUL or broken character)");
            }
            return value.textValue();
        });
    }

    private static ValidationException refused(String message) {
        return new ValidationException(400, message);
    }

    private static ValidationException refusedOption(JobBody body, String message) {
        return new ValidationException(body.has("user") || body.has("dir") ? 422 : 400, message);
    }
}
