package org.pushjobs.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogLineTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern STATEMENT =
            Pattern.compile("\\bLOG\\s*\\.(?:error|warn|info|debug)\\((.*?)\\);", Pattern.DOTALL);

    private static LogLine line(String pattern, Object... values) {
        return LogLine.of(pattern, values);
    }

    @Test
    void sentenceAndFactsAreTakenApart() {
        LogLine line = line("job started [job: {}, org: {}, nodes: {}, run timeout: {} s]", "0123", "acme", 3, 60);

        assertThat(line.message()).isEqualTo("job started");
        assertThat(line.facts())
                .containsExactly(
                        entry("job", "0123"), entry("org", "acme"), entry("nodes", 3), entry("run_timeout", "60 s"));
    }

    @Test
    void valuesCannotPretendToBeFacts() {
        LogLine line = line("{} failed [user: {}, reason: {}]", "it [x: y]", "eve, status: 200", "no] [a: b");

        assertThat(line.message()).isEqualTo("it [x: y] failed");
        assertThat(line.facts()).containsExactly(entry("user", "eve, status: 200"), entry("reason", "no] [a: b"));
    }

    @Test
    void aFactMayHaveACommaAndSeveralValues() {
        assertThat(line("two agents [agents: {} and {}, at: once, or so, node: {}]", "a", "b", "web-1")
                        .facts())
                .containsExactly(entry("agents", "a and b"), entry("at", "once, or so"), entry("node", "web-1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"server stopped", "settings: it is [not] one", "it was [{}]", "the [a: b] is first"})
    void whatHasNoFactsIsAMessage(String pattern) {
        assertThat(line(pattern)).isEqualTo(new LogLine(pattern, Map.of()));
    }

    @Test
    void missingValuesStayOpen() {
        assertThat(line("gone [a: {}, b: {}]", 1).facts()).containsExactly(entry("a", 1), entry("b", "{}"));
    }

    @Test
    void noLineOfTheServerNamesAnOrganisationByItsId() throws IOException {
        assertThat(statements())
                .hasSizeGreaterThan(100)
                .noneMatch(
                        statement -> statement.contains("orgGuid()") && !statement.contains("orElseGet(job::orgGuid)"))
                .noneMatch(statement ->
                        Pattern.compile("\\borgGuid,").matcher(statement).find());
    }

    private static List<String> statements() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(file -> STATEMENT.matcher(text(file)).results().map(found -> found.group(1)))
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
