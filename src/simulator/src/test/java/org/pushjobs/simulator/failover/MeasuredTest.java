package org.pushjobs.simulator.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class MeasuredTest {
    @Test
    void moreThanTheLimitIsWrong() {
        assertThat(Measured.parse("moved_seconds 20.001 20").excess())
                .contains("moved_seconds is 20.001, more than 20");
    }

    @Test
    void theLimitItselfIsNot() {
        assertThat(Measured.parse("requests_of_a_node 1 1").excess()).isEmpty();
    }

    @Test
    void whatHasNoLimitIsNeverWrong() {
        Measured measured = Measured.parse("requests 2035 -");

        assertThat(measured.excess()).isEmpty();
        assertThat(measured.mostText()).isEqualTo("-");
    }

    @Test
    void otherLinesAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Measured.parse("moved_seconds 20.001"));
        assertThatIllegalArgumentException().isThrownBy(() -> Measured.parse("moved_seconds soon 20"));
    }
}
