package org.pushjobs.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ErrorRestTest {
    private final ErrorRest rest = new ErrorRest(new SplittableRandom(1));

    @Test
    void thereIsNoRestWithoutAnError() {
        assertThat(rest.leftMillis(0)).isZero();
        assertThat(rest.isOver(0)).isFalse();
    }

    @Test
    void restsGrowWhileErrorsComeAgainAndAreToldOnceToBeOver() {
        long now = 1_000_000;
        long left = 0;
        for (int i = 0; i < 10; i++) {
            rest.after(new IllegalStateException("again"), now);
            left = rest.leftMillis(now);
            assertThat(left).isBetween(500L, 10_000L);
            assertThat(rest.isOver(now)).isFalse();
            now += left;
            assertThat(rest.isOver(now)).isTrue();
            assertThat(rest.isOver(now)).isFalse();
        }
        assertThat(left).isGreaterThanOrEqualTo(5_000);

        rest.after(new IllegalStateException("long after"), now + 3_600_000);

        assertThat(rest.leftMillis(now + 3_600_000)).isLessThanOrEqualTo(1_000);
    }
}
