package org.pushjobs.rubyconfig;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a configuration file sets. Never printed: it may hold secrets.
 *
 * @param settings by name, in the order in which they were first set
 * @param environment variables of the environment that the file sets, empty for those that it removes
 * @param files the file itself and those that it read by {@code from_file}
 * @param places where settings were set last, where that is known; in Chef server's files also members of settings, by
 *     names like {@code opscode_erchef.max_request_size}
 * @param directories those that it looked into for other files, whether they are there or not
 */
public record EvaluatedFile(
        Map<String, RubyValue> settings,
        Map<String, Optional<String>> environment,
        List<Path> files,
        Map<String, Place> places,
        List<Path> directories) {
    /**
     * A line in a file.
     *
     * @param line from 1
     */
    public record Place(Path file, int line) {
        public Place {
            Objects.requireNonNull(file, "file");
        }

        /** {@code FILE:LINE}. */
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    /** What sets nothing. */
    public static final EvaluatedFile EMPTY = new EvaluatedFile(Map.of(), Map.of(), List.of(), Map.of());

    public EvaluatedFile {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        files = List.copyOf(files);
        places = Map.copyOf(places);
        directories = List.copyOf(directories);
    }

    /** Of a file that looks into no directory. */
    public EvaluatedFile(
            Map<String, RubyValue> settings,
            Map<String, Optional<String>> environment,
            List<Path> files,
            Map<String, Place> places) {
        this(settings, environment, files, places, List.of());
    }

    EvaluatedFile withDirectories(List<Path> lookedInto) {
        return new EvaluatedFile(settings, environment, files, places, lookedInto);
    }

    /** Where a setting stands, for messages: {@code FILE:LINE}, or the file alone. */
    public String place(String name) {
        return Optional.ofNullable(places.get(name))
                .map(Place::toString)
                .orElseGet(() -> files.getFirst().toString());
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
