package org.pushjobs.ctl.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pushjobs.config.settings.KnownSettings;
import org.pushjobs.ctl.CtlException;
import org.pushjobs.ctl.settings.Attribute.OfInstallation;
import org.pushjobs.ctl.settings.Attribute.OfServer;
import org.pushjobs.ctl.settings.Attribute.Retired;
import org.pushjobs.rubyconfig.EvaluatedFile;
import org.pushjobs.rubyconfig.EvaluatedFile.Place;
import org.pushjobs.rubyconfig.RubyValue;

/**
 * Checks what an evaluated file sets: every name, and every value for itself. All errors are found in one go; values are
 * not quoted where they may be passwords.
 */
final class SettingsFile {
    private static final int LONGEST_QUOTE = 80;
    private static final Pattern TYPOGRAPHIC_QUOTES =
            Pattern.compile("[\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb]");

    /** How Ruby shows what has no text. */
    private static final String OBJECT = "#<";

    private static final String COMMENT = "(^|\\s)#(?!\\{).*";
    private static final Pattern VARIABLE = Pattern.compile("^\\s*(\\w+)\\s*=(?![=~>]).*");

    private record Problem(Place place, String text) {
        private static final Comparator<Problem> BY_PLACE = Comparator.<Problem, Path>comparing(
                        problem -> problem.place().file())
                .thenComparingInt(problem -> problem.place().line());

        @Override
        public String toString() {
            return place + ": " + text;
        }
    }

    private final EvaluatedFile file;
    private final Map<String, Given> given = new LinkedHashMap<>();
    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    private SettingsFile(EvaluatedFile file) {
        this.file = file;
    }

    /** @throws CtlException with everything that is wrong, in the order of the file */
    static GivenSettings check(EvaluatedFile file) throws CtlException {
        SettingsFile settings = new SettingsFile(file);
        file.settings().forEach(settings::group);
        settings.refuseOtherNames();
        settings.refuseVariables();
        if (!settings.errors.isEmpty()) {
            throw new CtlException(inOrder(settings.errors).toList());
        }
        return new GivenSettings(
                settings.given, new ArrayList<>(inOrder(settings.warnings).toList()));
    }

    private static Stream<String> inOrder(List<Problem> problems) {
        return problems.stream().sorted(Problem.BY_PLACE).map(Problem::toString);
    }

    private Place place(String path) {
        String name = path;
        while (!file.places().containsKey(name) && name.contains(".")) {
            name = name.substring(0, name.lastIndexOf('.'));
        }
        return file.places().getOrDefault(name, new Place(file.files().getFirst(), 1));
    }

    private void group(String name, RubyValue value) {
        if (!Attributes.GROUPS.contains(name)) {
            errors.add(new Problem(place(name), unknownGroup(name, value)));
        } else if (value instanceof RubyValue.Hash hash) {
            hash.entries().forEach(entry -> member(name, "", entry));
        } else if (!(value instanceof RubyValue.Nil)) {
            errors.add(new Problem(place(name), name + " must be set member by member: " + name + "['NAME'] = VALUE"));
        }
    }

    private static String unknownGroup(String name, RubyValue value) {
        if (TYPOGRAPHIC_QUOTES.matcher(name).find()) {
            return name + " is no text: in Ruby only ' and \" are quotation marks; write "
                    + Attribute.written(
                            Attributes.SERVER, TYPOGRAPHIC_QUOTES.matcher(name).replaceAll(""))
                    + " = VALUE";
        }
        Optional<String> meant = meant(value);
        if (meant.isPresent() && KnownSettings.closest(name, Attributes.GROUPS).isEmpty()) {
            return name + " is nothing that can be set here; write " + meant.get() + " = VALUE";
        }
        List<String> ofServer = Attributes.namesIn(Attributes.SERVER);
        if (ofServer.contains(name)) {
            return name + " is set for nobody; write " + Attribute.written(Attributes.SERVER, name) + " = VALUE";
        }
        return name + " is nothing that can be set here; "
                + KnownSettings.closest(name, Attributes.GROUPS)
                        .map(group -> "did you mean " + group + "?")
                        .or(() -> KnownSettings.closest(name, ofServer)
                                .map(known -> "did you mean " + Attribute.written(Attributes.SERVER, known) + "?"))
                        .orElse("settings are members of " + String.join(", ", Attributes.GROUPS));
    }

