package org.pushjobs.server.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.helpers.MessageFormatter;

/**
 * A line of the log in its parts: a sentence and the facts behind it in brackets. It is taken apart before the values are in
 * it, so that no value can pretend to be something else.
 *
 * @param message the sentence; everything, where there are no such brackets
 * @param facts values by name, in their order: the object that was logged where it is the whole value, else text
 */
record LogLine(String message, Map<String, Object> facts) {
    private static final Pattern SENTENCE_AND_FACTS = Pattern.compile("(.*?),? \\[(.*)]", Pattern.DOTALL);
    private static final Pattern FACT = Pattern.compile("([a-z][a-z0-9 _-]*): (.+)", Pattern.DOTALL);
    private static final String SEPARATOR = ", ";
    private static final String PLACE = "{}";

    LogLine {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /**
     * @param pattern with a {@code {}} for each value
     * @param values null when there are none
     */
    static LogLine of(String pattern, Object[] values) {
        Object[] given = values == null ? new Object[0] : values;
        Matcher parts = SENTENCE_AND_FACTS.matcher(pattern);
        Optional<List<String>> facts = parts.matches() ? facts(parts.group(2)) : Optional.empty();
        if (facts.isEmpty()) {
            return new LogLine(filled(pattern, given), Map.of());
        }
        int used = places(parts.group(1));
        String sentence = filled(parts.group(1), first(given, used));
        Map<String, Object> found = new LinkedHashMap<>();
        for (String fact : facts.get()) {
            Matcher pair = FACT.matcher(fact);
            pair.matches();
            int count = places(pair.group(2));
            Object[] own = first(Arrays.copyOfRange(given, Math.min(used, given.length), given.length), count);
            boolean isWhole = pair.group(2).equals(PLACE) && own.length == 1 && own[0] != null;
            found.put(pair.group(1).replace(' ', '_'), isWhole ? own[0] : filled(pair.group(2), own));
            used += count;
        }
        return new LogLine(sentence, found);
    }

    /** Empty when the text is not a list of them. */
    private static Optional<List<String>> facts(String text) {
        List<String> facts = new ArrayList<>();
        for (String part : text.split(SEPARATOR)) {
            if (FACT.matcher(part).matches()) {
                facts.add(part);
            } else if (facts.isEmpty()) {
                return Optional.empty();
            } else {
                facts.add(facts.removeLast() + SEPARATOR + part);
            }
        }
        return Optional.of(facts);
    }

    private static Object[] first(Object[] values, int count) {
        return Arrays.copyOf(values, Math.min(count, values.length));
    }

    private static String filled(String pattern, Object[] values) {
        return MessageFormatter.arrayFormat(pattern, values).getMessage();
    }

    private static int places(String pattern) {
        return (pattern.length() - pattern.replace(PLACE, "").length()) / PLACE.length();
    }
}
