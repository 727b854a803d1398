package org.pushjobs.server.jobs.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;

/** A job after a restart of the server: what a node says first decides (architecture.md, resumed jobs). */
class JobMachineResumeTest {
    /** What node a of a voting job says first; the other node has not voted. */
    private static final CellTable VOTING = new CellTable("""
            ReportsCommitted | new   | ready       | a is ready; quorum_vote a success
            ReportsCommitted | ready | ready       |
            ReportsRunning   | new   | unavailable | a is unavailable; rehab a; rehabilitate a
            ReportsRunning   | ready | unavailable | a is unavailable; rehab a; rehabilitate a
            ReportsIdle      | new   | new         | send commit [a]
            ReportsIdle      | ready | unavailable | a is unavailable; rehab a; rehabilitate a
            TimingOut        | new   | unavailable | a is unavailable; rehab a; rehabilitate a
            TimingOut        | ready | unavailable | a is unavailable; rehab a; rehabilitate a
            AckCommit        | new   | ready       | a is ready; quorum_vote a success
            AckCommit        | ready | ready       |
            NackCommit       | new   | nacked      | a is nacked; quorum_vote a failure
            NackCommit       | ready | ready       |
            AckRun           | new   | unavailable | a is unavailable; rehab a; rehabilitate a
            AckRun           | ready | unavailable | a is unavailable; rehab a; rehabilitate a
            NackRun          | new   | unavailable | a is unavailable; rehab a; rehabilitate a
            NackRun          | ready | unavailable | a is unavailable; rehab a; rehabilitate a
            Succeeded        | new   | unavailable | a is unavailable; rehab a; rehabilitate a
            Succeeded        | ready | unavailable | a is unavailable; rehab a; rehabilitate a
            Failed           | new   | unavailable | a is unavailable; rehab a; rehabilitate a
            Failed           | ready | unavailable | a is unavailable; rehab a; rehabilitate a
            Aborted          | new   | unavailable | a is unavailable; rehab a; rehabilitate a
            Aborted          | ready | unavailable | a is unavailable; rehab a; rehabilitate a
            Unreachable      | new   | unavailable | quorum_vote a down; a is unavailable; rehab a; rehabilitate a
            Unreachable      | ready | unavailable | quorum_vote a down; a is unavailable; rehab a; rehabilitate a
            InDoubt          | new   | new         |
            InDoubt          | ready | ready       |
            Down             | new   | unavailable | quorum_vote a down; a is unavailable; rehab a; rehabilitate a
            Down             | ready | unavailable | quorum_vote a down; a is unavailable; rehab a; rehabilitate a
            """);

    /** What node a of a running job says first; the other node is running. */
    private static final CellTable RUNNING = new CellTable("""
            ReportsCommitted | ready   | ready     |
            ReportsCommitted | running | running   |
            ReportsRunning   | ready   | running   | a is running; run_start a
            ReportsRunning   | running | running   |
            ReportsIdle      | ready   | crashed   | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            ReportsIdle      | running | crashed   | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            TimingOut        | ready   | ready     |
            TimingOut        | running | running   | a is running
            AckRun           | ready   | running   | a is running; run_start a
            AckRun           | running | running   |
            NackRun          | ready   | ready     |
            NackRun          | running | running   |
            Succeeded        | ready   | succeeded | a is running; run_start a; a is succeeded; keep output of a; run_complete a success
            Succeeded        | running | succeeded | a is succeeded; keep output of a; run_complete a success
            Failed           | ready   | failed    | a is running; run_start a; a is failed; keep output of a; run_complete a failure
            Failed           | running | failed    | a is failed; keep output of a; run_complete a failure
            AckCommit        | ready   | ready     |
            AckCommit        | running | running   |
            NackCommit       | ready   | ready     |
            NackCommit       | running | running   |
            Aborted          | ready   | crashed   | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            Aborted          | running | crashed   | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            Unreachable      | ready   | ready     |
            Unreachable      | running | running   |
            InDoubt          | ready   | ready     |
            InDoubt          | running | running   |
            Down             | ready   | crashed   | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            Down             | running | crashed   | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            """);

    static Stream<Arguments> votingTable() {
        return VOTING.arguments();
    }

    static Stream<Arguments> runningTable() {
        return RUNNING.arguments();
    }

    @ParameterizedTest(name = "{0} of a node that was {1}")
    @MethodSource("votingTable")
    void firstReportDuringTheVote(String event, NodeStatus before, NodeStatus after, String effects) {
        // given
        JobMachine job = resumed(JobStatus.VOTING, 2, "a", before, "b", NodeStatus.NEW);

        // when
        String done = on(job, NodeEvents.named(event, "a"));

        // then
        assertThat(done).isEqualTo(effects);
        assertThat(job.nodes()).containsEntry("a", after).containsEntry("b", NodeStatus.NEW);
        assertThat(job.status()).isEqualTo(JobStatus.VOTING);
    }

