package org.pushjobs.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pushjobs.agent.execution.CommandOutcome;

class ResultKeeperTest {
    private final ResultKeeper keeper = new ResultKeeper();

    private static JobResult result(String jobId) {
        return new JobResult(jobId, new CommandOutcome(0, false, Optional.empty()));
    }

    @Test
    void resultIsGivenUntilItIsSent() {
        keeper.add(result("1"));
        keeper.add(result("2"));

        assertThat(keeper.next()).contains(result("1"));
        assertThat(keeper.next()).contains(result("1"));
        keeper.sent(10);
        assertThat(keeper.next()).contains(result("2"));
        keeper.sent(20);
        assertThat(keeper.next()).isEmpty();
    }

    @Test
    void onlyResultsSentLateEnoughAreSentAgainAndBeforeNewerOnes() {
        for (int i = 1; i <= 3; i++) {
            keeper.add(result("" + i));
            keeper.sent(i * 10);
        }
        keeper.add(result("4"));

        assertThat(keeper.keepSentSince(20)).containsExactly(result("2"), result("3"));

        assertThat(keeper.next()).contains(result("2"));
        keeper.sent(40);
        assertThat(keeper.next()).contains(result("3"));
        keeper.sent(40);
        assertThat(keeper.next()).contains(result("4"));
    }

    @Test
    void resultFoundToHaveArrivedIsNotSentAgainLater() {
        keeper.add(result("1"));
        keeper.sent(10);

        assertThat(keeper.keepSentSince(11)).isEmpty();
        assertThat(keeper.keepSentSince(0)).isEmpty();
    }

    @Test
    void resultIsKeptUntilItIsAcknowledgedAndSentAgainEverMoreRarely() {
        keeper.add(result("1"));
        keeper.sentToBeAcknowledged(0);

        assertThat(keeper.next()).isEmpty();
        assertThat(keeper.overdue(ResultKeeper.FIRST_PAUSE_MILLIS - 1)).isEmpty();
        long now = 0;
        for (long pause = ResultKeeper.FIRST_PAUSE_MILLIS; pause < 40_000; pause *= 2) {
            now += pause;
            assertThat(keeper.nextOverdueMillis()).isEqualTo(now);
            assertThat(keeper.overdue(now)).contains(result("1"));
            keeper.sentAgain(result("1"), now);
        }
        assertThat(keeper.nextOverdueMillis()).isEqualTo(now + 40_000);
        keeper.sentAgain(result("1"), now);
        assertThat(keeper.nextOverdueMillis()).isEqualTo(now + ResultKeeper.LONGEST_PAUSE_MILLIS);

        keeper.acknowledged("1");

        assertThat(keeper.nextOverdueMillis()).isEqualTo(Long.MAX_VALUE);
        keeper.keepUnacknowledged();
        assertThat(keeper.next()).isEmpty();
    }

    @Test
    void resultsWithoutAcknowledgementComeBeforeNewerOnesOnANewConnection() {
        for (int i = 1; i <= 3; i++) {
            keeper.add(result("" + i));
            keeper.sentToBeAcknowledged(i);
        }
        keeper.add(result("4"));
        keeper.acknowledged("2");

        keeper.keepUnacknowledged();

        for (String job : List.of("1", "3", "4")) {
            assertThat(keeper.next()).contains(result(job));
            keeper.sentToBeAcknowledged(10);
        }
        assertThat(keeper.next()).isEmpty();
    }

    @Test
    void acknowledgementOfAResultThatWaitsToBeSentAgainIsEnough() {
        keeper.add(result("1"));
        keeper.sentToBeAcknowledged(0);
        keeper.keepUnacknowledged();

        keeper.acknowledged("1");

        assertThat(keeper.next()).isEmpty();
    }

    @Test
    void numberOfUnacknowledgedResultsIsBounded() {
        for (int i = 0; i <= ResultKeeper.CAPACITY; i++) {
            keeper.add(result("" + i));
            keeper.sentToBeAcknowledged(i);
        }

        assertThat(keeper.nextOverdueMillis()).isEqualTo(1 + ResultKeeper.FIRST_PAUSE_MILLIS);
    }

    @Test
    void clearedKeeperHasNothing() {
        keeper.add(result("1"));
        keeper.sent(10);
        keeper.add(result("2"));
        keeper.sentToBeAcknowledged(20);
        keeper.add(result("3"));

        keeper.clear();

        assertThat(keeper.next()).isEmpty();
        assertThat(keeper.keepSentSince(0)).isEmpty();
        assertThat(keeper.nextOverdueMillis()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void timeOfTheLastSendingIsKnown() {
        assertThat(keeper.sentSince(0)).isFalse();
        keeper.add(result("1"));
        keeper.sent(10);

        assertThat(keeper.sentSince(10)).isTrue();
        assertThat(keeper.sentSince(11)).isFalse();
    }

    @Test
    void numberOfWaitingResultsIsBounded() {
        for (int i = 0; i <= ResultKeeper.CAPACITY; i++) {
            keeper.add(result("" + i));
        }

        assertThat(keeper.next()).contains(result("1"));
    }
}
