package org.pushjobs.rubyconfig;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a configuration file sets. Never printed: it may hold secrets.
 *
 * @param settings by name, in the order in which they were first set
 * @param environment variables of the environment that the file sets, empty for those that it removes
 * @param files the file itself and those that it read by {@code from_file}
 * @param directories those that it looked into for other files, whether they are there or not
 */
public record EvaluatedFile(
        Map<String, RubyValue> settings,
        Map<String, Optional<String>> environment,
        List<Path> files,
        List<Path> directories) {
    public EvaluatedFile {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        files = List.copyOf(files);
        directories = List.copyOf(directories);
    }

    /** Of a file that looks into no directory. */
    public EvaluatedFile(Map<String, RubyValue> settings, Map<String, Optional<String>> environment, List<Path> files) {
        this(settings, environment, files, List.of());
    }

    EvaluatedFile withDirectories(List<Path> lookedInto) {
        return new EvaluatedFile(settings, environment, files, lookedInto);
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
