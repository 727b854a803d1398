package org.pushjobs.simulator.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerWatchTest {
    private static final long INTERVAL = 1_000;

    private final ServerWatch watch = new ServerWatch(INTERVAL, 3, 2, 0);

    @Test
    void serverIsAwayAfterMoreThanThreeSilentIntervalsAndBackWithTheThirdHeartbeat() {
        assertThat(watch.wentAway(3_000)).isFalse();
        assertThat(watch.wentAway(3_001)).isTrue();
        assertThat(watch.wentAway(3_002)).as("said once").isFalse();
        assertThat(watch.isOnline()).isFalse();

        watch.heard(10_000);
        watch.heard(11_000);
        assertThat(watch.isOnline()).isFalse();
        watch.heard(12_000);

        assertThat(watch.isOnline()).isTrue();
    }

    @Test
    void connectionWithoutAnswerIsDeafOnceThreeSecondsAfterAServerHeartbeat() {
        watch.connected();
        assertThat(watch.isDeaf(10_000)).as("no server heartbeat yet").isFalse();

        watch.heard(10_000);
        watch.heard(11_000);
        watch.heard(12_000);
        assertThat(watch.isDeaf(12_999)).isFalse();
        assertThat(watch.isDeaf(13_000)).isTrue();
        assertThat(watch.isDeaf(13_001)).as("said once").isFalse();
    }

    @Test
    void answerOrLostConnectionEndsTheWaiting() {
        watch.connected();
        watch.heard(1_000);
        assertThat(watch.answered()).as("the first").isTrue();
        assertThat(watch.answered()).isFalse();
        assertThat(watch.isDeaf(9_000)).isFalse();
        assertThat(watch.isAvailable()).isTrue();

        watch.disconnected();
        watch.heard(9_000);
        assertThat(watch.isDeaf(20_000)).isFalse();
        assertThat(watch.isAvailable()).isFalse();
    }
}
