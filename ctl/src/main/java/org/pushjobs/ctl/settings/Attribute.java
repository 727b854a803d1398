package org.pushjobs.ctl.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.pushjobs.config.settings.KnownSettings;

/**
 * Something that may be set in the add-on's file.
 *
 * @param group the object in the file that it is set in
 * @param name below the group; a dot leads one level deeper
 * @param defaultText as it would be written in the file; empty when it depends on the machine or on other settings
 */
record Attribute(String group, String name, Use use, Optional<String> defaultText) {
    /** What becomes of a value. */
    sealed interface Use {}

    /** The server's, which has its own rules. */
    record OfServer(String setting) implements Use {}

    /** This program's. @param rule says what a value must be when it is not good */
    record OfInstallation(Function<JsonNode, Optional<String>> rule) implements Use {}

    /** Nobody's any more. @param reason goes on after "has no effect and can be removed: " */
    record Retired(String reason) implements Use {}

    Attribute {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(use, "use");
        Objects.requireNonNull(defaultText, "defaultText");
    }

    /** As in the places of an evaluated file. */
    String path() {
        return group + "." + name;
    }

    /** As an operator writes it. */
    String written() {
        return written(group, name);
    }

    static String written(String group, String name) {
        return group + "['" + name.replace(".", "']['") + "']";
    }

    /** What a value must be, when it is not good. */
    Optional<String> expected(JsonNode value) {
        return switch (use) {
            case OfServer(var setting) -> KnownSettings.expected(setting, value);
            case OfInstallation(var rule) -> rule.apply(value);
            case Retired _ -> Optional.empty();
        };
    }
}
