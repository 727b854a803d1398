package org.pushjobs.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pushjobs.server.nodes.Rivalry.Rival;

class RivalryTest {
    private static final long INTERVAL = 1_000;
    private static final long QUIET = Rivalry.QUIET_INTERVALS * INTERVAL;
    private static final Rival ONE = new Rival("1", "web-1 (192.0.2.1)");
    private static final Rival TWO = new Rival("2", "web-1 (192.0.2.2)");

    private final Rivalry rivalry = new Rivalry(INTERVAL);

    @Test
    void restartIsNoRivalry() {
        rivalry.replaced(ONE, 0, TWO, 500);

        assertThat(rivalry.isProven()).isFalse();
    }

    @Test
    void anyNumberOfRestartsIsNoRivalry() {
        for (int i = 0; i < 100; i++) {
            rivalry.replaced(
                    new Rival("agent " + i, "web-1"), 10L * i, new Rival("agent " + (i + 1), "web-1"), 10L * i + 5);

            assertThat(rivalry.isProven()).isFalse();
        }
        assertThat(rivalry.rivals()).hasSizeLessThanOrEqualTo(5);
    }

    @Test
    void oneStragglerIsNoRivalry() {
        rivalry.replaced(ONE, 0, TWO, 100);
        rivalry.replaced(TWO, 100, ONE, 101);

        assertThat(rivalry.isProven()).isFalse();
    }

    @Test
    void agentsThatTakeTurnsAreRivals() {
        rivalry.replaced(ONE, 0, TWO, 500);
        rivalry.replaced(TWO, 500, ONE, 1_000);
        rivalry.replaced(ONE, 1_000, TWO, 1_500);

        assertThat(rivalry.isProven()).isTrue();
        assertThat(rivalry.isOver(1_500)).isFalse();
        assertThat(rivalry.rivals()).containsExactlyInAnyOrder("web-1 (192.0.2.1)", "web-1 (192.0.2.2)");
    }

    @Test
    void rivalryLastsAsLongAsBothAreHeard() {
        agentsThatTakeTurnsAreRivals();

        for (long now = 2_000; now < 100_000; now += INTERVAL) {
            rivalry.heard(ONE, now);
            rivalry.heard(TWO, now + 500);

            assertThat(rivalry.isProven()).isTrue();
            assertThat(rivalry.isOver(now + 500)).isFalse();
        }
    }

    @Test
    void rivalryIsOverWhenOneOfThemIsQuiet() {
        agentsThatTakeTurnsAreRivals();

        rivalry.heard(TWO, 1_000 + QUIET);
        assertThat(rivalry.isOver(1_000 + QUIET)).isFalse();

        rivalry.heard(TWO, 1_001 + QUIET);
        assertThat(rivalry.isOver(1_001 + QUIET)).isTrue();
        assertThat(rivalry.isProven()).isFalse();
    }

    @Test
    void rivalryIsOverWhenAllAreQuiet() {
        agentsThatTakeTurnsAreRivals();

        assertThat(rivalry.isOver(1_501 + QUIET)).isTrue();
    }

    @Test
    void turnsThatAreFarApartAreRestarts() {
        for (int i = 0; i < 10; i++) {
            long at = i * 2 * (QUIET + 1);
            rivalry.replaced(ONE, at, TWO, at + QUIET + 1);
            rivalry.replaced(TWO, at + QUIET + 1, ONE, at + 2 * (QUIET + 1));

            assertThat(rivalry.isProven()).isFalse();
        }
    }
}
