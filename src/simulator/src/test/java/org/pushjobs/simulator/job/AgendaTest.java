package org.pushjobs.simulator.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.simulator.job.Agenda.Answer;
import org.pushjobs.simulator.job.Agenda.RepeatedRun;
import org.pushjobs.simulator.job.Agenda.Sending;
import org.pushjobs.simulator.script.Script;

class AgendaTest {
    private final Recorded hands = new Recorded();
    private final Agenda agenda = new Agenda(hands, RepeatedRun.IGNORED);

    /** Writes down what is done; what is to be done later waits to be told. */
    private static final class Recorded implements Agenda.Hands {
        private final List<String> done = new ArrayList<>();
        private final List<Runnable> later = new ArrayList<>();
        private boolean connected = true;
        private Sending sent = Sending.FORGET;
        private long now;

        @Override
        public void send(Answer answer, Optional<String> jobId) {
            done.add(answer + " " + jobId.orElse("-"));
        }

        @Override
        public Sending trySend(Agenda.JobResult result, int said) {
            if (!connected) {
                return Sending.NOT_NOW;
            }
            String again = said == 0 ? "" : " again";
            done.add(result.result() + " " + result.jobId() + " " + result.outputBytes() + again);
            return sent;
        }

        @Override
        public long now() {
            return now;
        }

        @Override
        public void later(Duration delay, Runnable step) {
            if (delay.isZero()) {
                step.run();
            } else {
                later.add(step);
            }
        }

        @Override
        public void inTurn(Runnable step) {
            step.run();
        }

        @Override
        public void vanish() {
            done.add("vanished");
        }

        private void timePasses() {
            List<Runnable> due = List.copyOf(later);
            later.clear();
            due.forEach(Runnable::run);
        }
    }

    private static Script script(String text) {
        return Script.parse(text).orElseThrow();
    }

    @Test
    void jobIsVotedForRunAndReported() {
        agenda.commit("a", script("output:10"), true);
        assertThat(agenda.reportedState()).isEqualTo(JobState.COMMITTED);
        agenda.run("a");

        assertThat(hands.done).containsExactly("ACK_COMMIT a", "ACK_RUN a", "SUCCEEDED a 10");
        assertThat(agenda.reportedState()).isEqualTo(JobState.IDLE);
        assertThat(agenda.reportedJob()).isEmpty();
        assertThat(agenda.ended()).isEqualTo(1);
    }

    @Test
    void outputIsSentOnlyWhenItIsWanted() {
        agenda.commit("a", script("fail output:10"), false);
        agenda.run("a");

        assertThat(hands.done).endsWith("FAILED a 0");
    }

    @Test
    void resultIsSentTwiceWhenTheScriptSaysSo() {
        agenda.commit("a", script("duplicate"), false);
        agenda.run("a");

        assertThat(hands.done).containsExactly("ACK_COMMIT a", "ACK_RUN a", "SUCCEEDED a 0", "SUCCEEDED a 0 again");
    }

    @Test
    void busyAgentRefusesAnotherJob() {
        agenda.commit("a", script("slow:1"), false);
        agenda.commit("b", Script.SUCCEED, false);
        agenda.run("a");
        agenda.commit("c", Script.SUCCEED, false);
        agenda.run("c");

        assertThat(hands.done)
                .containsExactly("ACK_COMMIT a", "NACK_COMMIT b", "ACK_RUN a", "NACK_COMMIT c", "NACK_RUN c");
        assertThat(agenda.reportedJob()).contains("a");
    }

    @Test
    void scriptsRefuseAndVanish() {
        agenda.commit("a", script("nack"), false);
        agenda.commit("b", script("nack-run"), false);
        agenda.run("b");
        agenda.commit("c", script("vanish-vote"), false);
        agenda.commit("d", script("vanish"), false);
        agenda.run("d");

        assertThat(hands.done)
                .containsExactly(
                        "NACK_COMMIT a",
                        "ACK_COMMIT b",
                        "NACK_RUN b",
                        "vanished",
                        "ACK_COMMIT d",
                        "ACK_RUN d",
                        "vanished");
    }

    @Test
    void abortEndsTheCommandWithoutAResult() {
        agenda.commit("a", script("slow:1"), false);
        agenda.run("a");
        agenda.abort();
        hands.timePasses();

        assertThat(hands.done).containsExactly("ACK_COMMIT a", "ACK_RUN a", "ABORTED a");
        assertThat(agenda.reportedState()).isEqualTo(JobState.IDLE);
    }

    @Test
    void lateVoteIsGivenEvenAfterAnAbort() {
        agenda.commit("a", script("late:5"), false);
        assertThat(agenda.reportedState()).isEqualTo(JobState.IDLE);
        agenda.abort();
        hands.timePasses();
        agenda.run("a");

        assertThat(hands.done).containsExactly("ABORTED -", "ACK_COMMIT a", "NACK_RUN a");
    }

