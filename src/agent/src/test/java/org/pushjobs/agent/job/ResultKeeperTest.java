package org.pushjobs.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pushjobs.agent.execution.CommandOutcome;

class ResultKeeperTest {
    private final ResultKeeper keeper = new ResultKeeper();

    private static JobResult result(String jobId) {
        return new JobResult(jobId, new CommandOutcome(0, Optional.empty()));
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
    void clearedKeeperHasNothing() {
        keeper.add(result("1"));
        keeper.sent(10);
        keeper.add(result("2"));

        keeper.clear();

        assertThat(keeper.next()).isEmpty();
        assertThat(keeper.keepSentSince(0)).isEmpty();
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
