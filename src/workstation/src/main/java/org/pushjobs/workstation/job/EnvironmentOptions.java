package org.pushjobs.workstation.job;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The environment variables that a job's command gets. Of those that are given more than once the last one counts. */
final class EnvironmentOptions {
    private static final String WITH_ENV = "--with-env";

    @Option(
            names = WITH_ENV,
            paramLabel = "KEY=VALUE|JSON",
            description = "An environment variable for the command, for example COLOR=blue, or several,"
                    + " '{\"COLOR\": \"blue\"}'. May be given more than once.")
    private List<String> given = List.of();

    @Option(
            names = "--env-from",
            paramLabel = "FILE",
            description = "Environment variables from a file: one KEY=VALUE in each line, or JSON; - is standard input."
                    + " " + WITH_ENV + " is stronger.")
    private Optional<Path> file;

    /** @throws IllegalArgumentException when an option's value makes no sense; the message names the option */
    Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        file.ifPresent(path -> read("--env-from", path, variables));
        for (String text : given) {
            if (text.stripLeading().startsWith("{")) {
                json(WITH_ENV, text, variables);
            } else {
                assignment(WITH_ENV, text, variables);
            }
        }
        return variables;
    }

    private static void read(String option, Path path, Map<String, String> variables) {
        String text = GivenFile.text(option, path);
        if (text.stripLeading().startsWith("{")) {
            json(option, text, variables);
            return;
        }
        GivenFile.lines(text).forEach(line -> assignment(option, line, variables));
    }

    private static void assignment(String option, String text, Map<String, String> variables) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException(
                    option + ": '" + text + "' is neither KEY=VALUE nor a JSON object such as {\"COLOR\": \"blue\"}");
        }
        variables.put(text.substring(0, equals), text.substring(equals + 1));
    }

    private static void json(String option, String text, Map<String, String> variables) {
        JsonNode object;
        try {
            object = new ObjectMapper()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(option + " is not JSON: " + e.getOriginalMessage());
        }
        for (Entry<String, JsonNode> variable : object.properties()) {
            if (!variable.getValue().isTextual()) {
                throw new IllegalArgumentException(
                        option + ": the value of " + variable.getKey() + " must be a string; put it in quotes");
            }
            variables.put(variable.getKey(), variable.getValue().textValue());
        }
    }
}