    /** A setting that somebody has put under another name, as in {@code push_jobs['api_port']} and in attributes of cookbooks. */
    private static Optional<String> meant(RubyValue value) {
        if (!(value instanceof RubyValue.Hash hash)) {
            return Optional.empty();
        }
        return hash.entries().stream()
                .flatMap(entry -> {
                    String name = entry.key().asText().orElse("").replace('-', '_');
                    Optional<String> known = Attributes.GROUPS.stream()
                            .filter(group -> Attributes.ALL.containsKey(group + "." + name))
                            .map(group -> Attribute.written(group, name))
                            .findFirst();
                    return known.or(() -> meant(entry.value())).stream();
                })
                .findFirst();
    }

    /** @param above the names that lead to it, each with a dot behind it */
    private void member(String group, String above, RubyValue.Entry entry) {
        String name = above + entry.key().asText().orElse("?").replace('-', '_');
        String path = group + "." + name;
        Attribute attribute = Attributes.ALL.get(path);
        if (entry.value() instanceof RubyValue.Nil) {
            if (attribute == null && !Attributes.isTree(group, name)) {
                errors.add(new Problem(place(path), unknown(group, name)));
            }
        } else if (attribute != null) {
            set(attribute, entry.value());
        } else if (Attributes.isTree(group, name)) {
            if (entry.value() instanceof RubyValue.Hash hash) {
                hash.entries().forEach(inner -> member(group, name + ".", inner));
            } else {
                errors.add(new Problem(
                        place(path),
                        Attribute.written(group, name) + " is " + quoted(entry.value())
                                + " but must be a hash; set its members, " + Attribute.written(group, name)
                                + "['NAME'] = VALUE"));
            }
        } else {
            errors.add(new Problem(place(path), unknown(group, name)));
        }
    }

    private static String unknown(String group, String name) {
        if (name.contains(OBJECT)) {
            return "what is between the brackets of " + group + " is no text; put the name into quotation marks: "
                    + group + "['NAME'] = VALUE";
        }
        if (group.equals(Attributes.SERVER) && Attributes.isWritten(name)) {
            return Attribute.written(group, name) + " is not set here: reconfigure decides it; remove it";
        }
        return Attribute.written(group, name) + " is no setting; "
                + KnownSettings.closest(name, Attributes.namesIn(group))
                        .map(known -> "did you mean " + Attribute.written(group, known) + "?")
                        .or(() -> otherGroup(group, name).map(known -> "did you mean " + known + "?"))
                        .orElse("remove it");
    }

    private static Optional<String> otherGroup(String group, String name) {
        return Attributes.GROUPS.stream()
                .filter(other -> !other.equals(group) && Attributes.ALL.containsKey(other + "." + name))
                .map(other -> Attribute.written(other, name))
                .findFirst();
    }

