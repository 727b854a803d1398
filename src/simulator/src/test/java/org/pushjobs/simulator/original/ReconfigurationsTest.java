package org.pushjobs.simulator.original;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pushjobs.simulator.original.OriginalAgent.Failure;
import org.pushjobs.simulator.original.OriginalAgent.Reason;

class ReconfigurationsTest {
    private final Reconfigurations all = new Reconfigurations();

    @Test
    void agentThatIsIdleAsksAtOnceAndOnce() {
        all.want(Reason.DEAF, 1_000);

        assertThat(all.due(1_000, true)).contains(Reason.DEAF);
        assertThat(all.due(50_000, true)).as("in hand").isEmpty();
        all.succeeded();
        assertThat(all.due(99_000, true)).isEmpty();
        assertThat(all.pending()).isZero();
    }

    @Test
    void agentWithAJobLooksEveryFiveSecondsWhetherItIsIdle() {
        all.want(Reason.DEAF, 1_000);

        assertThat(all.due(1_000, false)).isEmpty();
        assertThat(all.due(5_999, true)).as("not looked at yet").isEmpty();
        assertThat(all.due(6_000, false)).isEmpty();
        assertThat(all.due(10_999, true)).isEmpty();
        assertThat(all.due(11_000, true)).contains(Reason.DEAF);
    }

    @Test
    void twoThatWaitAreTwoRequestsOneAfterTheOther() {
        all.want(Reason.DEAF, 1_000);
        all.want(Reason.INCARNATION, 1_000);

        assertThat(all.due(1_000, true)).contains(Reason.DEAF);
        assertThat(all.due(1_001, true)).isEmpty();
        all.succeeded();
        assertThat(all.due(1_002, false)).as("the idleness was seen before").contains(Reason.INCARNATION);
    }

    @Test
    void serverThatIsNotThereIsAskedAgainAfterMuchMoreThanAMinute() {
        all.want(Reason.DEAF, 0);
        all.due(0, true);

        assertThat(all.failed(Failure.UNAVAILABLE, 200)).isFalse();

        assertThat(all.due(200 + Reconfigurations.UNAVAILABLE_PAUSE_MILLIS - 1, true))
                .isEmpty();
        assertThat(all.due(200 + Reconfigurations.UNAVAILABLE_PAUSE_MILLIS, true))
                .contains(Reason.DEAF);
    }

    @Test
    void portWhereNobodyListensIsTriedFiveTimesMore() {
        all.want(Reason.DEAF, 0);
        all.due(0, true);

        for (int retry = 1; retry <= Reconfigurations.RETRIES; retry++) {
            assertThat(all.failed(Failure.UNREACHABLE, (retry - 1) * 5_000L)).isFalse();
            assertThat(all.due(retry * 5_000L - 1, true)).isEmpty();
            assertThat(all.due(retry * 5_000L, true)).contains(Reason.DEAF);
        }

        assertThat(all.failed(Failure.UNREACHABLE, 25_000)).as("given up").isTrue();
        assertThat(all.due(99_000, true)).isEmpty();
    }

    @Test
    void refusalIsFinal() {
        all.want(Reason.DEAF, 0);
        all.due(0, true);

        assertThat(all.failed(Failure.REFUSED, 100)).isTrue();
        assertThat(all.due(999_000, true)).isEmpty();
    }
}
