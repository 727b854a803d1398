package org.pushjobs.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** docs/configuration.md says what the code does. */
class ConfigurationDocumentTest {
    private static final List<String> DEPENDING_DEFAULTS = List.of(
            "",
            "this machine's name",
            "restricted; organization with chef_server",
            "writers; readers with chef_server");

    private static String document;

    private record Row(String name, String unit, String defaultText) {}

    @BeforeAll
    static void readDocument() throws IOException {
        document = Files.readString(Path.of("..", "..", "docs", "configuration.md"));
    }

    private static List<List<String>> rows(String header) {
        int start = document.indexOf(header);
        assertThat(start).as("place of the table %s", header).isNotNegative();
        return document.substring(start)
                .lines()
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                        .map(cell -> cell.strip().replace("`", ""))
                        .toList())
                .toList();
    }

    @Test
    void theTableHasEverySettingWithItsUnitAndDefaultAndNoOther() {
        List<Row> documented = rows("| Setting | Unit | Default | Meaning |").stream()
                .map(cells -> new Row(
                        cells.get(0), cells.get(1), DEPENDING_DEFAULTS.contains(cells.get(2)) ? "" : cells.get(2)))
                .toList();

        assertThat(documented)
                .containsExactlyElementsOf(Settings.ALL.stream()
                        .map(setting -> new Row(
                                setting.name(),
                                setting.unit(),
                                setting.defaultText().orElse("")))
                        .toList());
    }

    @Test
    void everySettingHasAMeaning() {
        assertThat(rows("| Setting | Unit | Default | Meaning |"))
                .allSatisfy(cells -> assertThat(cells.get(3)).isNotBlank());
    }

    @Test
    void everyAliasIsNamed() {
        Settings.ALL.forEach(setting -> setting.alias()
                .ifPresent(alias ->
                        assertThat(document).contains("`" + alias + "` is taken for\n`" + setting.name() + "`")));
    }

    @Test
    void theListOfRetiredSettingsIsComplete() {
        String section = document.substring(document.indexOf("## Settings of the original that have no effect"));
        String list = section.substring(section.indexOf("`"), section.indexOf("\n\nWhy"));
        Set<String> documented = new TreeSet<>();
        Pattern.compile("`([a-z_]+)`").matcher(list).results().forEach(match -> documented.add(match.group(1)));

        assertThat(documented).isEqualTo(new TreeSet<>(RetiredSettings.IGNORED.keySet()));
        assertThat(RetiredSettings.REFUSED.keySet())
                .allSatisfy(key -> assertThat(document).contains("`" + key + "` is refused"));
    }

    @Test
    void theTableOfSecretsHasEveryFieldAndNoOther() {
        assertThat(rows("| Field | Holds |").stream().map(List::getFirst).toList())
                .containsExactlyElementsOf(SecretsFields.NAMES);
    }

    @Test
    void theVariableOfThePasswordIsNamed() {
        assertThat(document).contains("`" + DatabaseSettings.PASSWORD_VARIABLE + "`");
    }
}
