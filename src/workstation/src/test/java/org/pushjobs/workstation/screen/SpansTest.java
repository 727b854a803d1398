package org.pushjobs.workstation.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpansTest {
    private static final Instant NOW = Instant.parse("2026-11-22T11:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "0, 0 s ago",
        "119, 119 s ago",
        "120, 2 min ago",
        "7199, 119 min ago",
        "7200, 2 h ago",
        "172799, 47 h ago",
        "172800, 2 d ago",
        "-5, in 5 s"
    })
    void momentIsToldInOneUnit(long seconds, String text) {
        assertThat(Spans.ago(NOW.minusSeconds(seconds), NOW)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0 s",
        "1540, 1.5 s",
        "59940, 59.9 s",
        "125000, 2 min 5 s",
        "3600000, 1 h 0 min",
        "93600000, 1 d 2 h"
    })
    void lengthIsToldInItsLargestUnits(long millis, String text) {
        assertThat(Spans.length(Duration.ofMillis(millis))).isEqualTo(text);
    }
}
