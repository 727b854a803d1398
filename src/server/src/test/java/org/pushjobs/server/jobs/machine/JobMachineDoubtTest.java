package org.pushjobs.server.jobs.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.protocol.message.NackReason;
import org.pushjobs.server.jobs.model.JobStatus;

/** A node whose connection broke while the server lived: what was on its way, both ways, may be lost (cluster.md, doubt). */
class JobMachineDoubtTest {
    private static final NackReason BUSY = new NackReason("busy", "busy with job x");

    // ---- in the vote

    @Test
    void lostVoteIsHeardFromAHeartbeat() {
        JobMachine job = voting();
        on(job, new JobEvent.InDoubt("a"));

        assertThat(on(job, new JobEvent.ReportsCommitted("a"))).isEqualTo("a is ready; quorum_vote a success");
        assertThat(on(job, new JobEvent.AckCommit("a"))).isEmpty();
    }

    @Test
    void lostCommitIsSentAgainOnce() {
        JobMachine job = voting();
        on(job, new JobEvent.InDoubt("a"));

        assertThat(on(job, new JobEvent.ReportsIdle("a"))).isEqualTo("send commit [a]");
        assertThat(on(job, new JobEvent.ReportsIdle("a"))).isEmpty();
    }

    @Test
    void commitThatIsLostTwiceIsSentAThirdTime() {
        JobMachine job = voting();
        on(job, new JobEvent.InDoubt("a"));
        on(job, new JobEvent.ReportsIdle("a"));
        on(job, new JobEvent.InDoubt("a"));

        assertThat(on(job, new JobEvent.ReportsIdle("a"))).isEqualTo("send commit [a]");
    }

    @Test
    void refusalOfANodeThatWasAskedOnceCountsAtOnce() {
        JobMachine job = voting();
        on(job, new JobEvent.InDoubt("a"));

        assertThat(on(job, new JobEvent.NackCommit("a"))).isEqualTo("a is nacked; quorum_vote a failure");
    }

    /** The first commit was not lost but late: the agent is busy with it when the second one comes. */
    @Test
    void refusalOfTheSecondCommitDoesNotCountWhenTheFirstWasAccepted() {
        JobMachine job = askedAgain();

        assertThat(on(job, new JobEvent.NackCommit("a", Optional.of(BUSY)))).isEmpty();
        assertThat(on(job, new JobEvent.AckCommit("a"))).isEqualTo("a is ready; quorum_vote a success");
    }

    @Test
    void refusalOfANodeThatWasAskedTwiceCountsWhenItSaysThatItDoesNothing() {
        JobMachine job = askedAgain();
        on(job, new JobEvent.NackCommit("a", Optional.of(BUSY)));

        assertThat(on(job, new JobEvent.ReportsIdle("a")))
                .isEqualTo("a is nacked; a refuses: busy; quorum_vote a failure");
    }

    @Test
    void nodeInDoubtWhenTheVoteEndsIsToldToRunAtItsNextHeartbeat() {
        JobMachine job = voting();
        on(job, new JobEvent.AckCommit("a"));
        on(job, new JobEvent.InDoubt("a"));

        assertThat(on(job, new JobEvent.AckCommit("b")))
                .isEqualTo(
                        "b is ready; quorum_vote b success; quorum_succeeded; job is running; send run [b]; run timer");
        assertThat(on(job, new JobEvent.ReportsCommitted("a"))).isEqualTo("send run [a]");
    }

    /** It was told once, so its refusal is no answer to a second {@code run}. */
    @Test
    void refusalToRunOfANodeThatWasToldOnceCountsAtOnce() {
        JobMachine job = voting();
        on(job, new JobEvent.InDoubt("a"));
        on(job, new JobEvent.AckCommit("a"));
        on(job, new JobEvent.AckCommit("b"));

        assertThat(on(job, new JobEvent.NackRun("a", Optional.of(BUSY))))
                .isEqualTo("a is failed; a refuses: busy; rehab a; rehabilitate a; run_complete a run_nacked");
    }

    // ---- in the run

    @Test
    void lostRunIsSentAgainAtTheSecondHeartbeat() {
        JobMachine job = running();
        on(job, new JobEvent.InDoubt("a"));

        // the first one may have been written before the run came
        assertThat(on(job, new JobEvent.ReportsCommitted("a"))).isEmpty();
        assertThat(on(job, new JobEvent.ReportsCommitted("a"))).isEqualTo("send run [a]");
        assertThat(on(job, new JobEvent.ReportsCommitted("a"))).isEmpty();
        assertThat(on(job, new JobEvent.ReportsCommitted("a"))).isEmpty();
    }

