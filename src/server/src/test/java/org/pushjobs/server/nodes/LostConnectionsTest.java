package org.pushjobs.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LostConnectionsTest {
    private static final long LOST_AT = 10_000;

    private final LostConnections<String> lost = new LostConnections<>();

    @Test
    void nodeIsUnavailableAfterTwoSecondsAndSaysSoOnce() {
        lost.lost("a", LOST_AT);

        assertThat(lost.newlyUnavailable(LOST_AT + 1_999)).isEmpty();
        assertThat(lost.isUnavailable("a")).isFalse();
        assertThat(lost.newlyUnavailable(LOST_AT + 2_000)).containsExactly("a");
        assertThat(lost.isUnavailable("a")).isTrue();
        assertThat(lost.newlyUnavailable(LOST_AT + 3_000)).isEmpty();
    }

    @Test
    void nodeIsUnreachableAfterFiveSecondsAndSaysSoOnce() {
        lost.lost("a", LOST_AT);

        assertThat(lost.newlyUnreachable(LOST_AT + 4_999)).isEmpty();
        assertThat(lost.newlyUnreachable(LOST_AT + 5_000)).containsExactly("a");
        assertThat(lost.newlyUnreachable(LOST_AT + 9_000)).isEmpty();
    }

    @Test
    void nodeThatConnectsAgainInTimeIsNeither() {
        lost.lost("a", LOST_AT);
        lost.lost("b", LOST_AT);
        lost.over("a");

        assertThat(lost.newlyUnavailable(LOST_AT + 60_000)).containsExactly("b");
        assertThat(lost.newlyUnreachable(LOST_AT + 60_000)).containsExactly("b");
        assertThat(lost.isLost("a")).isFalse();
    }

    @Test
    void secondLossCountsFromItself() {
        lost.lost("a", LOST_AT);
        lost.over("a");
        lost.lost("a", LOST_AT + 1_500);

        assertThat(lost.newlyUnavailable(LOST_AT + 3_000)).isEmpty();
        assertThat(lost.newlyUnavailable(LOST_AT + 3_500)).containsExactly("a");
    }
}
