package org.pushjobs.agent.settings;

import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushjobs.rubyconfig.RubyValue;

/**
 * Settings on their way from files and options to {@link AgentSettings}: every value with the place it came from, later
 * ones winning, and every problem found. Not thread-safe.
 */
public final class SettingsDraft {
    private record Given(String origin, RubyValue value) {}

    private final Map<Setting, Given> given = new EnumMap<>(Setting.class);
    private final List<String> problems = new ArrayList<>();

    /**
     * Sets a value, over one that is already there; {@code nil} takes it away.
     *
     * @param origin where the value stands, for messages: {@code FILE: KEY} or the option's name
     */
    public void put(Setting setting, String origin, RubyValue value) {
        if (value instanceof RubyValue.Nil) {
            given.remove(setting);
        } else {
            given.put(setting, new Given(origin, value));
        }
    }

    /** Sets what a value that was given comes to. */
    void replace(Setting setting, RubyValue value) {
        given.put(setting, new Given(given.get(setting).origin(), value));
    }

    /** Notes something wrong that is no setting's value, such as an unknown key. */
    public void problem(String problem) {
        problems.add(problem);
    }

    /** Notes something wrong with a value. */
    void wrong(Setting setting, String problem) {
        problems.add(given.get(setting).origin() + " " + problem);
    }

    /** All that was noted. */
    List<String> problems() {
        return problems;
    }

    /** What was given and from where, in the order of the settings; without secrets. */
    List<SettingsReport.Line> report() {
        return given.entrySet().stream()
                .map(entry -> new SettingsReport.Line(
                        entry.getKey(),
                        SettingsReport.printed(entry.getKey(), entry.getValue().value()),
                        entry.getValue().origin()))
                .toList();
    }

    boolean has(Setting setting) {
        return given.containsKey(setting);
    }

    Optional<RubyValue> value(Setting setting) {
        return Optional.ofNullable(given.get(setting)).map(Given::value);
    }

    /** A string or a symbol; anything else is noted, and counts as not given from then on. */
    Optional<String> text(Setting setting) {
        Optional<String> text = value(setting).flatMap(RubyValue::asText).filter(value -> !value.isBlank());
        if (text.isEmpty() && has(setting)) {
            wrong(
                    setting,
                    "must be a text that is not empty"
                            + value(setting)
                                    .filter(value -> value.asText().isEmpty())
                                    .map(value -> ", is " + (setting.isSecret() ? value.kind() : describe(value)))
                                    .orElse(""));
            given.remove(setting);
        }
        return text;
    }

    /** A list of texts, or one text. */
    List<String> texts(Setting setting) {
        List<RubyValue> items = switch (value(setting).orElseThrow()) {
            case RubyValue.Array(var list) -> list;
            case RubyValue single -> List.of(single);
        };
        List<String> texts = new ArrayList<>();
        for (RubyValue item : items) {
            item.asText()
                    .ifPresentOrElse(
                            texts::add, () -> wrong(setting, "must be a list of texts, holds " + describe(item)));
        }
        return texts;
    }

    Optional<Path> path(Setting setting) {
        try {
            return text(setting).map(Path::of);
        } catch (InvalidPathException e) {
            wrong(setting, "is no path: " + e.getMessage());
            return Optional.empty();
        }
    }

    Path absolutePath(Setting setting, Path defaultPath) {
        Optional<Path> path = path(setting);
        if (path.isPresent() && !path.get().isAbsolute()) {
            wrong(setting, "must be an absolute path");
        }
        return path.orElse(defaultPath);
    }

    /** False when not given. */
    boolean flag(Setting setting) {
        return switch (value(setting).orElse(new RubyValue.Bool(false))) {
            case RubyValue.Bool(var value) -> value;
            case RubyValue text when isOneOf(text, "true") -> true;
            case RubyValue text when isOneOf(text, "false") -> false;
            case RubyValue other -> {
                wrong(setting, "must be true or false, is " + describe(other));
                yield false;
            }
        };
    }

    /** @param unit for messages: what is counted */
    int number(Setting setting, int least, int defaultNumber, String unit) {
        return numberWithin(setting, least, Integer.MAX_VALUE, defaultNumber, unit + " above " + (least - 1));
    }

    /** The same with an upper bound. */
    int number(Setting setting, int least, int most, int defaultNumber, String unit) {
        return numberWithin(setting, least, most, defaultNumber, unit + " from " + least + " to " + most);
    }

    private int numberWithin(Setting setting, int least, int most, int defaultNumber, String expected) {
        Optional<RubyValue> value = value(setting);
        if (value.isEmpty()) {
            return defaultNumber;
        }
        if (wholeNumber(value.get()) instanceof RubyValue.Int(var number)
                && number.compareTo(BigInteger.valueOf(least)) >= 0
                && number.compareTo(BigInteger.valueOf(most)) <= 0) {
            return number.intValue();
        }
        wrong(setting, "must be a whole number of " + expected + ", is " + describe(value.get()));
        return defaultNumber;
    }

    /** People write numbers as texts, too; other values as they are. */
    private static RubyValue wholeNumber(RubyValue value) {
        return value.asText()
                .map(String::strip)
                .filter(text -> text.matches("-?[0-9]{1,18}"))
                .<RubyValue>map(text -> new RubyValue.Int(new BigInteger(text)))
                .orElse(value);
    }

    private static boolean isOneOf(RubyValue value, String word) {
        return value.asText().map(String::strip).filter(word::equalsIgnoreCase).isPresent();
    }

    /** A value with its kind, for messages; not for values that may be secret. */
    static String describe(RubyValue value) {
        return value.kind()
                + switch (value) {
                    case RubyValue.Text(var text) -> " \"" + text + "\"";
                    case RubyValue.Nil _, RubyValue.Array _, RubyValue.Hash _ -> "";
                    case RubyValue other -> " " + print(other);
                };
    }

    /** A value for messages; not for values that may be secret. */
    static String print(RubyValue value) {
        return switch (value) {
            case RubyValue.Nil _ -> "nil";
            case RubyValue.Bool(var bool) -> "" + bool;
            case RubyValue.Int(var number) -> "" + number;
            case RubyValue.Decimal(var number) -> "" + number;
            case RubyValue.Text(var text) -> text;
            case RubyValue.Symbol(var name) -> ":" + name;
            case RubyValue.Regexp regexp -> regexp.toString();
            case RubyValue.Array _ -> "a list";
            case RubyValue.Hash _ -> "a hash";
            case RubyValue.Stream(var name) -> name;
            case RubyValue.Absent(var name) -> name;
            case RubyValue.Other(var className) -> className;
        };
    }
}
