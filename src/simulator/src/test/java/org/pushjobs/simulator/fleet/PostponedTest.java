package org.pushjobs.simulator.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pushjobs.simulator.fleet.Postponed.LONGEST_COMMITMENT_MILLIS;

import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.message.JobState;

class PostponedTest {
    private final Postponed postponed = new Postponed();

    @Test
    void whoHasNoJobFetchesAtOnce() {
        assertThat(postponed.mustWait(JobState.IDLE, 1_000)).isFalse();
    }

    @Test
    void aCommandThatRunsIsWaitedFor() {
        assertThat(postponed.mustWait(JobState.RUNNING, 0)).isTrue();
        assertThat(postponed.mustWait(JobState.RUNNING, 10 * LONGEST_COMMITMENT_MILLIS))
                .isTrue();
    }

    @Test
    void aCommitmentIsWaitedForForAMinute() {
        assertThat(postponed.mustWait(JobState.COMMITTED, 1_000)).isTrue();
        assertThat(postponed.mustWait(JobState.COMMITTED, LONGEST_COMMITMENT_MILLIS + 999))
                .isTrue();
        assertThat(postponed.mustWait(JobState.COMMITTED, LONGEST_COMMITMENT_MILLIS + 1_000))
                .isFalse();
    }

    @Test
    void theNextFetchIsPostponedAnew() {
        assertThat(postponed.mustWait(JobState.COMMITTED, 0)).isTrue();
        assertThat(postponed.mustWait(JobState.IDLE, 1_000)).isFalse();

        assertThat(postponed.mustWait(JobState.COMMITTED, LONGEST_COMMITMENT_MILLIS + 500))
                .isTrue();
    }
}
