package org.pushjobs.server.spread;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EmptyingTest {
    private static final int REST_SECONDS = 20;
    private static final int AT_MOST = 100;

    private final Emptying emptying = new Emptying(Duration.ofSeconds(10), 0);
    private long second;
    private int unasked;
    private int others = 1;

    private int step() {
        int count = emptying.step(1_000 * ++second, unasked, AT_MOST, others);
        unasked -= count;
        return count;
    }

    private List<Integer> steps(int seconds) {
        return IntStream.range(0, seconds).mapToObj(_ -> step()).toList();
    }

    @Test
    void allAreAskedAtOnceAndInSteps() {
        unasked = 250;

        assertThat(steps(3)).containsExactly(100, 100, 50);
        assertThat(steps(200)).containsOnly(0);
    }

    @Test
    void thoseWhoComeBackAreAskedAgainWhenTheOthersHaveHadTheTimeToGo() {
        unasked = 50;
        assertThat(step()).isEqualTo(50);

        unasked = 50;

        assertThat(steps(REST_SECONDS - 1)).containsOnly(0);
        assertThat(step()).isEqualTo(50);
    }

    @Test
    void whoComesInTheMiddleMakesARoundNoLonger() {
        unasked = 150;
        assertThat(step()).isEqualTo(100);

        unasked += 70;

        assertThat(step()).isEqualTo(50);
        assertThat(steps(REST_SECONDS - 1)).containsOnly(0);
        assertThat(step()).isEqualTo(70);
    }

    @Test
    void thoseWhoGoByThemselvesEndARound() {
        unasked = 150;
        assertThat(step()).isEqualTo(100);

        unasked = 0;

        assertThat(steps(2)).containsOnly(0);
        unasked = 30;
        assertThat(steps(REST_SECONDS - 1)).endsWith(30);
    }

    @Test
    void nobodyIsAskedWhileThereIsNowhereToGo() {
        unasked = 150;
        others = 0;
        assertThat(steps(10)).containsOnly(0);

        others = 1;

        assertThat(steps(REST_SECONDS - 1)).containsOnly(0);
        assertThat(step()).isEqualTo(100);
        others = 0;
        assertThat(step()).isZero();
        others = 1;
        assertThat(steps(REST_SECONDS - 1)).containsOnly(0);
        assertThat(step()).isEqualTo(50);
    }

    @Test
    void whoComesFirstAfterAWhileIsAskedAtOnce() {
        assertThat(steps(100)).containsOnly(0);

        unasked = 1;

        assertThat(step()).isEqualTo(1);
    }
}
