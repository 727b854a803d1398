package org.pushjobs.config.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.pushjobs.config.ConfigurationDocument;

/** docs/configuration.md says what the code does. */
class ConfigurationDocumentTest {
    private final ConfigurationDocument document = ConfigurationDocument.read();

    private static final List<String> DEPENDING_DEFAULTS = List.of(
            "",
            "this machine's name",
            "the server's name",
            "restricted; organization with chef_server",
            "writers; readers with chef_server");

    private record Row(String name, String unit, String defaultText) {}

    @Test
    void theTableHasEverySettingWithItsUnitAndDefaultAndNoOther() {
        List<Row> documented = document.rows("| Setting | Unit | Default | Meaning |").stream()
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
        assertThat(document.rows("| Setting | Unit | Default | Meaning |"))
                .allSatisfy(cells -> assertThat(cells.get(3)).isNotBlank());
    }

    @Test
    void everyAliasIsNamed() {
        Settings.ALL.forEach(setting -> setting.alias()
                .ifPresent(alias -> assertThat(document.text())
                        .contains("`" + alias + "` is taken for\n`" + setting.name() + "`")));
    }

    @Test
    void theListOfRetiredSettingsIsComplete() {
        String section =
                document.text().substring(document.text().indexOf("## Settings of the original that have no effect"));
        String list = section.substring(section.indexOf("`"), section.indexOf("\n\nWhy"));
        Set<String> documented = new TreeSet<>();
        Pattern.compile("`([a-z_]+)`").matcher(list).results().forEach(match -> documented.add(match.group(1)));

        assertThat(documented).isEqualTo(new TreeSet<>(RetiredSettings.IGNORED.keySet()));
        assertThat(RetiredSettings.REFUSED.keySet())
                .allSatisfy(key -> assertThat(document.text()).contains("`" + key + "` is refused"));
    }

    @Test
    void theVariableOfThePasswordIsNamed() {
        assertThat(document.text()).contains("`" + DatabaseSettings.PASSWORD_VARIABLE + "`");
    }
}
