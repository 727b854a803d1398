package org.pushjobs.ctl.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What values of this program's own attributes must be; empty when one is. Numbers may be written as texts, and flags. */
final class Rules {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    /** The server asks all of them at once (docs/configuration.md, "A database with replicas"). */
    private static final int MOST_HOSTS = 8;

    private Rules() {}

    static Optional<String> flag(JsonNode value) {
        return expected(value.asText().matches("true|false"), "true or false");
    }

    static Function<JsonNode, Optional<String>> number(long min, long max) {
        return value -> {
            String text = value.asText();
            boolean good = NUMBER.matcher(text).matches() && Long.parseLong(text) >= min && Long.parseLong(text) <= max;
            return expected(good, "a whole number from " + min + " to " + max);
        };
    }

    static Optional<String> directory(JsonNode value) {
        return expected(
                value.isTextual() && value.textValue().matches("/[^\\s\\x00-\\x1f\"'\\\\$;]+"),
                "the absolute path of a directory, without blanks and quotation marks");
    }

    /** IPv6 addresses without brackets; a prefix length, as in backend_vip, is no part of it. */
    static Optional<String> host(JsonNode value) {
        return expected(
                value.isTextual()
                        && value.textValue()
                                .matches("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9a-fA-F:.]*:[0-9a-fA-F:.]+"),
                "a host name or an IP address without scheme, port and brackets");
    }

    /** As many as the server takes; an array, or a text with commas. */
    static Optional<String> databaseHosts(JsonNode value) {
        List<Optional<PostgresHost>> hosts = texts(value).stream()
                .map(text -> PostgresHost.parse(text, PostgresHost.DEFAULT_PORT))
                .toList();
        boolean good =
                !hosts.isEmpty() && hosts.size() <= MOST_HOSTS && hosts.stream().allMatch(Optional::isPresent);
        return expected(
                good,
                "a list of 1 to " + MOST_HOSTS + " database hosts, each HOST or HOST:PORT, such as"
                        + " ['db-1.example.com', 'db-2.example.com:5433', '[2001:db8::3]']");
    }

    /** The texts of an array, or those between the commas of a text; none of anything else, and of a blank text. */
    static List<String> texts(JsonNode value) {
        if (value.isTextual()) {
            String text = value.textValue();
            return text.isBlank()
                    ? List.of()
                    : Stream.of(text.split(",", -1)).map(String::strip).toList();
        }
        return StreamSupport.stream(value.spliterator(), false)
                .map(JsonNode::asText)
                .map(String::strip)
                .toList();
    }

    /** What needs no quotation marks in SQL. */
    static Optional<String> databaseName(JsonNode value) {
        return expected(
                value.isTextual() && value.textValue().matches("[a-z_][a-z0-9_-]{0,62}"),
                "a name in PostgreSQL: a small letter or _, then small letters, digits, _ and -, 63 in all");
    }

    static Optional<String> userName(JsonNode value) {
        return expected(
                value.isTextual() && value.textValue().matches("[a-z_][a-z0-9_-]{0,31}"),
                "the name of a user of this machine");
    }

    private static Optional<String> expected(boolean good, String what) {
        return good ? Optional.empty() : Optional.of(what);
    }
}