    @ParameterizedTest(name = "{0} of a node that was {1}")
    @MethodSource("runningTable")
    void firstReportDuringTheRun(String event, NodeStatus before, NodeStatus after, String effects) {
        // given
        JobMachine job = resumed(JobStatus.RUNNING, 2, "a", before, "b", NodeStatus.RUNNING);

        // when
        String done = on(job, NodeEvents.named(event, "a"));

        // then
        assertThat(done).isEqualTo(effects);
        assertThat(job.nodes()).containsEntry("a", after).containsEntry("b", NodeStatus.RUNNING);
        assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void tablesHaveACellForEveryEventAndStatus() {
        assertThat(VOTING.missing(NodeEvents.names(), EnumSet.of(NodeStatus.NEW, NodeStatus.READY)))
                .isEmpty();
        assertThat(RUNNING.missing(NodeEvents.names(), EnumSet.of(NodeStatus.READY, NodeStatus.RUNNING)))
                .isEmpty();
    }

    @Test
    void jobThatHasEndedIsNotRestored() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JobMachine.restore(Map.of("a", NodeStatus.SUCCEEDED), JobStatus.COMPLETE, 1, false))
                .withMessageContaining("COMPLETE");
    }

    @Test
    void resumedVoteSendsNothingUntilNodesReport() {
        assertThat(on(stored(JobStatus.VOTING, 2, "a", NodeStatus.NEW, "b", NodeStatus.READY), new JobEvent.Resumed()))
                .isEqualTo("voting timer");
    }

    @Test
    void resumedRunSendsNothingUntilNodesReport() {
        assertThat(on(
                        stored(JobStatus.RUNNING, 2, "a", NodeStatus.READY, "b", NodeStatus.RUNNING),
                        new JobEvent.Resumed()))
                .isEqualTo("run timer");
    }

    @Test
    void jobThatWasNotStartedYetStartsAndAsksItsNodesOnceTheyReport() {
        JobMachine job = stored(JobStatus.NEW, 1, "a", NodeStatus.NEW, "b", NodeStatus.NEW);

        assertThat(on(job, new JobEvent.Resumed())).isEqualTo("start; job is voting; voting timer");
        assertThat(on(job, new JobEvent.ReportsIdle("b"))).isEqualTo("send commit [b]");
    }

    @Test
    void nodeThatWasAskedAgainIsNotAskedAThirdTime() {
        JobMachine job = resumed(JobStatus.VOTING, 2, "a", NodeStatus.NEW, "b", NodeStatus.NEW);
        on(job, new JobEvent.ReportsIdle("a"));

        assertThat(on(job, new JobEvent.ReportsIdle("a"))).isEmpty();
    }

    @Test
    void quorumIsReachedWhileReadyNodesHaveNotReported() {
        // given
        JobMachine job =
                resumed(JobStatus.VOTING, 3, "a", NodeStatus.NEW, "b", NodeStatus.READY, "c", NodeStatus.READY);
        on(job, new JobEvent.ReportsCommitted("b"));

        // when
        String done = on(job, new JobEvent.AckCommit("a"));

        // then: the silent node runs only once it says that it is committed
        assertThat(done)
                .isEqualTo("a is ready; quorum_vote a success;"
                        + " quorum_succeeded; job is running; send run [a, b]; run timer");
        assertThat(on(job, new JobEvent.ReportsCommitted("c"))).isEqualTo("send run [c]");
        assertThat(on(job, new JobEvent.ReportsCommitted("c"))).isEmpty();
    }

    @Test
    void quorumIsReachedWhileNoReadyNodeHasReported() {
        JobMachine job = resumed(JobStatus.VOTING, 1, "a", NodeStatus.NEW, "b", NodeStatus.READY);

        assertThat(on(job, new JobEvent.NackCommit("a")))
                .isEqualTo("a is nacked; quorum_vote a failure; quorum_succeeded; job is running; run timer");
    }

    @Test
    void resumedVoteThatIsMissedAbortsReadyNodesThatHaveNotReported() {
        JobMachine job = resumed(JobStatus.VOTING, 2, "a", NodeStatus.NEW, "b", NodeStatus.READY);

        assertThat(on(job, new JobEvent.VotingTimeout()))
                .isEqualTo(
                        "quorum_vote a voting_timeout; a is unavailable; send abort [a]; b is was_ready; send abort [b];"
                                + " job is quorum_failed; job_complete quorum_failed; end");
    }

    @ParameterizedTest
    @EnumSource(names = {"READY", "RUNNING"})
    void nodeThatMayHaveStartedIsNotSentRunAgain(NodeStatus stored) {
        JobMachine job = resumed(JobStatus.RUNNING, 1, "a", stored);

        assertThat(on(job, new JobEvent.ReportsRunning("a"))).doesNotContain("send run");
        assertThat(on(job, new JobEvent.ReportsCommitted("a"))).isEmpty();
    }

    @Test
    void runIsSentOnceToANodeThatKeepsSayingItIsCommitted() {
        JobMachine job = resumed(JobStatus.RUNNING, 1, "a", NodeStatus.READY);

        assertThat(on(job, new JobEvent.ReportsCommitted("a"))).isEmpty();
        assertThat(on(job, new JobEvent.ReportsCommitted("a"))).isEqualTo("send run [a]");
        assertThat(on(job, new JobEvent.ReportsCommitted("a"))).isEmpty();
        assertThat(on(job, new JobEvent.ReportsCommitted("a"))).isEmpty();
    }

    @Test
    void resultOfANodeThatHadStartedWhenItWasSentRunAgainCounts() {
        // given: its heartbeat was written before it started, and its ack_run was lost with the server
        JobMachine job = resumed(JobStatus.RUNNING, 2, "a", NodeStatus.READY, "b", NodeStatus.RUNNING);
        saysTwiceThatItIsCommitted(job);

        assertThat(on(job, new JobEvent.Succeeded("a", Optional.empty())))
                .isEqualTo("a is running; run_start a; a is succeeded; no output of a; run_complete a success");
    }

    @Test
    void lateVoteDoesNotCountAsTheReportThatLeadsToRun() {
        JobMachine job = resumed(JobStatus.RUNNING, 1, "a", NodeStatus.READY);
        on(job, new JobEvent.AckCommit("a"));

        assertThat(saysTwiceThatItIsCommitted(job)).isEqualTo("send run [a]");
    }

    @Test
    void nodeThatHadStartedWhenItWasSentRunAgainIsNotHarmedByItsRefusal() {
        // given: its heartbeat was written before it started, and came first
        JobMachine job = resumed(JobStatus.RUNNING, 1, "a", NodeStatus.READY, "b", NodeStatus.RUNNING);
        assertThat(saysTwiceThatItIsCommitted(job)).isEqualTo("send run [a]");
        on(job, new JobEvent.AckRun("a"));

        // when, then
        assertThat(on(job, new JobEvent.NackRun("a"))).isEmpty();
        assertThat(on(job, new JobEvent.Succeeded("a", Optional.empty())))
                .isEqualTo("a is succeeded; no output of a; run_complete a success");
        assertThat(on(job, new JobEvent.NackRun("a"))).isEmpty();
    }

    @Test
    void nodeThatRefusesToRunAfterTheRestartIsJudgedByWhatItDoesNext() {
        JobMachine job = resumed(JobStatus.RUNNING, 2, "a", NodeStatus.READY, "b", NodeStatus.RUNNING);
        saysTwiceThatItIsCommitted(job);

        assertThat(on(job, new JobEvent.NackRun("a"))).isEmpty();
        assertThat(on(job, new JobEvent.ReportsIdle("a")))
                .isEqualTo("a is crashed; rehab a; rehabilitate a; run_complete a crashed");
    }

    @Test
    void lastResultOfAResumedJobEndsIt() {
        JobMachine job = resumed(JobStatus.RUNNING, 2, "a", NodeStatus.READY, "b", NodeStatus.SUCCEEDED);

        assertThat(on(job, new JobEvent.Succeeded("a", Optional.empty())))
                .isEqualTo("a is running; run_start a; a is succeeded; no output of a; run_complete a success;"
                        + " job is complete; job_complete complete; end");
    }

    @Test
    void resumedJobWhoseNodesAreAllDoneEndsAtOnce() {
        assertThat(on(stored(JobStatus.RUNNING, 1, "a", NodeStatus.SUCCEEDED), new JobEvent.Resumed()))
                .isEqualTo("run timer; job is complete; job_complete complete; end");
    }

    @Test
    void resumedVoteInWhichAllHaveVotedEndsAtOnce() {
        JobMachine job = stored(JobStatus.VOTING, 1, "a", NodeStatus.READY, "b", NodeStatus.NACKED);

        assertThat(on(job, new JobEvent.Resumed()))
                .isEqualTo("voting timer; quorum_succeeded; job is running; run timer");
        assertThat(on(job, new JobEvent.ReportsCommitted("a"))).isEqualTo("send run [a]");
    }

    @Test
    void nodeThatEndedBeforeTheRestartIsStoppedWhenItStillRuns() {
        JobMachine job = resumed(JobStatus.RUNNING, 1, "a", NodeStatus.CRASHED, "b", NodeStatus.RUNNING);

        assertThat(on(job, new JobEvent.ReportsRunning("a"))).isEqualTo("rehab a; rehabilitate a");
    }

    /** The first heartbeat may have been written before a {@code run} that was under way. */
    private static String saysTwiceThatItIsCommitted(JobMachine job) {
        on(job, new JobEvent.ReportsCommitted("a"));
        return on(job, new JobEvent.ReportsCommitted("a"));
    }

    private static JobMachine resumed(JobStatus status, int quorum, Object... nodes) {
        JobMachine job = stored(status, quorum, nodes);
        job.on(new JobEvent.Resumed());
        return job;
    }

    /** A job that captures, with names and statuses of its nodes by turns. */
    private static JobMachine stored(JobStatus status, int quorum, Object... nodes) {
        Map<String, NodeStatus> statuses = new LinkedHashMap<>();
        for (int i = 0; i < nodes.length; i += 2) {
            statuses.put((String) nodes[i], (NodeStatus) nodes[i + 1]);
        }
        return JobMachine.restore(statuses, status, quorum, true);
    }

    private static String on(JobMachine job, JobEvent event) {
        return EffectText.of(job.on(event));
    }
}
