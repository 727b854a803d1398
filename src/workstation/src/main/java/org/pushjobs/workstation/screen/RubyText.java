package org.pushjobs.workstation.screen;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A document as Ruby's {@code pp} shows it: in one line where it fits into 80 columns, else a line for each member. */
final class RubyText {
    private static final int COLUMNS = 80;

    private RubyText() {}

    static String of(JsonNode document) {
        return within(document, 0, 0);
    }

    /**
     * @param indent columns before it
     * @param owed characters that follow it on its last line
     */
    private static String within(JsonNode value, int indent, int owed) {
        String flat = flat(value);
        if (!value.isContainerNode() || value.isEmpty() || indent + flat.length() + owed < COLUMNS) {
            return flat;
        }
        List<String> parts = new ArrayList<>();
        if (value.isArray()) {
            for (JsonNode item : value) {
                parts.add(within(item, indent + 1, 1));
            }
        } else {
            value.properties().forEach(member -> {
                String key = quoted(member.getKey()) + "=>";
                boolean fits =
                        indent + 1 + key.length() + flat(member.getValue()).length() + 1 < COLUMNS;
                parts.add(
                        fits || !member.getValue().isContainerNode()
                                ? key + flat(member.getValue())
                                : key + "\n" + " ".repeat(indent + 2) + within(member.getValue(), indent + 2, 1));
            });
        }
        String joined = String.join(",\n" + " ".repeat(indent + 1), parts);
        return value.isArray() ? "[" + joined + "]" : "{" + joined + "}";
    }

    private static String flat(JsonNode value) {
        if (value.isArray()) {
            List<String> items = new ArrayList<>();
            value.forEach(item -> items.add(flat(item)));
            return "[" + String.join(", ", items) + "]";
        }
        if (value.isObject()) {
            List<String> members = new ArrayList<>();
            value.properties().forEach(member -> members.add(quoted(member.getKey()) + "=>" + flat(member.getValue())));
            return "{" + String.join(", ", members) + "}";
        }
        if (value.isTextual()) {
            return quoted(value.textValue());
        }
        return value.isNull() ? "nil" : value.asText();
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                case 0x1b -> quoted.append("\\e");
                default -> {
                    if (Character.isISOControl(c)) {
                        quoted.append("\\u%04X".formatted(c));
                    } else {
                        quoted.appendCodePoint(c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }
}
