package org.pushjobs.agent.settings;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.pushjobs.rubyconfig.RubyValue;

/**
 * What was read from where, for people; without secrets.
 *
 * @param lines what was given, in the order of the settings
 * @param warnings what is allowed and hardly meant
 */
public record SettingsReport(List<Line> lines, List<String> warnings) {
    /**
     * One setting.
     *
     * @param value for people
     * @param origin the file and key, the option or the environment variable
     */
    public record Line(Setting setting, String value, String origin) {
        public Line {
            Objects.requireNonNull(setting, "setting");
            Objects.requireNonNull(value, "value");
            Objects.requireNonNull(origin, "origin");
        }
    }

    public SettingsReport {
        lines = List.copyOf(lines);
        warnings = List.copyOf(warnings);
    }

    /** Passwords are left out, also those in a proxy's URL. */
    static String printed(Setting setting, RubyValue value) {
        if (setting.isSecret()) {
            return "(not shown)";
        }
        String text = switch (value) {
            case RubyValue.Array(var items) ->
                items.stream().map(SettingsDraft::print).collect(Collectors.joining(", "));
            case RubyValue.Hash(var entries) -> entries.size() + (entries.size() == 1 ? " command" : " commands");
            case RubyValue single -> SettingsDraft.print(single);
        };
        return setting.key().endsWith("_proxy") ? text.replaceAll("[^/@\\s]*@", "(not shown)@") : text;
    }
}