    @Test
    void resultWaitsForTheConnectionAndTheAgentSaysItRunsUntilThen() {
        agenda.commit("a", Script.SUCCEED, false);
        hands.connected = false;
        agenda.run("a");
        assertThat(agenda.reportedState()).isEqualTo(JobState.RUNNING);
        assertThat(agenda.reportedJob()).contains("a");

        hands.connected = true;
        agenda.flush();

        assertThat(hands.done).containsExactly("ACK_COMMIT a", "ACK_RUN a", "SUCCEEDED a 0");
        assertThat(agenda.reportedState()).isEqualTo(JobState.IDLE);
    }

    private void runToBeAcknowledged(String... jobs) {
        hands.sent = Sending.KEEP;
        for (String job : jobs) {
            agenda.commit(job, Script.SUCCEED, false);
            agenda.run(job);
        }
        hands.done.clear();
    }

    @Test
    void resultThatIsNotAcknowledgedIsSaidAgainOnANewConnectionAndMeanwhileTheAgentIsIdle() {
        runToBeAcknowledged("a", "b");
        assertThat(agenda.reportedState()).isEqualTo(JobState.IDLE);
        assertThat(agenda.reportedJob()).isEmpty();

        agenda.sayAgain();

        assertThat(hands.done).containsExactly("SUCCEEDED a 0 again", "SUCCEEDED b 0 again");
        assertThat(agenda.reportedState()).isEqualTo(JobState.IDLE);
    }

    @Test
    void resultThatHasToBeSaidAgainAndCannotKeepsTheAgentRunning() {
        runToBeAcknowledged("a");
        hands.connected = false;

        agenda.sayAgain();

        assertThat(agenda.reportedState()).isEqualTo(JobState.RUNNING);
        assertThat(agenda.reportedJob()).contains("a");
        hands.connected = true;
        agenda.flush();
        assertThat(hands.done).containsExactly("SUCCEEDED a 0 again");
        assertThat(agenda.reportedState()).isEqualTo(JobState.IDLE);
    }

    @Test
    void acknowledgedResultIsForgottenAndThatOfAnotherJobIsNot() {
        runToBeAcknowledged("a", "b");

        agenda.acknowledged("b");
        agenda.acknowledged("c");
        agenda.sayAgain();

        assertThat(hands.done).containsExactly("SUCCEEDED a 0 again");
    }

    @Test
    void overdueResultIsSaidAgainEverMoreRarely() {
        runToBeAcknowledged("a");

        List<Long> times = new ArrayList<>();
        for (; hands.now < 200_000; hands.now += 100) {
            agenda.sayOverdue();
            hands.done.forEach(_ -> times.add(hands.now));
            hands.done.clear();
        }

        assertThat(times).containsExactly(5_000L, 15_000L, 35_000L, 75_000L, 135_000L, 195_000L);
    }

    @Test
    void overdueResultThatCannotBeSentStaysOverdue() {
        runToBeAcknowledged("a");
        hands.connected = false;
        hands.now = Results.FIRST_PAUSE_MILLIS;
        agenda.sayOverdue();

        hands.connected = true;
        agenda.sayOverdue();
        agenda.sayOverdue();

        assertThat(hands.done).containsExactly("SUCCEEDED a 0 again");
    }

    @Test
    void sixteenResultsAreKeptAtMostTheLastOnes() {
        runToBeAcknowledged(IntStream.range(0, 20).mapToObj(Integer::toString).toArray(String[]::new));

        agenda.sayAgain();

        assertThat(hands.done)
                .containsExactlyElementsOf(IntStream.range(4, 20)
                        .mapToObj(job -> "SUCCEEDED " + job + " 0 again")
                        .toList());
    }

    @Test
    void abortDropsResultsThatAreNotAcknowledged() {
        runToBeAcknowledged("a");

        agenda.abort();
        agenda.sayAgain();

        assertThat(hands.done).containsExactly("ABORTED -");
    }

    @Test
    void repeatedRunIsAnsweredOnceOnly() {
        agenda.commit("a", script("slow:1"), false);
        agenda.run("a");
        agenda.run("a");
        hands.timePasses();

        assertThat(hands.done).containsExactly("ACK_COMMIT a", "ACK_RUN a", "SUCCEEDED a 0");
    }

    @Test
    void repeatedRunIsRefusedByAnAgentOfTheOriginal() {
        Agenda original = new Agenda(hands, RepeatedRun.REFUSED);
        original.commit("a", script("slow:1"), false);
        original.run("a");
        original.run("a");
        hands.timePasses();

        assertThat(hands.done).containsExactly("ACK_COMMIT a", "ACK_RUN a", "NACK_RUN a", "SUCCEEDED a 0");
    }

    @Test
    void commandThatIsToldToFinishEndsOnce() {
        agenda.finish();
        agenda.commit("a", script("slow:1 fail"), false);
        agenda.finish();
        agenda.run("a");
        agenda.finish();
        hands.timePasses();

        assertThat(hands.done).containsExactly("ACK_COMMIT a", "ACK_RUN a", "FAILED a 0");
    }
}
