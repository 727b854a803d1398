package org.pushjobs.config.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.pushjobs.config.AddressRange;

/** A list of IP addresses and ranges of them, as a JSON array or as one string with commas between them. */
record AddressRangesForm() implements Form<List<AddressRange>> {
    @Override
    public List<AddressRange> parse(JsonNode value) throws InvalidValueException {
        List<AddressRange> ranges = new ArrayList<>();
        for (String text : texts(value)) {
            ranges.add(AddressRange.parse(text.strip()).orElseThrow(AddressRangesForm::invalid));
        }
        return List.copyOf(ranges);
    }

    private static List<String> texts(JsonNode value) throws InvalidValueException {
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

    private static InvalidValueException invalid() {
        return new InvalidValueException(
                "a list of IP addresses and ranges, such as [\"127.0.0.0/8\", \"::1\", \"10.1.2.3\"]; [] for none");
    }

    @Override
    public String show(List<AddressRange> value) {
        return value.stream().map(AddressRange::toString).collect(Collectors.joining(", "));
    }
}
