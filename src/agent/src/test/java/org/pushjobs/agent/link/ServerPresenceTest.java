package org.pushjobs.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerPresenceTest {
    private final ServerPresence presence = new ServerPresence(1000, 3, 2, 0);

    @Test
    void serverIsThereAtFirst() {
        assertThat(presence.online()).isTrue();
    }

    @Test
    void serverIsAwayAfterMoreThanThreeSilentIntervals() {
        assertThat(presence.nextCheckMillis()).isEqualTo(3001);
        assertThat(presence.wentAway(3000)).isFalse();

        assertThat(presence.wentAway(3001)).isTrue();

        assertThat(presence.online()).isFalse();
        assertThat(presence.wentAway(9000)).isFalse();
    }

    @Test
    void heartbeatKeepsTheServerThere() {
        presence.heard(2900);

        assertThat(presence.wentAway(5900)).isFalse();
        assertThat(presence.wentAway(5901)).isTrue();
    }

    @Test
    void serverIsBackWithTheThirdHeartbeat() {
        presence.wentAway(3001);

        assertThat(presence.heard(10_000)).isFalse();
        assertThat(presence.heard(11_000)).isFalse();
        assertThat(presence.heard(12_000)).isTrue();

        assertThat(presence.online()).isTrue();
        assertThat(presence.heard(13_000)).isFalse();
    }

    @Test
    void heartbeatsBeforeALongGapDoNotCount() {
        presence.wentAway(3001);
        presence.heard(10_000);
        presence.heard(11_000);

        assertThat(presence.heard(20_000)).isFalse();
        assertThat(presence.heard(21_000)).isFalse();
        assertThat(presence.heard(22_000)).isTrue();
    }

    @Test
    void resultsOfTheLastFourIntervalsBeforeTheLastHeartbeatAreInDoubt() {
        presence.heard(10_000);

        assertThat(presence.doubtfulSinceMillis()).isEqualTo(6000);
    }
}
