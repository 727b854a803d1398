package org.pushjobs.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StormScheduleTest {
    @Test
    void textSaysHowOftenAndHowMany() {
        assertThat(StormSchedule.parse("every=30s,share=0.5"))
                .isEqualTo(new StormSchedule(Duration.ofSeconds(30), 0.5));
        assertThat(StormSchedule.parse("every=5,share=1")).isEqualTo(new StormSchedule(Duration.ofSeconds(5), 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "every=30s", "share=0.5", "every=0s,share=0.5", "every=30s,share=0.0", "every=30s,share=2"})
    void otherTextIsRefused(String text) {
        assertThatThrownBy(() -> StormSchedule.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
