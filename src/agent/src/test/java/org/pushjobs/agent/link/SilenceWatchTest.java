package org.pushjobs.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SilenceWatchTest {
    private static final long INTERVAL = 1000;

    private final SilenceWatch watch = new SilenceWatch(0, INTERVAL);

    private void heartbeats(long from, long until) {
        for (long at = from; at <= until; at += INTERVAL) {
            watch.serverHeartbeat(at);
        }
    }

    @Test
    void portIsDeafWhenNothingComesForFourSecondsThoughTheServerIsAlive() {
        watch.sent(0);
        heartbeats(500, 4500);

        assertThat(watch.deadlineMillis()).isEqualTo(4500);
        assertThat(watch.isDeaf(4499)).isFalse();
        assertThat(watch.isDeaf(4500)).isTrue();
    }

    @Test
    void portIsNotDeafWhileTheServerIsAway() {
        watch.sent(0);

        assertThat(watch.deadlineMillis()).isEqualTo(Long.MAX_VALUE);
        assertThat(watch.isDeaf(100_000)).isFalse();
    }

    @Test
    void portIsNotDeafWhenTheHeartbeatsHaveStopped() {
        watch.sent(0);
        watch.serverHeartbeat(500);

        assertThat(watch.isDeaf(4500)).isFalse();
    }

    @Test
    void portIsNotDeafWhenNothingWasSent() {
        heartbeats(500, 20_500);

        assertThat(watch.isDeaf(20_500)).isFalse();
    }

    @Test
    void portThatAnsweredIsNotDeaf() {
        watch.sent(0);
        watch.serverHeartbeat(500);
        watch.answered();
        heartbeats(1500, 20_500);

        assertThat(watch.isAnswered()).isTrue();
        assertThat(watch.isDeaf(20_500)).isFalse();
    }

    @Test
    void serverThatComesBackAfterAGapHasItsTimeAnew() {
        watch.sent(0);
        heartbeats(500, 2500);
        heartbeats(8000, 11_000);

        assertThat(watch.isDeaf(11_000)).isFalse();
        heartbeats(12_000, 12_000);
        assertThat(watch.isDeaf(12_000)).isTrue();
    }

    @Test
    void serverThatComesBackOnANewConnectionHasItsTimeAnew() {
        watch.sent(0);
        heartbeats(500, 1500);
        watch.heartbeatConnectionLost();
        heartbeats(2500, 6499);

        assertThat(watch.deadlineMillis()).isEqualTo(6500);
    }

    @Test
    void lostConnectionHasToBeAnsweredAgain() {
        watch.sent(0);
        watch.answered();
        watch.commandConnectionLost();

        assertThat(watch.isAnswered()).isFalse();
        watch.serverHeartbeat(1000);
        assertThat(watch.deadlineMillis()).isEqualTo(Long.MAX_VALUE);
        watch.sent(1200);
        heartbeats(2000, 5000);
        assertThat(watch.isDeaf(5199)).isFalse();
        assertThat(watch.isDeaf(5200)).isTrue();
    }

    @Test
    void connectionsThatAreRefusedOverAndOverAreDeafAllTheSame() {
        watch.sent(0);
        for (long at = 100; at <= 4100; at += 500) {
            watch.serverHeartbeat(at);
            watch.commandConnectionLost();
            watch.sent(at + 10);
        }

        assertThat(watch.isDeaf(4100)).isTrue();
    }

    @Test
    void patienceDoublesWithEveryVainAttemptUpToFiveMinutes() {
        assertThat(patience(1)).isEqualTo(8000);
        assertThat(patience(2)).isEqualTo(16_000);
        assertThat(patience(7)).isEqualTo(300_000);
        assertThat(patience(1000)).isEqualTo(300_000);
    }

    private static long patience(int vainAttempts) {
        SilenceWatch slow = new SilenceWatch(vainAttempts, INTERVAL);
        slow.sent(0);
        slow.serverHeartbeat(0);
        return slow.deadlineMillis();
    }

    @Test
    void deafnessThatIsDealtWithIsNotReportedAgainAtOnce() {
        watch.sent(0);
        heartbeats(500, 4500);

        watch.restart();

        assertThat(watch.isDeaf(4500)).isFalse();
        assertThat(watch.deadlineMillis()).isEqualTo(Long.MAX_VALUE);
        watch.sent(5000);
        assertThat(watch.deadlineMillis()).isEqualTo(9000);
    }
}
