package org.pushjobs.config.settings;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Objects;
import java.util.Optional;

/**
 * One setting of the server's file.
 *
 * @param name its key
 * @param alias another key that is taken for the same setting
 * @param unit of the value, empty when it has none
 * @param form of the value
 * @param defaultText the default as it would be written in the file; empty when the default depends on the machine or on
 *     other settings
 */
record Setting<T>(String name, Optional<String> alias, String unit, Form<T> form, Optional<String> defaultText) {
    Setting {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(alias, "alias");
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(form, "form");
        Objects.requireNonNull(defaultText, "defaultText");
    }

    static <T> Setting<T> withDefault(String name, String unit, Form<T> form, String defaultText) {
        return new Setting<>(name, Optional.empty(), unit, form, Optional.of(defaultText));
    }

    static <T> Setting<T> withoutDefault(String name, Form<T> form) {
        return new Setting<>(name, Optional.empty(), "", form, Optional.empty());
    }

    Setting<T> withAlias(String otherName) {
        return new Setting<>(name, Optional.of(otherName), unit, form, defaultText);
    }

    boolean isCalled(String key) {
        return name.equals(key) || alias.filter(key::equals).isPresent();
    }

    /** Absent when there is none that fits every machine. */
    Optional<T> defaultValue() {
        return defaultText.map(text -> {
            try {
                return form.parse(TextNode.valueOf(text));
            } catch (InvalidValueException e) {
                throw new IllegalStateException("the default of " + name + " must be " + e.getMessage(), e);
            }
        });
    }
}
