package org.pushjobs.workstation.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SinceTest {
    private static final Instant NOW = Instant.parse("2026-11-22T11:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "90s, 2026-11-22T10:58:30Z",
        "30m, 2026-11-22T10:30:00Z",
        "30min, 2026-11-22T10:30:00Z",
        "2 h, 2026-11-22T09:00:00Z",
        "3d, 2026-11-19T11:00:00Z",
        "1w, 2026-11-15T11:00:00Z",
        "2026-11-20, 2026-11-20T00:00:00Z",
        "2026-11-20T10:00:00Z, 2026-11-20T10:00:00Z",
        "2026-11-20T10:00:00+02:00, 2026-11-20T08:00:00Z"
    })
    void momentIsALengthOfTimeAgoOrByTheCalendar(String text, Instant moment) {
        assertThat(Since.parse(text, NOW)).isEqualTo(moment);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2", "2y", "-2h", "2026-13-01", "2026-11-20T10:00", "1234567s"})
    void anythingElseIsRefusedWithWhatIsPossible(String text) {
        assertThatThrownBy(() -> Since.parse(text, NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("30m, 2h or 3d")
                .hasMessageEndingWith("not '" + text + "'");
    }
}
