package org.pushjobs.ctl.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the add-on's file sets.
 *
 * @param values by {@link Attribute#path}, those of the server by their documented names
 * @param warnings grows while more is found out
 */
record GivenSettings(Map<String, Given> values, List<String> warnings) {
    static GivenSettings none() {
        return new GivenSettings(Map.of(), new ArrayList<>());
    }

    Optional<Given> get(String group, String name) {
        return Optional.ofNullable(values.get(group + "." + name));
    }

    /** In the file or else the attribute's default. */
    Optional<String> text(String group, String name) {
        return get(group, name)
                .map(Given::text)
                .or(() -> Attributes.ALL.get(group + "." + name).defaultText());
    }

    /** Those that the server reads, by its names. */
    Map<String, JsonNode> ofServer() {
        Map<String, JsonNode> settings = new LinkedHashMap<>();
        values.forEach((path, given) -> {
            Attribute attribute = Attributes.ALL.get(path);
            if (attribute.use() instanceof Attribute.OfServer(var setting)) {
                settings.put(setting, given.value());
            }
        });
        return settings;
    }

    /** Where those stand and how they are written there, by the same names. */
    Map<String, String> placesOfServer() {
        Map<String, String> places = new LinkedHashMap<>();
        values.forEach((path, given) -> {
            if (Attributes.ALL.get(path).use() instanceof Attribute.OfServer(var setting)) {
                places.put(setting, given.place() + ": " + given.written());
            }
        });
        return places;
    }

    /** Says that a value is not taken. */
    void warnIfGiven(String group, String name, String reason) {
        get(group, name)
                .ifPresent(given -> warnings.add(given.place() + ": " + given.written() + " has no effect: " + reason));
    }
}
