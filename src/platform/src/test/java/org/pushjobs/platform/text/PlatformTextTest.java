package org.pushjobs.platform.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTextTest {
    private static final byte[] LATIN_1 = "a\0gr\u00f6\0".getBytes(StandardCharsets.ISO_8859_1);

    @TempDir
    private Path directory;

    private Path commandLine(byte[] bytes) throws Exception {
        return Files.write(directory.resolve("cmdline"), bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ANSI_X3.4-1968", "ISO-8859-1", "EUC-JP", ""})
    void localeOfAnotherEncodingIsAProblemThatIsNamedWithItsRemedy(String encoding) throws Exception {
        assertThat(PlatformText.problem(encoding, List.of("plain"), commandLine(new byte[0])))
                .get()
                .asString()
                .contains("encoding is " + encoding, "LC_ALL", "C.UTF-8");
    }

    @Test
    void textInUtf8IsNoProblem() throws Exception {
        byte[] bytes = "a\0gr\u00f6\ufffd\0".getBytes(StandardCharsets.UTF_8);

        assertThat(PlatformText.problem("UTF-8", List.of("a", "gr\u00f6\ufffd"), commandLine(bytes)))
                .isEmpty();
    }

    @Test
    void argumentWithOtherBytesIsNamed() throws Exception {
        assertThat(PlatformText.problem("UTF-8", List.of("a", "gr\ufffd"), commandLine(LATIN_1)))
                .contains("an argument is not text in UTF-8 and would be changed: gr\ufffd");
    }

    @Test
    void argumentThatMayHaveBeenChangedIsRefusedWhereTheBytesCannotBeSeen() {
        assertThat(PlatformText.problem("UTF-8", List.of("gr\ufffd"), directory.resolve("none")))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00", "\ud83d", "\ud83dx", "\udc00\ud800"})
    void halfOfASurrogatePairCannotBePassedOn(String text) {
        assertThat(PlatformText.canBePassedOn(text)).isFalse();
        assertThat(PlatformText.isWhole(text)).isFalse();
    }

    @Test
    void zeroCanBeWrittenButNotPassedOn() {
        assertThat(PlatformText.canBePassedOn("a\0")).isFalse();
        assertThat(PlatformText.isWhole("a\0")).isTrue();
        assertThat(PlatformText.canBePassedOn("gr\u00f6\ud83d\ude00?*")).isTrue();
    }

    @Test
    void localeThatALauncherHasSetIsTakenBack() {
        Map<String, String> wasSet = new HashMap<>(Map.of("LC_ALL", "C.UTF-8", "PUSHJOBS_LC_ALL", "de_DE"));
        Map<String, String> wasNotSet = new HashMap<>(Map.of("LC_ALL", "C.UTF-8", "PUSHJOBS_LC_ALL", "", "A", "b"));
        Map<String, String> noLauncher = new HashMap<>(Map.of("LC_ALL", "C"));
        List.of(wasSet, wasNotSet, noLauncher).forEach(LauncherLocale::restore);

        assertThat(wasSet).isEqualTo(Map.of("LC_ALL", "de_DE"));
        assertThat(wasNotSet).isEqualTo(Map.of("A", "b"));
        assertThat(noLauncher).isEqualTo(Map.of("LC_ALL", "C"));
    }
}
