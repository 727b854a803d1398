package org.pushjobs.workstation.screen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.protocol.codec.HttpDate;

/**
 * The server's times in one format. Its documents have RFC 1123 dates, its feeds a date and a time with a space between, and
 * only what is new has ISO 8601, which all of them become here.
 */
public final class DataTimes {
    private static final Set<String> NAMES = Set.of(
            "created_at",
            "updated_at",
            "timestamp",
            "since",
            "last_seen",
            "config_fetched_at",
            "at",
            "abort_requested_at",
            "voted_at",
            "started_at",
            "finished_at");

    /** Its members have names and values that the server did not choose. */
    private static final String ENVIRONMENT = "env";

    private DataTimes() {}

    /** The time that a text of the server names, in whichever of its formats. */
    public static Optional<Instant> parse(String text) {
        try {
            boolean isDate = text.indexOf(',') == "Sun".length();
            return Optional.of(isDate ? HttpDate.parse(text) : Instant.parse(text.replace(' ', 'T')));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /** A copy whose times are in ISO 8601; what is no time stays as it is. */
    static JsonNode iso(JsonNode document) {
        return switch (document) {
            case ArrayNode array -> {
                ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
                array.forEach(item -> copy.add(iso(item)));
                yield copy;
            }
            case ObjectNode object -> {
                ObjectNode copy = JsonNodeFactory.instance.objectNode();
                object.properties()
                        .forEach(member -> copy.set(member.getKey(), iso(member.getKey(), member.getValue())));
                yield copy;
            }
            default -> document;
        };
    }

    private static JsonNode iso(String name, JsonNode value) {
        if (value.isTextual() && NAMES.contains(name)) {
            return parse(value.textValue())
                    .<JsonNode>map(at -> JsonNodeFactory.instance.textNode(at.toString()))
                    .orElse(value);
        }
        return name.equals(ENVIRONMENT) ? value : iso(value);
    }
}