    @Test
    void runThatIsLostTwiceIsSentAThirdTime() {
        JobMachine job = running();
        for (int lost = 0; lost < 2; lost++) {
            on(job, new JobEvent.InDoubt("a"));
            on(job, new JobEvent.ReportsCommitted("a"));
            on(job, new JobEvent.ReportsCommitted("a"));
        }

        assertThat(on(job, new JobEvent.AckRun("a"))).isEqualTo("a is running; run_start a");
    }

    @Test
    void heartbeatsOfTwoConnectionsDoNotAddUp() {
        JobMachine job = running();
        on(job, new JobEvent.InDoubt("a"));
        on(job, new JobEvent.ReportsCommitted("a"));
        on(job, new JobEvent.InDoubt("a"));

        assertThat(on(job, new JobEvent.ReportsCommitted("a"))).isEmpty();
    }

    @Test
    void nodeThatRunsIsNotToldAgain() {
        JobMachine job = running();
        on(job, new JobEvent.InDoubt("a"));
        on(job, new JobEvent.ReportsCommitted("a"));
        on(job, new JobEvent.AckRun("a"));

        assertThat(on(job, new JobEvent.ReportsCommitted("a"))).isEmpty();
    }

    @Test
    void refusalOfTheSecondRunDoesNoHarm() {
        JobMachine job = running();
        on(job, new JobEvent.InDoubt("a"));
        on(job, new JobEvent.ReportsCommitted("a"));
        on(job, new JobEvent.ReportsCommitted("a"));

        assertThat(on(job, new JobEvent.AckRun("a"))).isEqualTo("a is running; run_start a");
        assertThat(on(job, new JobEvent.NackRun("a"))).isEmpty();
        assertThat(on(job, new JobEvent.Succeeded("a", Optional.empty())))
                .isEqualTo("a is succeeded; run_complete a success");
    }

    @Test
    void resultOfANodeWhoseStartWasLostCounts() {
        JobMachine job = running();
        on(job, new JobEvent.InDoubt("a"));

        assertThat(on(job, new JobEvent.Succeeded("a", Optional.empty())))
                .isEqualTo("a is running; run_start a; a is succeeded; run_complete a success");
    }

    @Test
    void resultThatIsLostWithTheConnectionIsNotTheAgentsFault() {
        JobMachine job = running();
        on(job, new JobEvent.AckRun("a"));
        on(job, new JobEvent.InDoubt("a"));

        assertThat(reason(job.on(new JobEvent.ReportsIdle("a"))))
                .isEqualTo("result lost when its connection broke: the" + " agent says that it does nothing");
    }

    @Test
    void resultThatIsLostWithTheServerIsNotTheAgentsFault() {
        JobMachine job = JobMachine.restore(running().nodes(), JobStatus.RUNNING, 2, false);
        job.on(new JobEvent.Resumed());

        assertThat(reason(job.on(new JobEvent.ReportsIdle("a")))).startsWith("result lost when the server was away");
    }

    @Test
    void resultOfANodeWhoseConnectionHeldWasLostByTheAgent() {
        JobMachine job = running();
        on(job, new JobEvent.AckRun("a"));
        on(job, new JobEvent.InDoubt("b"));

        assertThat(reason(job.on(new JobEvent.ReportsIdle("a")))).startsWith("result lost: the agent lost it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AckCommit", "NackCommit", "NackRun", "AckRun", "ReportsIdle", "InDoubt"})
    void nothingLeadsToARunOfANodeThatMayHaveStarted(String event) {
        JobMachine job = running();
        on(job, new JobEvent.InDoubt("a"));

        assertThat(on(job, NodeEvents.named(event, "a"))).doesNotContain("send run");
    }

    private static JobMachine voting() {
        JobMachine job = JobMachine.create(List.of("a", "b"), 2, false);
        on(job, new JobEvent.Started());
        return job;
    }

    private static JobMachine askedAgain() {
        JobMachine job = voting();
        on(job, new JobEvent.InDoubt("a"));
        on(job, new JobEvent.ReportsIdle("a"));
        return job;
    }

    private static JobMachine running() {
        JobMachine job = voting();
        on(job, new JobEvent.AckCommit("a"));
        on(job, new JobEvent.AckCommit("b"));
        return job;
    }

    private static String on(JobMachine job, JobEvent event) {
        return EffectText.of(job.on(event));
    }

    private static String reason(List<JobEffect> effects) {
        return effects.stream()
                .filter(JobEffect.SetNodeStatus.class::isInstance)
                .map(JobEffect.SetNodeStatus.class::cast)
                .findFirst()
                .flatMap(JobEffect.SetNodeStatus::reason)
                .orElse("");
    }
}
