package org.pushjobs.config.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A list, as a JSON array of strings or as one string with commas between them.
 *
 * @param element what a string means, empty when it means nothing
 * @param shown a member as it would be written
 * @param least how many there must be
 * @param expected what an error says the value must be
 */
record ListForm<T>(Function<String, Optional<T>> element, Function<T, String> shown, int least, String expected)
        implements Form<List<T>> {
    @Override
    public List<T> parse(JsonNode value) throws InvalidValueException {
        List<T> members = new ArrayList<>();
        for (String text : texts(value)) {
            members.add(element.apply(text.strip()).orElseThrow(this::invalid));
        }
        if (members.size() < least) {
            throw invalid();
        }
        return List.copyOf(members);
    }

    private List<String> texts(JsonNode value) throws InvalidValueException {
        if (value.isTextual()) {
            return value.textValue().isBlank()
                    ? List.of()
                    : Arrays.asList(value.textValue().split(",", -1));
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode member : value) {
            if (!value.isArray() || !member.isTextual()) {
                throw invalid();
            }
            texts.add(member.textValue());
        }
        if (!value.isArray()) {
            throw invalid();
        }
        return texts;
    }

    private InvalidValueException invalid() {
        return new InvalidValueException(expected);
    }

    @Override
    public String show(List<T> value) {
        return value.stream().map(shown).collect(Collectors.joining(", "));
    }
}
