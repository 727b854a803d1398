package org.pushjobs.ctl.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushjobs.ctl.settings.Attribute.OfInstallation;
import org.pushjobs.ctl.settings.Attribute.Retired;
import org.pushjobs.ctl.testing.FakeMachine;

/** docs/ctl.md says what the code does. */
class CtlDocumentTest {
    private static final Pattern ROW = Pattern.compile("^\\| `(\\w+\\['.*?'])` \\| (.*?) \\|", Pattern.MULTILINE);

    private static String document;

    @BeforeAll
    static void readDocument() throws IOException {
        document = Files.readString(Path.of("..", "docs", "ctl.md"));
    }

    @Test
    void theTableHasEverySettingOfTheInstallationAndNoOther() {
        List<String> documented = new ArrayList<>();
        Matcher rows = ROW.matcher(document);
        while (rows.find()) {
            documented.add(rows.group(1));
        }

        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(Attributes.ALL.values().stream()
                        .filter(attribute -> attribute.use() instanceof OfInstallation)
                        .map(Attribute::written)
                        .toList());
    }

    @Test
    void defaultsAreThoseOfTheCode() {
        Map<String, String> defaults = new HashMap<>();
        Matcher rows = ROW.matcher(document);
        while (rows.find()) {
            defaults.put(rows.group(1), rows.group(2).replace("`", ""));
        }

        assertThat(Attributes.ALL.values())
                .filteredOn(attribute -> attribute.use() instanceof OfInstallation
                        && attribute.defaultText().isPresent())
                .allSatisfy(attribute -> assertThat(defaults.get(attribute.written()))
                        .as(attribute.written())
                        .isEqualTo(attribute.defaultText().orElseThrow()));
    }

    @Test
    void whatHasNoEffectIsNamed() {
        assertThat(Attributes.ALL.values())
                .filteredOn(attribute ->
                        attribute.use() instanceof Retired && !attribute.group().equals(Attributes.PEDANT))
                .allSatisfy(attribute -> assertThat(document).contains("`" + attribute.name() + "`"));
    }

    @Test
    void whatReconfigureDecidesIsNamed() {
        String sentence = document.substring(
                document.indexOf("`opscode_pushy_server` takes every setting"),
                document.indexOf(", which reconfigure decides"));
        List<String> documented = Pattern.compile("`(\\w+)`")
                .matcher(sentence.substring(sentence.indexOf(", but")))
                .results()
                .map(name -> name.group(1))
                .toList();

        assertThat(documented).containsExactlyInAnyOrderElementsOf(Attributes.WRITTEN);
    }

    @Test
    void everyCommandIsDescribed(@TempDir Path root) {
        List<String> commands = FakeMachine.empty(root)
                .run("help")
                .out()
                .lines()
                .filter(line -> line.matches(" {2}\\S+"))
                .map(String::strip)
                .toList();

        assertThat(commands)
                .hasSizeGreaterThan(30)
                .allSatisfy(command -> assertThat(document).containsPattern("`" + command + "( FILE)?`"));
    }
}
