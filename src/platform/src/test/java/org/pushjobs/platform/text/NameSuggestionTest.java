package org.pushjobs.platform.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameSuggestionTest {
    private static final List<String> NAMES = List.of("start", "status", "list", "--quorum", "log_level");

    @ParameterizedTest
    @CsvSource({
        "strat, start",
        "stauts, status",
        "lst, list",
        "LIST, list",
        "--quorm, --quorum",
        "--qourum, --quorum",
        "log-levle, log_level",
        "stop, ''",
        "lists-of-jobs, ''",
        "xy, ''"
    })
    void closestNameIsFoundUnlessItIsTooFarAway(String misspelt, String name) {
        assertThat(NameSuggestion.closest(misspelt, NAMES).orElse("")).isEqualTo(name);
    }
}
