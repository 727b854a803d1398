package org.pushjobs.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.server.nodes.HeartbeatHealth.Rules;

/** lifecycle.md, "Health". Times in milliseconds; the server's start is not at 0 on purpose. */
class HeartbeatHealthTest {
    private static final long START = 1_000_003;
    private static final Rules DEFAULTS = new Rules(10_000, 4, 0.6);

    /** The formula, interval by interval, from the list of all heartbeats. */
    private static double meanByTheFormula(Rules rules, List<Long> beats, long now) {
        double weight = 1 / rules.decayWindow();
        double mean = 2 * rules.downThreshold();
        for (long end = START + rules.intervalMillis(); end <= now; end += rules.intervalMillis()) {
            long from = end - rules.intervalMillis();
            long until = end;
            long count =
                    beats.stream().filter(beat -> beat >= from && beat < until).count();
            mean = mean * (1 - weight) + count * weight;
        }
        return mean;
    }

    @Property(tries = 2_000)
    void healthIsTheFormulaWhereTheNodeIsSilent(
            @ForAll @Size(max = 40) List<@LongRange(max = 60_000) Long> gaps,
            @ForAll @LongRange(min = 1, max = 30_000) long interval,
            @ForAll @DoubleRange(min = 1, max = 20) double decayWindow,
            @ForAll @DoubleRange(min = 0.01, max = 3) double threshold,
            @ForAll @IntRange(max = 3) int scanEvery) {
        // given
        Rules rules = new Rules(Math.max(interval, 500), decayWindow, threshold);
        HeartbeatHealth health = new HeartbeatHealth(rules, START);
        long[] beats = new long[gaps.size()];

        // when: beats, with scans in between that must not matter
        long now = START;
        for (int i = 0; i < beats.length; i++) {
            now += gaps.get(i);
            beats[i] = now;
            health.beat(now);
            if (scanEvery > 0 && i % scanEvery == 0) {
                health.isDown(now);
            }
        }

        // then
        List<Long> all = Arrays.stream(beats).boxed().toList();
        for (long later = now; later < now + 12 * rules.intervalMillis(); later += rules.intervalMillis() / 2) {
            double mean = meanByTheFormula(rules, all, later);
            if (Math.abs(mean - threshold) > 1e-9) {
                boolean silent = later - now >= rules.intervalMillis() || beats.length == 0;
                assertThat(health.isDown(later)).as("mean %s", mean).isEqualTo(mean < threshold && silent);
            }
        }
    }

    @Test
    void newNodeIsUpUntilItsStartValueHasDecayed() {
        // given: 1.2, 0.9, 0.675, 0.506 and nothing heard
        HeartbeatHealth health = new HeartbeatHealth(DEFAULTS, START);

        // then
        assertThat(health.isDown(START)).isFalse();
        assertThat(health.isDown(START + 29_999)).isFalse();
        assertThat(health.isDown(START + 30_000)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"10000, 29999, 30000", "1000, 2999, 3000"})
    void nodeThatFallsSilentIsDownAfterTwoSilentIntervals(long interval, long lastUp, long firstDown) {
        // given: a beat in the middle of each of many intervals, so the mean is 1, then 0.75, 0.5625
        HeartbeatHealth health = new HeartbeatHealth(new Rules(interval, 4, 0.6), START);
        long now = START + interval / 2;
        for (int i = 0; i < 100; i++) {
            health.beat(now);
            now += interval;
        }
        long lastInterval = START + 99 * interval;

        // then
        assertThat(health.isDown(lastInterval + lastUp)).isFalse();
        assertThat(health.isDown(lastInterval + firstDown)).isTrue();
    }

    @Test
    void nodeWhoseHeartbeatsJitterAcrossIntervalsStaysUp() {
        HeartbeatHealth health = new HeartbeatHealth(DEFAULTS, START);

        for (int i = 0; i < 1_000; i++) {
            // twice in one interval, not at all in the next
            long now = START + i * 20_000L;
            health.beat(now + 100);
            health.beat(now + 9_900);
            assertThat(health.isDown(now + 19_999)).isFalse();
        }
    }

