package org.pushjobs.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pushjobs.server.nodes.ListeningTime.LATE_MILLIS;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListeningTimeTest {
    private static final long START = 1_000_003;
    private static final long HOUR = 3_600_000;
    private static final long LOOK_MILLIS = 20;

    private long now = START;
    private long cameRound = START;
    private final ListeningTime time = new ListeningTime(() -> now, () -> cameRound);

    @BeforeEach
    void begin() {
        time.begin();
    }

    private void passes(long millis) {
        for (long end = now + millis; now < end; ) {
            now = Math.min(end, now + LOOK_MILLIS);
            cameRound = now;
            time.look();
        }
    }

    /** Messages are worked on all the time, but nothing else. */
    private void passesInOneRound(long millis) {
        for (long end = now + millis; now < end; now++) {
            time.millis();
        }
    }

    @Test
    void timePassesAsUsual() {
        passes(HOUR);

        assertThat(time.millis()).isEqualTo(HOUR);
    }

    @Test
    void timeInWhichTheProcessStoodStillDoesNotCount() {
        passes(10_000);

        now += HOUR;
        cameRound = now;

        assertThat(time.millis()).isBetween(10_000L, 10_000 + LATE_MILLIS);
        passes(5_000);
        assertThat(time.millis()).isBetween(15_000L, 15_000 + LATE_MILLIS);
    }

    @Test
    void timeInWhichAnEventLoopDoesNotComeRoundDoesNotCount() {
        passes(10_000);

        passesInOneRound(HOUR);
        assertThat(time.millis()).isBetween(10_000L, 10_000 + LATE_MILLIS);

        passes(5_000);
        assertThat(time.millis()).isBetween(15_000L, 15_000 + LATE_MILLIS);
    }

    @Test
    void nodeWhoseHeartbeatsAreNotReadYetIsNotDown() {
        HeartbeatHealth health = new HeartbeatHealth(new HeartbeatHealth.Rules(1_000, 4, 0.6), time.millis());
        LostConnections<String> lost = new LostConnections<>();
        lost.lost("a", time.millis());

        passesInOneRound(30_000);

        assertThat(health.isDown(time.millis())).isFalse();
        assertThat(lost.newlyUnavailable(time.millis())).isEmpty();
        passes(3_000);
        assertThat(health.isDown(time.millis())).isTrue();
        assertThat(lost.newlyUnavailable(time.millis())).containsExactly("a");
    }

    @Test
    void timeDoesNotGoOnBeforeItBegins() {
        ListeningTime closed = new ListeningTime(() -> now, () -> ListeningTime.NEVER);
        now += HOUR;

        assertThat(closed.millis()).isZero();
    }

    /** A round of 450 ms is no time in which nodes that send every 100 ms were silent. */
    @Test
    void timeOfNodesWithAShortIntervalStandsStillInShorterRounds() {
        HeartbeatHealth health = new HeartbeatHealth(new HeartbeatHealth.Rules(100, 4, 0.6), time.millis());
        time.judgeBy(100);
        for (int i = 0; i < 50; i++) {
            passes(100);
            health.beat(time.millis());
        }

        passesInOneRound(450);

        assertThat(health.isDown(time.millis())).isFalse();
    }

    @Property
    void timeNeverGoesFasterNorBack(
            @ForAll @Size(max = 50) List<@LongRange(max = 3_000) Long> steps,
            @ForAll @LongRange(max = 2_000) long behind) {
        time.begin();
        long before = time.millis();
        for (long step : steps) {
            now += step;
            cameRound = Math.max(cameRound, now - behind);
            long after = time.millis();
            assertThat(after - before).isBetween(0L, step);
            before = after;
        }
    }
}
