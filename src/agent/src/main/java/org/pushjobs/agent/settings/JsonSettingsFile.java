package org.pushjobs.agent.settings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.pushjobs.rubyconfig.JsonValues;
import org.pushjobs.rubyconfig.RubyValue;

/**
 * Reads a configuration file in JSON: one object whose keys are those of {@link Setting}. No other program shares such a
 * file, so other keys are refused. It is read without Ruby, in no time; it has no regular expressions.
 */
public final class JsonSettingsFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private JsonSettingsFile() {}

    /** Puts what the file says into the draft, what is wrong with it too. */
    public static void read(Path file, SettingsDraft draft) {
        JsonNode document;
        try {
            document = JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            draft.problem(file + " is no JSON: " + e.getOriginalMessage() + " [line: "
                    + e.getLocation().getLineNr() + "]");
            return;
        } catch (IOException e) {
            draft.problem(file + " cannot be read: " + e);
            return;
        }
        if (!document.isObject()) {
            draft.problem(file + " must hold one JSON object");
            return;
        }
        for (Map.Entry<String, JsonNode> field : document.properties()) {
            Setting.ofKey(field.getKey())
                    .ifPresentOrElse(
                            setting -> draft.put(setting, file + ": " + setting.key(), value(field.getValue())),
                            () -> draft.problem(
                                    file + ": " + field.getKey() + " is no known key; known are " + knownKeys()));
        }
    }

    private static RubyValue value(JsonNode node) {
        return JsonValues.of(
                node,
                object -> new RubyValue.Hash(object.properties().stream()
                        .map(field -> new RubyValue.Entry(new RubyValue.Text(field.getKey()), value(field.getValue())))
                        .toList()));
    }

    private static String knownKeys() {
        return Arrays.stream(Setting.values()).map(Setting::key).collect(Collectors.joining(", "));
    }
}