    @Test
    void nodeThatMissesEveryOtherHeartbeatGoesDown() {
        HeartbeatHealth health = new HeartbeatHealth(DEFAULTS, START);
        long now = START;

        for (int i = 0; i < 10; i++) {
            health.beat(now + 5_000);
            now += 20_000;
        }

        assertThat(health.isDown(now)).isTrue();
    }

    @Test
    void heartbeatsThatComeLateCountAtOnce() {
        // given: nothing was heard for long enough to be down, but nobody looked
        HeartbeatHealth health = new HeartbeatHealth(DEFAULTS, START);
        long now = START + 45_000;

        // when: what was on its way comes
        health.beat(now);

        // then
        assertThat(health.isDown(now + 9_999)).isFalse();
        assertThat(health.isDown(now + 10_000)).isTrue();
    }

    @Test
    void nodeComesUpAgainWhenItIsHeardAgain() {
        HeartbeatHealth health = new HeartbeatHealth(DEFAULTS, START);
        long now = START + 60_000;
        assertThat(health.isDown(now)).isTrue();

        for (int i = 0; i < 4; i++) {
            health.beat(now + 5_000);
            now += 10_000;
        }

        assertThat(health.isDown(now)).isFalse();
    }

    @Test
    void meanAtTheThresholdIsNotBelowIt() {
        // given: start value 1, halved by one silent interval
        HeartbeatHealth health = new HeartbeatHealth(new Rules(1_000, 2, 0.5), START);

        assertThat(health.isDown(START + 1_000)).isFalse();
        assertThat(health.isDown(START + 2_000)).isTrue();
    }

    @Test
    void windowOfOneIntervalRemembersOnlyTheLast() {
        HeartbeatHealth health = new HeartbeatHealth(new Rules(1_000, 1, 0.6), START);

        health.beat(START + 500);
        assertThat(health.isDown(START + 1_000)).isFalse();
        assertThat(health.isDown(START + 2_000)).isTrue();
    }

    @Test
    void lateTicksDoNotShiftTheIntervals() {
        // given: a beat in every interval, looked at a little later each time
        HeartbeatHealth health = new HeartbeatHealth(DEFAULTS, START);
        for (int i = 0; i < 1_000; i++) {
            health.beat(START + i * 10_000L + 5_000);
            health.isDown(START + (i + 1) * 10_000L + i % 5_000);
        }

        // then: intervals still end where they did at first
        long end = START + 1_000 * 10_000L;
        assertThat(health.isDown(end + 19_999)).isFalse();
        assertThat(health.isDown(end + 20_000)).isTrue();
    }

    @Test
    void clockThatGoesBackDoesNotMakeANodeGoDown() {
        HeartbeatHealth health = new HeartbeatHealth(DEFAULTS, START);

        assertThat(health.isDown(START - 3_600_000)).isFalse();
    }

    @Test
    void costDoesNotGrowWithTheTimePassed() {
        // given: a gap of so many intervals that counting them one by one would take years
        HeartbeatHealth health = new HeartbeatHealth(new Rules(1, 4, 0.6), 0);

        assertThat(health.isDown(Long.MAX_VALUE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.25, 0.999, 0, -1})
    void windowBelowOneIntervalIsRefused(double decayWindow) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Rules(1_000, decayWindow, 0.6));
    }

    @Test
    void intervalAndThresholdMustBePositive() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Rules(0, 4, 0.6));
        assertThatIllegalArgumentException().isThrownBy(() -> new Rules(1_000, 4, 0));
    }

    @Test
    void nodeThatIsToldAnotherIntervalIsJudgedByIt() {
        HeartbeatHealth health = new HeartbeatHealth(new Rules(400, 4, 0.3), 0);
        for (long now = 400; now <= 4_000; now += 400) {
            health.beat(now);
        }

        // longer: what is silence by the old rules is none
        health.judgeBy(new Rules(4_000, 4, 0.3), 4_100);
        for (long now = 8_000; now <= 40_000; now += 4_000) {
            assertThat(health.isDown(now - 1)).isFalse();
            health.beat(now);
        }

        // shorter again
        health.judgeBy(new Rules(400, 4, 0.3), 40_000);
        assertThat(health.isDown(40_400)).isFalse();
        assertThat(health.isDown(44_000)).isTrue();
    }
}
