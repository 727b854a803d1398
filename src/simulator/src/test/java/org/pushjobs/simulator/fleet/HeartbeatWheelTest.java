package org.pushjobs.simulator.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeartbeatWheelTest {
    private static final int INTERVAL = 100;

    private final List<String> beats = new ArrayList<>();
    private final HeartbeatWheel wheel = new HeartbeatWheel(INTERVAL, 1_000);

    @Test
    void eachBeatsOnceAnIntervalAtItsOwnPlace() {
        wheel.add(0, () -> beats.add("first"));
        wheel.add(0.5, () -> beats.add("second"));

        for (long now = 1_001; now <= 1_300; now++) {
            int before = beats.size();
            assertThat(wheel.advance(now)).isZero();
            for (String beat : beats.subList(before, beats.size())) {
                assertThat(now % INTERVAL).isEqualTo(beat.equals("first") ? 0 : 50);
            }
        }

        assertThat(beats).containsExactly("second", "first", "second", "first", "second", "first");
    }

    @Test
    void whatWasMissedIsCaughtUpWithButNotMoreThanOnce() {
        wheel.add(0.25, () -> beats.add("beat"));

        assertThat(wheel.advance(1_060)).as("milliseconds late").isEqualTo(59);
        assertThat(beats).hasSize(1);
        wheel.advance(5_000);

        assertThat(beats).hasSize(2);
    }

    @Test
    void removedOneBeatsNoMore() {
        Runnable beat = () -> beats.add("beat");
        wheel.add(0.99, beat);
        wheel.remove(0.99, beat);

        wheel.advance(1_200);

        assertThat(beats).isEmpty();
    }
}
