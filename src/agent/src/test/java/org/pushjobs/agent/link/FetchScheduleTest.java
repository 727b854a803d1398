package org.pushjobs.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.message.JobState;

class FetchScheduleTest {
    private final FetchSchedule schedule = new FetchSchedule(new SplittableRandom(1), -500);

    private void fetchAt(long now) {
        assertThat(schedule.start(JobState.IDLE, now)).isPresent();
        schedule.succeeded(100, now);
    }

    @Test
    void agentsThatStartTogetherDoNotAskTogether() {
        SplittableRandom random = new SplittableRandom(2);
        List<Long> starts = Stream.generate(() -> new FetchSchedule(random, 1000).nextCheckMillis())
                .limit(1000)
                .toList();

        assertThat(starts).allSatisfy(start -> assertThat(start).isBetween(1000L, 1499L));
        assertThat(starts.stream().distinct()).hasSizeGreaterThan(300);
    }

    @Test
    void firstFetchIsForTheStart() {
        assertThat(schedule.start(JobState.IDLE, schedule.nextCheckMillis())).contains(FetchReason.START);
    }

    @Test
    void onlyOneFetchIsGoingOn() {
        schedule.start(JobState.IDLE, 0);
        schedule.request(FetchReason.REQUESTED, 0);

        assertThat(schedule.start(JobState.IDLE, 0)).isEmpty();
        assertThat(schedule.nextCheckMillis()).isEqualTo(Long.MAX_VALUE);
        assertThat(schedule.isPlannedBy(0)).isTrue();
    }

    @Test
    void configurationIsFetchedBeforeItsLifetimeIsOver() {
        fetchAt(1000);

        assertThat(schedule.nextCheckMillis()).isBetween(91_000L, 101_000L);
        assertThat(schedule.start(JobState.IDLE, schedule.nextCheckMillis())).contains(FetchReason.LIFETIME);
    }

    @Test
    void requestComesBeforeTheEndOfTheLifetime() {
        fetchAt(0);

        schedule.request(FetchReason.NEW_INCARNATION, 5000);

        assertThat(schedule.isPlannedBy(4999)).isFalse();
        assertThat(schedule.isPlannedBy(5000)).isTrue();
        assertThat(schedule.start(JobState.IDLE, 4999)).isEmpty();
        assertThat(schedule.start(JobState.IDLE, 5000)).contains(FetchReason.NEW_INCARNATION);
    }

    @Test
    void laterRequestDoesNotPutOffAnEarlierOne() {
        fetchAt(0);
        schedule.request(FetchReason.SILENCE, 2000);
        schedule.request(FetchReason.NEW_INCARNATION, 5000);

        assertThat(schedule.start(JobState.IDLE, 2000)).contains(FetchReason.SILENCE);
    }

    @Test
    void runningJobIsWaitedForAndLookedAtEverySecond() {
        fetchAt(0);
        schedule.request(FetchReason.REQUESTED, 1000);

        for (long now = 1000; now < 4_000_000; now += 1000) {
            assertThat(schedule.start(JobState.RUNNING, now)).isEmpty();
            assertThat(schedule.nextCheckMillis()).isEqualTo(now + 1000);
        }

        assertThat(schedule.start(JobState.IDLE, schedule.nextCheckMillis())).contains(FetchReason.REQUESTED);
    }

    @Test
    void fetchWhoseReasonIsGoneIsNotMade() {
        fetchAt(0);
        long endOfLifetime = schedule.nextCheckMillis();
        schedule.request(FetchReason.UNHEARD, 1000);
        schedule.start(JobState.IDLE, 1000);
        schedule.failed(1000);

        schedule.withdraw(FetchReason.UNHEARD, 1100);

        assertThat(schedule.nextCheckMillis()).isEqualTo(endOfLifetime);
        schedule.request(FetchReason.REQUESTED, 1200);
        schedule.withdraw(FetchReason.UNHEARD, 1200);
        assertThat(schedule.start(JobState.IDLE, 1200)).contains(FetchReason.REQUESTED);
    }

    @Test
    void fetchThatTurnedOutToBeNeedlessKeepsNoOtherReasonBack() {
        fetchAt(0);
        schedule.request(FetchReason.UNHEARD, 1000);
        assertThat(schedule.start(JobState.IDLE, 1000)).contains(FetchReason.UNHEARD);

        schedule.dropped(1100);

        assertThat(schedule.isPlannedBy(5000)).isFalse();
        schedule.request(FetchReason.NEW_INCARNATION, 2000);
        assertThat(schedule.start(JobState.IDLE, 2000)).contains(FetchReason.NEW_INCARNATION);
    }

    @Test
    void commitmentIsWaitedForOneMinute() {
        fetchAt(0);
        schedule.request(FetchReason.REQUESTED, 1000);

        for (long now = 1000; now < 61_000; now += 5000) {
            assertThat(schedule.start(JobState.COMMITTED, now)).isEmpty();
        }

        assertThat(schedule.start(JobState.COMMITTED, 61_000)).contains(FetchReason.REQUESTED);
    }

    @Test
    void failedFetchIsRepeatedWithGrowingPausesUpToAMinute() {
        long now = 0;
        long longest = 1000;
        for (int attempt = 0; attempt < 20; attempt++) {
            assertThat(schedule.start(JobState.IDLE, now)).contains(FetchReason.START);
            long pause = schedule.failed(now);
            assertThat(pause).isBetween(longest / 2, longest);
            assertThat(schedule.nextCheckMillis()).isEqualTo(now + pause);
            now += pause;
            longest = Math.min(2 * longest, 60_000);
        }
    }

    @Test
    void pausesAreShortAgainAfterASuccess() {
        for (int attempt = 0; attempt < 5; attempt++) {
            schedule.start(JobState.IDLE, schedule.nextCheckMillis());
            schedule.failed(schedule.nextCheckMillis() == Long.MAX_VALUE ? attempt * 100_000L : 0);
        }
        schedule.start(JobState.IDLE, schedule.nextCheckMillis());
        schedule.succeeded(100, 1_000_000);
        schedule.start(JobState.IDLE, schedule.nextCheckMillis());

        assertThat(schedule.failed(2_000_000)).isBetween(500L, 1000L);
    }

    @Test
    void attemptThatGotNowhereIsRepeatedAfterTenSecondsAtMost() {
        FetchSchedule schedule = new FetchSchedule(new SplittableRandom(1), 0);
        long now = schedule.nextCheckMillis();
        for (int attempt = 0; attempt < 20; attempt++) {
            assertThat(schedule.start(JobState.IDLE, now)).isPresent();
            assertThat(schedule.nobodyAsked(now)).isBetween(500L, 10_000L);
            now = schedule.nextCheckMillis();
        }
    }
}
