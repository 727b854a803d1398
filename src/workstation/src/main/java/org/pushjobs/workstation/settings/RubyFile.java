package org.pushjobs.workstation.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import org.pushjobs.rubyconfig.Dialect;
import org.pushjobs.rubyconfig.EvaluatedFile;
import org.pushjobs.rubyconfig.RubyConfig;
import org.pushjobs.rubyconfig.RubyConfigException;
import org.pushjobs.rubyconfig.RubyValue;

/**
 * knife's own configuration, {@code config.rb} or {@code knife.rb}: Ruby, evaluated in a process of its own.
 *
 * @param settings what it sets
 * @param variables of the environment that it sets, or removes where there is no value
 */
record RubyFile(SettingsLayer settings, Map<String, Optional<String>> variables) {
    private static final List<String> NAMES = List.of("config.rb", "knife.rb");

    RubyFile {
        Objects.requireNonNull(settings, "settings");
        variables = Map.copyOf(variables);
    }

    /**
     * The file that knife would take: of the directory {@code KNIFE_HOME}, of the nearest {@code .chef} from here upward that
     * has one, of {@code ~/.chef}.
     */
    static Optional<Path> find(Map<String, String> environment, Path here, Path home) {
        List<Path> directories = new ArrayList<>();
        Optional.ofNullable(environment.get("KNIFE_HOME"))
                .filter(name -> !name.isEmpty())
                .ifPresent(name -> directories.add(here.resolve(name)));
        for (Path directory = here.toAbsolutePath().normalize(); directory != null; directory = directory.getParent()) {
            directories.add(directory.resolve(".chef"));
        }
        directories.add(home.resolve(".chef"));
        return directories.stream()
                .flatMap(directory -> NAMES.stream().map(directory::resolve))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** Takes some seconds when the file is more than plain settings. */
    static RubyFile read(Path file) throws InvalidSettingsException, InterruptedException {
        Path absolute = file.toAbsolutePath();
        try {
            EvaluatedFile evaluated = RubyConfig.installed().evaluate(absolute, Dialect.CHEF);
            return new RubyFile(
                    SettingsLayer.ofChefNames(values(evaluated), file.toString(), absolute.getParent()),
                    evaluated.environment());
        } catch (RubyConfigException e) {
            throw new InvalidSettingsException(e.getMessage());
        }
    }

    /** The environment as it is after the file: of what a file does, {@code ENV['https_proxy'] = …} is not seldom. */
    Map<String, String> changed(Map<String, String> environment) {
        Map<String, String> changed = new HashMap<>(environment);
        variables.forEach(
                (name, value) -> value.ifPresentOrElse(text -> changed.put(name, text), () -> changed.remove(name)));
        return changed;
    }

    /** As knife does, {@code knife[:node_name]} and the like before {@code node_name}. */
    private static Map<String, String> values(EvaluatedFile evaluated) throws InvalidSettingsException {
        Map<String, String> values = new LinkedHashMap<>();
        evaluated.text("client_name").ifPresent(name -> values.put("client_name", name));
        for (Setting setting : Setting.values()) {
            String name = setting.chefName();
            Optional<RubyValue> ofKnife = setting.isNeeded()
                    ? evaluated
                            .get("knife")
                            .filter(RubyValue.Hash.class::isInstance)
                            .flatMap(knife -> ((RubyValue.Hash) knife).get(name))
                            .filter(value -> !(value instanceof RubyValue.Nil))
                    : Optional.empty();
            Optional<RubyValue> value = ofKnife.or(() -> evaluated.get(name));
            if (value.isPresent()) {
                values.put(name, text(evaluated.place(ofKnife.isPresent() ? "knife" : name), name, value.get()));
            }
        }
        return values;
    }

    private static String text(String place, String name, RubyValue value) throws InvalidSettingsException {
        return switch (value) {
            case RubyValue.Text(var text) -> text;
            case RubyValue.Symbol(var symbol) -> symbol;
            case RubyValue.Bool(var bool) -> "" + bool;
            case RubyValue.Int(var number) -> "" + number;
            case RubyValue.Array(var items) -> {
                StringJoiner texts = new StringJoiner(",");
                for (RubyValue item : items) {
                    texts.add(text(place, name, item));
                }
                yield texts.toString();
            }
            case RubyValue.Nil _,
                    RubyValue.Decimal _,
                    RubyValue.Regexp _,
                    RubyValue.Hash _,
                    RubyValue.Stream _,
                    RubyValue.Absent _,
                    RubyValue.Other _ ->
                throw new InvalidSettingsException(place + ": " + name + " must be a text, is " + value.kind());
        };
    }
}