    private void set(Attribute attribute, RubyValue value) {
        Place place = place(attribute.path());
        if (attribute.use() instanceof Retired(var reason)) {
            warnings.add(new Problem(place, attribute.written() + " has no effect and can be removed: " + reason));
            return;
        }
        Optional<JsonNode> json = json(value);
        Optional<String> expected =
                json.isPresent() ? attribute.expected(json.get()) : Optional.of("a text, a number, true or false");
        if (expected.isPresent()) {
            errors.add(new Problem(
                    place,
                    attribute.written() + " is " + quoted(value) + " but must be " + expected.get()
                            + attribute
                                    .defaultText()
                                    .map(text -> "; set it so, or remove it to have the default, " + text)
                                    .orElse("; set it so, or remove it")));
            return;
        }
        String name = switch (attribute.use()) {
            case OfServer(var setting) -> Attributes.SERVER + "." + KnownSettings.documentedName(setting);
            case OfInstallation _ -> attribute.path();
            case Retired _ -> throw new IllegalStateException("was dealt with");
        };
        Given earlier = given.putIfAbsent(name, new Given(attribute.written(), json.get(), place));
        if (earlier != null) {
            errors.add(new Problem(
                    place,
                    attribute.written() + " was set before, as " + earlier.written() + " in line "
                            + earlier.place().line() + "; keep one of them"));
        }
    }

    private static Optional<JsonNode> json(RubyValue value) {
        return switch (value) {
            case RubyValue.Text(var text) -> Optional.of(TextNode.valueOf(text));
            case RubyValue.Symbol(var name) -> Optional.of(TextNode.valueOf(name));
            case RubyValue.Int(var number) -> Optional.of(BigIntegerNode.valueOf(number));
            case RubyValue.Decimal(var number) -> Optional.of(DoubleNode.valueOf(number));
            case RubyValue.Bool(var flag) -> Optional.of(BooleanNode.valueOf(flag));
            case RubyValue.Array(var items) -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                items.stream().map(SettingsFile::json).flatMap(Optional::stream).forEach(array::add);
                yield array.size() == items.size() ? Optional.of(array) : Optional.empty();
            }
            case RubyValue.Nil _,
                    RubyValue.Regexp _,
                    RubyValue.Hash _,
                    RubyValue.Stream _,
                    RubyValue.Absent _,
                    RubyValue.Other _ -> Optional.empty();
        };
    }

    private static String quoted(RubyValue value) {
        Optional<JsonNode> json = json(value);
        if (json.isEmpty()) {
            return value.kind();
        }
        try {
            String text = new ObjectMapper().writeValueAsString(json.get());
            return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…";
        } catch (IOException e) {
            throw new IllegalStateException("a value cannot be written as JSON", e);
        }
    }

    /** What the file does beside setting things. */
    private void refuseOtherNames() {
        file.environment()
                .keySet()
                .forEach(name -> warnings.add(new Problem(
                        new Place(file.files().getFirst(), 1),
                        "the variable " + name
                                + " of the environment is set, which the server does not see; remove it")));
    }

    /** {@code heartbeat_interval = 1000} sets a variable, which ends with the file; one that is used is meant so. */
    private void refuseVariables() {
        for (Path path : file.files()) {
            try {
                refuseVariables(path, Files.readAllLines(path));
            } catch (IOException e) {
                // Ruby has read it, in whatever encoding
            }
        }
    }

    private void refuseVariables(Path path, List<String> lines) {
        List<String> names = Attributes.namesIn(Attributes.SERVER);
        for (int i = 0; i < lines.size(); i++) {
            Matcher variable = VARIABLE.matcher(lines.get(i));
            String name = variable.matches() ? variable.group(1) : "";
            boolean group = Attributes.GROUPS.contains(name);
            if (group || names.contains(name) && !isUsed(name, lines)) {
                String advice = group ? name + "['NAME']" : Attribute.written(Attributes.SERVER, name);
                errors.add(new Problem(
                        new Place(path, i + 1),
                        name + " = … sets a variable of the file and nothing else; write " + advice + " = VALUE"));
            }
        }
    }

    /** Whether a variable stands somewhere else than where it is set; the name of a setting is in quotation marks. */
    private static boolean isUsed(String name, List<String> lines) {
        Pattern use = Pattern.compile("(?<!['\":\\w])" + name + "(?!['\"\\w]|\\s*=(?!=))");
        return lines.stream()
                .map(line -> line.replaceFirst(COMMENT, ""))
                .anyMatch(line -> use.matcher(line).find());
    }
}
