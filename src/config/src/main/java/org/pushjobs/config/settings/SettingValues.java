package org.pushjobs.config.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.pushjobs.config.files.ConfigException;
import org.pushjobs.config.files.JsonMembers;
import org.pushjobs.config.files.JsonMembers.Member;
import org.pushjobs.platform.text.NameSuggestion;

/**
 * The values of one file. Errors are gathered, not thrown, so that one look finds all of them. Not thread-safe.
 */
final class SettingValues {
    private record Problem(int line, String text) {}

    private static final int NO_LINE = Integer.MAX_VALUE;

    private final Path file;
    private final Map<Setting<?>, Member> members = new LinkedHashMap<>();
    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    /**
     * Checks each key and value for itself.
     *
     * @throws ConfigException when the file holds no JSON object
     */
    SettingValues(Path file) throws ConfigException {
        this.file = file;
        for (Member member : JsonMembers.read(file)) {
            Settings.ALL.stream()
                    .filter(setting -> setting.isCalled(member.name()))
                    .findFirst()
                    .ifPresentOrElse(setting -> add(setting, member), () -> addUnknown(member));
        }
    }

    private <T> void add(Setting<T> setting, Member member) {
        Member earlier = members.putIfAbsent(setting, member);
        if (earlier != null) {
            errors.add(problem(
                    member,
                    "was set before, in line " + earlier.line()
                            + (earlier.name().equals(member.name()) ? "" : " as " + earlier.name())
                            + "; keep one of them"));
            return;
        }
        try {
            setting.form().parse(member.value());
        } catch (InvalidValueException e) {
            errors.add(problem(
                    member,
                    "is " + setting.form().showInvalid(member.value()) + " but must be " + e.getMessage()
                            + setting.defaultText()
                                    .map(text -> "; set it so, or remove it to have the default, " + text)
                                    .orElse("; set it so")));
        }
    }

    private void addUnknown(Member member) {
        String name = member.name();
        if (RetiredSettings.IGNORED.containsKey(name)) {
            warnings.add(problem(member, "has no effect and can be removed: " + RetiredSettings.IGNORED.get(name)));
        } else if (RetiredSettings.REFUSED.containsKey(name)) {
            errors.add(problem(member, "is no setting any more; " + RetiredSettings.REFUSED.get(name)));
        } else {
            // The value stays out of it: it may be the password of a misspelt key.
            errors.add(problem(
                    member,
                    "is no setting; "
                            + NameSuggestion.closest(name, knownNames())
                                    .map(known -> "did you mean " + known + "?")
                                    .orElse("remove it")));
        }
    }

    private static TreeSet<String> knownNames() {
        TreeSet<String> names = new TreeSet<>();
        for (Setting<?> setting : Settings.ALL) {
            names.add(setting.name());
            setting.alias().ifPresent(names::add);
        }
        return names;
    }

    boolean isGiven(Setting<?> setting) {
        return members.containsKey(setting);
    }

    /** The value in the file or else the default; empty when the former is wrong or there is neither. */
    <T> Optional<T> value(Setting<T> setting) {
        if (!isGiven(setting)) {
            return setting.defaultValue();
        }
        try {
            return Optional.of(setting.form().parse(members.get(setting).value()));
        } catch (InvalidValueException e) {
            return Optional.empty(); // add() made it an error
        }
    }

    /** The value of a setting that has a default, after {@link #throwErrors()}. */
    <T> T get(Setting<T> setting) {
        return value(setting).orElseThrow();
    }

    /** @param text what is wrong and what to do; goes on after the setting's name */
    void error(Setting<?> setting, String text) {
        errors.add(problem(setting, text));
    }

    /** @param text goes on after the setting's name */
    void warn(Setting<?> setting, String text) {
        warnings.add(problem(setting, text));
    }

    private Problem problem(Setting<?> setting, String text) {
        return isGiven(setting)
                ? problem(members.get(setting), text)
                : new Problem(NO_LINE, file + ": " + setting.name() + " " + text);
    }

    private Problem problem(Member member, String text) {
        return new Problem(member.line(), file + ", line " + member.line() + ": " + member.name() + " " + text);
    }

    boolean hasErrors() {
        return !errors.isEmpty();
    }

    void throwErrors() throws ConfigException {
        if (!errors.isEmpty()) {
            throw new ConfigException(inOrder(errors));
        }
    }

    List<String> warnings() {
        return inOrder(warnings);
    }

    private static List<String> inOrder(List<Problem> problems) {
        return problems.stream()
                .sorted(Comparator.comparingInt(Problem::line))
                .map(Problem::text)
                .toList();
    }
}
