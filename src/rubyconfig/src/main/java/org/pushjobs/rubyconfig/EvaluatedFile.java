package org.pushjobs.rubyconfig;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a configuration file sets. Never printed: it may hold secrets.
 *
 * @param settings by name, in the order in which they were first set
 * @param environment variables of the environment that the file sets, empty for those that it removes
 */
public record EvaluatedFile(Map<String, RubyValue> settings, Map<String, Optional<String>> environment) {
    public EvaluatedFile {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    }

    /** A setting's value; empty when it is not set or {@code nil}. */
    public Optional<RubyValue> get(String name) {
        return Optional.ofNullable(settings.get(name)).filter(value -> !(value instanceof RubyValue.Nil));
    }

    /** A setting that is a string or a symbol. */
    public Optional<String> text(String name) {
        return get(name).flatMap(RubyValue::asText);
    }

    /** Leaves out all values. */
    @Override
    public String toString() {
        return "EvaluatedFile[settings=" + settings.keySet() + ", environment=" + environment.keySet() + "]";
    }
}
