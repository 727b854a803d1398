package org.pushjobs.rubyconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files of the kinds that users of Chef have ({@code files/} of the test resources) and what becomes of each
 * ({@code files.txt}): read rightly, or refused with file and line.
 */
class ConfigurationFilesIT {
    private static final Path RESOURCES = Path.of("src/test/resources").toAbsolutePath();
    private static final Path FILES = RESOURCES.resolve("files");
    private static final RubyConfig RUBY = new RubyConfig(Path.of("target", "evaluator"), Duration.ofSeconds(120));
    private static final Pattern ERROR = Pattern.compile("error (\\d+): (.*)");
    private static final Pattern NEXT_SETTING = Pattern.compile(", (?=[a-z_]+ = )");

    record Case(String file, String expected) {
        @Override
        public String toString() {
            return file;
        }
    }

    static List<Case> cases() throws Exception {
        return Files.readAllLines(RESOURCES.resolve("files.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" \\| ", 2))
                .map(cells -> new Case(cells[0], cells[1]))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void fileIsReadRightlyOrRefusedWithItsPlace(Case file) throws Exception {
        Path path = FILES.resolve(file.file());
        var error = ERROR.matcher(file.expected());
        if (error.matches()) {
            assertThat(PlainFile.read(path)).isEmpty();
            assertThatThrownBy(() -> RUBY.evaluateByRuby(path, Dialect.CHEF))
                    .isInstanceOf(RubyConfigException.class)
                    .hasMessageStartingWith(path + ":" + error.group(1) + ": ")
                    .hasMessageContaining(error.group(2))
                    .hasMessageNotContaining("\n");
            return;
        }
        EvaluatedFile evaluated = RUBY.evaluateByRuby(path, Dialect.CHEF);
        Map<String, String> expected = expected(file.expected());
        Map<String, String> actual = new TreeMap<>();
        expected.keySet()
                .forEach(name ->
                        actual.put(name, evaluated.get(name).map(this::ruby).orElse("nil")));
        assertThat(actual).isEqualTo(expected);
        assertThat(PlainFile.read(path)).isIn(Optional.empty(), Optional.of(evaluated));
    }

    @Test
    void filesThatArePlainSettingsNeedNoRuby() {
        assertThat(List.of("client-bootstrap", "variables-as-arguments", "knife-own", "knife-template", "loops"))
                .filteredOn(name -> PlainFile.read(FILES.resolve(name + ".rb")).isPresent())
                .containsExactly("client-bootstrap", "knife-own", "knife-template");
    }

    private static Map<String, String> expected(String cell) throws Exception {
        String cache = Files.isWritable(Path.of("/var/chef")) || Files.isWritable(Path.of("/var"))
                ? "/var/chef"
                : System.getProperty("user.home") + "/.chef";
        String text = cell.replace("${DIR}", FILES.toString())
                .replace("${HOME}", System.getenv("HOME"))
                .replace("${CACHE}", cache)
                .replace("${HOST}", InetAddress.getLocalHost().getHostName());
        return NEXT_SETTING
                .splitAsStream(text)
                .map(setting -> setting.split(" = ", 2))
                .collect(Collectors.toMap(
                        setting -> setting[0], setting -> setting[1], (one, other) -> other, TreeMap::new));
    }

    /** A value as Ruby would print it. */
    private String ruby(RubyValue value) {
        return switch (value) {
            case RubyValue.Nil _ -> "nil";
            case RubyValue.Bool(var bool) -> "" + bool;
            case RubyValue.Int(var number) -> "" + number;
            case RubyValue.Decimal(var number) -> "" + number;
            case RubyValue.Text(var text) ->
                '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
            case RubyValue.Symbol(var name) -> ":" + name;
            case RubyValue.Regexp regexp ->
                new RubyValue.Regexp(regexp.source().replaceAll("(?<!\\\\)/", "\\\\/"), regexp.options()).toString();
            case RubyValue.Array(var items) ->
                items.stream().map(this::ruby).collect(Collectors.joining(", ", "[", "]"));
            case RubyValue.Hash(var entries) ->
                entries.stream()
                        .map(entry -> ruby(entry.key()) + " => " + ruby(entry.value()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case RubyValue.Stream(var name) -> name;
            case RubyValue.Absent(var name) -> "<" + name + ">";
            case RubyValue.Other(var name) -> "<" + name + ">";
        };
    }
}
