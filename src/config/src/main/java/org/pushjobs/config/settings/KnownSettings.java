package org.pushjobs.config.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.pushjobs.platform.text.NameSuggestion;

/** What may be set for the server, for programs that write its file. */
public final class KnownSettings {
    private KnownSettings() {}

    /** The names of all settings and their other names, in the order of docs/configuration.md. */
    public static List<String> names() {
        List<String> names = new ArrayList<>();
        for (Setting<?> setting : Settings.ALL) {
            names.add(setting.name());
            setting.alias().ifPresent(names::add);
        }
        return names;
    }

    /** The name under which a setting is documented; the same for its other name. */
    public static String documentedName(String name) {
        return find(name).map(Setting::name).orElse(name);
    }

    /** As the default would be written in the file; empty where it depends on the machine, or there is no such setting. */
    public static Optional<String> defaultOf(String name) {
        return find(name).flatMap(Setting::defaultText);
    }

    /** What the value must be, when it is not good for the setting; never quotes it. */
    public static Optional<String> expected(String name, JsonNode value) {
        return find(name).flatMap(setting -> {
            try {
                setting.form().parse(value);
                return Optional.empty();
            } catch (InvalidValueException e) {
                return Optional.of(e.getMessage());
            }
        });
    }

    /** Why a setting of the original server has no effect any more; empty for every other. */
    public static Optional<String> retired(String name) {
        return Optional.ofNullable(RetiredSettings.IGNORED.get(name));
    }

    /** What somebody probably meant by a misspelt name; empty when nothing is near it. */
    public static Optional<String> closest(String misspelt, Collection<String> names) {
        return NameSuggestion.closest(misspelt, names);
    }

    private static Optional<Setting<?>> find(String name) {
        for (Setting<?> setting : Settings.ALL) {
            if (setting.isCalled(name)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }
}
