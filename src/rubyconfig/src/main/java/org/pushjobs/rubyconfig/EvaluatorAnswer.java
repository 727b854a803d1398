package org.pushjobs.rubyconfig;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.rubyconfig.RubyValue.Entry;

/** Reads the JSON document of evaluator.rb (docs/decisions/0014). */
final class EvaluatorAnswer {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS);
    private static final int LONGEST_QUOTE = 500;

    private EvaluatorAnswer() {}

    /** The line after the mark. */
    static String after(String mark, String output, Path file) throws RubyConfigException {
        int start = output.indexOf("\n" + mark + "\n");
        if (start < 0) {
            String end = output.strip();
            throw new RubyConfigException(file + " could not be evaluated; Ruby ended with: "
                    + end.substring(Math.max(0, end.length() - LONGEST_QUOTE)));
        }
        return output.substring(start + mark.length() + 2).lines().findFirst().orElse("");
    }

    static EvaluatedFile read(String document, Path file) throws RubyConfigException {
        JsonNode answer;
        try {
            answer = JSON.readTree(document);
        } catch (JsonProcessingException e) {
            throw new RubyConfigException(file + " could not be evaluated; Ruby's answer was cut off", e);
        }
        if (answer.has("error")) {
            String line = answer.path("line").isNull()
                    ? ""
                    : ":" + answer.path("line").asText();
            throw new RubyConfigException(answer.path("file").asText(file.toString()) + line + ": "
                    + answer.path("error").asText());
        }
        Map<String, RubyValue> settings = new LinkedHashMap<>();
        Map<String, EvaluatedFile.Place> places = new LinkedHashMap<>();
        answer.path("settings").forEach(member -> {
            String name = member.path(0).asText();
            settings.put(name, value(member.path(1)));
            place(member.path(2), member.path(3)).ifPresent(place -> places.put(name, place));
        });
        answer.path("members")
                .forEach(member -> place(member.path(1), member.path(2))
                        .ifPresent(place -> places.put(member.path(0).asText(), place)));
        Map<String, Optional<String>> environment = new LinkedHashMap<>();
        answer.path("environment")
                .forEach(member -> environment.put(
                        member.path(0).asText(),
                        Optional.ofNullable(member.path(1).textValue())));
        List<Path> files = new ArrayList<>();
        answer.path("files").forEach(name -> files.add(Path.of(name.asText())));
        return new EvaluatedFile(settings, environment, files, places);
    }

    private static Optional<EvaluatedFile.Place> place(JsonNode file, JsonNode line) {
        return file.isTextual()
                ? Optional.of(new EvaluatedFile.Place(Path.of(file.asText()), line.asInt()))
                : Optional.empty();
    }

    /** What looked.rb printed. */
    static List<Path> directories(String mark, String output, Path file) throws RubyConfigException {
        List<Path> directories = new ArrayList<>();
        try {
            JSON.readTree(after(mark + "-looked", output, file))
                    .forEach(name -> directories.add(Path.of(name.asText())));
        } catch (JsonProcessingException e) {
            throw new RubyConfigException(file + " could not be evaluated; Ruby's answer was cut off", e);
        }
        return directories;
    }

    private static RubyValue value(JsonNode node) {
        return JsonValues.of(node, EvaluatorAnswer::tagged);
    }

    private static RubyValue tagged(JsonNode node) {
        String tag = node.fieldNames().next();
        JsonNode content = node.path(tag);
        return switch (tag) {
            case "symbol" -> new RubyValue.Symbol(content.textValue());
            case "regexp" ->
                new RubyValue.Regexp(content.textValue(), node.path("options").intValue());
            case "hash" -> {
                List<Entry> entries = new ArrayList<>();
                content.forEach(entry -> entries.add(new Entry(value(entry.path(0)), value(entry.path(1)))));
                yield new RubyValue.Hash(entries);
            }
            case "stream" -> new RubyValue.Stream(content.textValue());
            case "absent" -> new RubyValue.Absent(content.textValue());
            default -> new RubyValue.Other(content.textValue());
        };
    }
}
