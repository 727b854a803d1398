package org.pushjobs.server.jobs.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushjobs.protocol.message.Output;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;

/** The life of a job that no restart interrupts and whose connections hold (lifecycle.md, "Job"). */
class JobMachineTest {
    /** Node a of a job whose other node has not voted yet. */
    private static final CellTable VOTING = new CellTable("""
            AckCommit        | new         | ready       | a is ready; quorum_vote a success
            AckCommit        | ready       | ready       | quorum_vote a unexpected_commit
            AckCommit        | nacked      | nacked      | rehab a; rehabilitate a; quorum_vote a client_died_while_voting
            AckCommit        | unavailable | unavailable | rehab a; rehabilitate a; quorum_vote a client_died_while_voting
            NackCommit       | new         | nacked      | a is nacked; quorum_vote a failure
            NackCommit       | ready       | unavailable | a is unavailable; rehab a; rehabilitate a; quorum_vote a lost_availibility
            NackCommit       | nacked      | nacked      | rehab a; rehabilitate a; quorum_vote a client_died_while_voting
            NackCommit       | unavailable | unavailable | rehab a; rehabilitate a; quorum_vote a client_died_while_voting
            Down             | new         | unavailable | quorum_vote a down; a is unavailable; rehab a; rehabilitate a
            Down             | ready       | unavailable | quorum_vote a down; a is unavailable; rehab a; rehabilitate a
            Down             | nacked      | nacked      |
            Down             | unavailable | unavailable |
            AckRun           | new         | unavailable | a is unavailable; rehab a; rehabilitate a
            AckRun           | ready       | unavailable | a is unavailable; rehab a; rehabilitate a
            AckRun           | nacked      | nacked      | rehab a; rehabilitate a
            AckRun           | unavailable | unavailable | rehab a; rehabilitate a
            NackRun          | new         | unavailable | a is unavailable; rehab a; rehabilitate a
            NackRun          | ready       | unavailable | a is unavailable; rehab a; rehabilitate a
            NackRun          | nacked      | nacked      | rehab a; rehabilitate a
            NackRun          | unavailable | unavailable | rehab a; rehabilitate a
            Succeeded        | new         | unavailable | a is unavailable; rehab a; rehabilitate a
            Succeeded        | ready       | unavailable | a is unavailable; rehab a; rehabilitate a
            Succeeded        | nacked      | nacked      | rehab a; rehabilitate a
            Succeeded        | unavailable | unavailable | rehab a; rehabilitate a
            Failed           | new         | unavailable | a is unavailable; rehab a; rehabilitate a
            Failed           | ready       | unavailable | a is unavailable; rehab a; rehabilitate a
            Failed           | nacked      | nacked      | rehab a; rehabilitate a
            Failed           | unavailable | unavailable | rehab a; rehabilitate a
            Aborted          | new         | unavailable | a is unavailable; rehab a; rehabilitate a
            Aborted          | ready       | unavailable | a is unavailable; rehab a; rehabilitate a
            Aborted          | nacked      | nacked      |
            Aborted          | unavailable | unavailable |
            ReportsCommitted | new         | new         |
            ReportsCommitted | ready       | ready       |
            ReportsCommitted | nacked      | nacked      | rehab a; rehabilitate a
            ReportsCommitted | unavailable | unavailable | rehab a; rehabilitate a
            ReportsRunning   | new         | unavailable | a is unavailable; rehab a; rehabilitate a
            ReportsRunning   | ready       | unavailable | a is unavailable; rehab a; rehabilitate a
            ReportsRunning   | nacked      | nacked      | rehab a; rehabilitate a
            ReportsRunning   | unavailable | unavailable | rehab a; rehabilitate a
            ReportsIdle      | new         | new         |
            ReportsIdle      | ready       | unavailable | a is unavailable; rehab a; rehabilitate a
            ReportsIdle      | nacked      | nacked      |
            ReportsIdle      | unavailable | unavailable |
            TimingOut        | new         | unavailable | a is unavailable; rehab a; rehabilitate a
            TimingOut        | ready       | unavailable | a is unavailable; rehab a; rehabilitate a
            TimingOut        | nacked      | nacked      | rehab a; rehabilitate a
            TimingOut        | unavailable | unavailable | rehab a; rehabilitate a
            Unreachable      | new         | unavailable | quorum_vote a down; a is unavailable; rehab a; rehabilitate a
            Unreachable      | ready       | unavailable | quorum_vote a down; a is unavailable; rehab a; rehabilitate a
            Unreachable      | nacked      | nacked      |
            Unreachable      | unavailable | unavailable |
            InDoubt          | new         | new         |
            InDoubt          | ready       | ready       |
            InDoubt          | nacked      | nacked      |
            InDoubt          | unavailable | unavailable |
            """);

    /** Node a of a running job that captures and whose other node has not started yet. */
    private static final CellTable RUNNING = new CellTable("""
            AckRun           | ready       | running     | a is running; run_start a
            AckRun           | running     | running     |
            AckRun           | succeeded   | succeeded   | run_complete a client_died_while_running; rehab a; rehabilitate a
            AckRun           | failed      | failed      | run_complete a client_died_while_running; rehab a; rehabilitate a
            AckRun           | crashed     | crashed     | run_complete a client_died_while_running; rehab a; rehabilitate a
            AckRun           | nacked      | nacked      | run_complete a client_died_while_running; rehab a; rehabilitate a
            AckRun           | unavailable | unavailable | run_complete a client_died_while_running; rehab a; rehabilitate a
            NackRun          | ready       | failed      | a is failed; rehab a; rehabilitate a; run_complete a run_nacked
            NackRun          | running     | failed      | a is failed; rehab a; rehabilitate a; run_complete a run_nacked_while_running
            NackRun          | succeeded   | succeeded   | rehab a; rehabilitate a; run_complete a client_died_while_running
            NackRun          | failed      | failed      | rehab a; rehabilitate a; run_complete a client_died_while_running
            NackRun          | crashed     | crashed     | rehab a; rehabilitate a; run_complete a client_died_while_running
            NackRun          | nacked      | nacked      | rehab a; rehabilitate a; run_complete a client_died_while_running
            NackRun          | unavailable | unavailable | rehab a; rehabilitate a; run_complete a client_died_while_running
            Succeeded        | ready       | crashed     | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            Succeeded        | running     | succeeded   | a is succeeded; keep output of a; run_complete a success
            Succeeded        | succeeded   | succeeded   | rehab a; rehabilitate a; run_complete a client_died_while_running
            Succeeded        | failed      | failed      | rehab a; rehabilitate a; run_complete a client_died_while_running
            Succeeded        | crashed     | crashed     | rehab a; rehabilitate a; run_complete a client_died_while_running
            Succeeded        | nacked      | nacked      | rehab a; rehabilitate a; run_complete a client_died_while_running
            Succeeded        | unavailable | unavailable | rehab a; rehabilitate a; run_complete a client_died_while_running
            Failed           | ready       | crashed     | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            Failed           | running     | failed      | a is failed; keep output of a; run_complete a failure
            Failed           | succeeded   | succeeded   | rehab a; rehabilitate a; run_complete a client_died_while_running
            Failed           | failed      | failed      | rehab a; rehabilitate a; run_complete a client_died_while_running
            Failed           | crashed     | crashed     | rehab a; rehabilitate a; run_complete a client_died_while_running
            Failed           | nacked      | nacked      | rehab a; rehabilitate a; run_complete a client_died_while_running
            Failed           | unavailable | unavailable | rehab a; rehabilitate a; run_complete a client_died_while_running
            Down             | ready       | crashed     | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            Down             | running     | crashed     | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            Down             | succeeded   | succeeded   |
            Down             | failed      | failed      |
            Down             | crashed     | crashed     |
            Down             | nacked      | nacked      |
            Down             | unavailable | unavailable |
            AckCommit        | ready       | crashed     | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            AckCommit        | running     | crashed     | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            AckCommit        | succeeded   | succeeded   | rehab a; rehabilitate a; run_complete a client_died_while_running
            AckCommit        | failed      | failed      | rehab a; rehabilitate a; run_complete a client_died_while_running
            AckCommit        | crashed     | crashed     | rehab a; rehabilitate a; run_complete a client_died_while_running
            AckCommit        | nacked      | nacked      | rehab a; rehabilitate a; run_complete a client_died_while_running
            AckCommit        | unavailable | unavailable | rehab a; rehabilitate a; run_complete a client_died_while_running
            NackCommit       | ready       | crashed     | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            NackCommit       | running     | crashed     | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            NackCommit       | succeeded   | succeeded   | rehab a; rehabilitate a; run_complete a client_died_while_running
            NackCommit       | failed      | failed      | rehab a; rehabilitate a; run_complete a client_died_while_running
            NackCommit       | crashed     | crashed     | rehab a; rehabilitate a; run_complete a client_died_while_running
            NackCommit       | nacked      | nacked      | rehab a; rehabilitate a; run_complete a client_died_while_running
            NackCommit       | unavailable | unavailable | rehab a; rehabilitate a; run_complete a client_died_while_running
            Aborted          | ready       | crashed     | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            Aborted          | running     | crashed     | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            Aborted          | succeeded   | succeeded   |
            Aborted          | failed      | failed      |
            Aborted          | crashed     | crashed     |
            Aborted          | nacked      | nacked      |
            Aborted          | unavailable | unavailable |
            ReportsCommitted | ready       | ready       |
            ReportsCommitted | running     | running     |
            ReportsCommitted | succeeded   | succeeded   | rehab a; rehabilitate a
            ReportsCommitted | failed      | failed      | rehab a; rehabilitate a
            ReportsCommitted | crashed     | crashed     | rehab a; rehabilitate a
            ReportsCommitted | nacked      | nacked      | rehab a; rehabilitate a
            ReportsCommitted | unavailable | unavailable | rehab a; rehabilitate a
            ReportsRunning   | ready       | running     | a is running; run_start a
            ReportsRunning   | running     | running     |
            ReportsRunning   | succeeded   | succeeded   | rehab a; rehabilitate a
            ReportsRunning   | failed      | failed      | rehab a; rehabilitate a
            ReportsRunning   | crashed     | crashed     | rehab a; rehabilitate a
            ReportsRunning   | nacked      | nacked      | rehab a; rehabilitate a
            ReportsRunning   | unavailable | unavailable | rehab a; rehabilitate a
            ReportsIdle      | ready       | crashed     | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            ReportsIdle      | running     | crashed     | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            ReportsIdle      | succeeded   | succeeded   |
            ReportsIdle      | failed      | failed      |
            ReportsIdle      | crashed     | crashed     |
            ReportsIdle      | nacked      | nacked      |
            ReportsIdle      | unavailable | unavailable |
            TimingOut        | ready       | ready       |
            TimingOut        | running     | running     | a is running
            TimingOut        | succeeded   | succeeded   |
            TimingOut        | failed      | failed      |
            TimingOut        | crashed     | crashed     |
            TimingOut        | nacked      | nacked      |
            TimingOut        | unavailable | unavailable |
            Unreachable      | ready       | ready       |
            Unreachable      | running     | running     |
            Unreachable      | succeeded   | succeeded   |
            Unreachable      | failed      | failed      |
            Unreachable      | crashed     | crashed     |
            Unreachable      | nacked      | nacked      |
            Unreachable      | unavailable | unavailable |
            InDoubt          | ready       | ready       |
            InDoubt          | running     | running     |
            InDoubt          | succeeded   | succeeded   |
            InDoubt          | failed      | failed      |
            InDoubt          | crashed     | crashed     |
            InDoubt          | nacked      | nacked      |
            InDoubt          | unavailable | unavailable |
            """);

    static Stream<Arguments> votingTable() {
        return VOTING.arguments();
    }

    static Stream<Arguments> runningTable() {
        return RUNNING.arguments();
    }

    @ParameterizedTest(name = "{0} of a node that is {1}")
    @MethodSource("votingTable")
    void cellOfTheVotingTable(String event, NodeStatus before, NodeStatus after, String effects) {
        // given
        JobMachine job = voting(before);

        // when
        List<JobEffect> done = job.on(NodeEvents.named(event, "a"));

        // then
        assertThat(EffectText.of(done)).isEqualTo(effects);
        assertThat(job.nodes()).containsExactly(Map.entry("a", after), Map.entry("b", NodeStatus.NEW));
        assertThat(job.status()).isEqualTo(JobStatus.VOTING);
    }

    @ParameterizedTest(name = "{0} of a node that is {1}")
    @MethodSource("runningTable")
    void cellOfTheRunningTable(String event, NodeStatus before, NodeStatus after, String effects) {
        // given
        JobMachine job = running(before);

        // when
        List<JobEffect> done = job.on(NodeEvents.named(event, "a"));

        // then
        assertThat(EffectText.of(done)).isEqualTo(effects);
        assertThat(job.nodes()).containsExactly(Map.entry("a", after), Map.entry("b", NodeStatus.READY));
        assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void tablesHaveACellForEveryEventAndStatus() {
        assertThat(VOTING.missing(
                        NodeEvents.names(),
                        Set.of(NodeStatus.NEW, NodeStatus.READY, NodeStatus.NACKED, NodeStatus.UNAVAILABLE)))
                .isEmpty();
        assertThat(RUNNING.missing(
                        NodeEvents.names(),
                        Set.of(
                                NodeStatus.READY,
                                NodeStatus.RUNNING,
                                NodeStatus.SUCCEEDED,
                                NodeStatus.FAILED,
                                NodeStatus.CRASHED,
                                NodeStatus.NACKED,
                                NodeStatus.UNAVAILABLE)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Down, NEW",
        "AckRun, NEW",
        "ReportsIdle, READY",
        "NackCommit, READY",
        "Aborted, NEW",
        "Unreachable, NEW",
        "VotingTimeout, NEW"
    })
    void nodeThatDropsOutOfTheVoteHasAReason(String event, NodeStatus before) {
        JobMachine job = voting(before);

        List<JobEffect> done =
                job.on(event.equals("VotingTimeout") ? new JobEvent.VotingTimeout() : NodeEvents.named(event, "a"));

        assertThat(reasonOf("a", done)).isNotBlank();
    }

    @Test
    void nodeThatSaysItIsIdleDuringTheRunHasLostItsResult() {
        JobMachine job = running(NodeStatus.RUNNING);

        List<JobEffect> done = job.on(new JobEvent.ReportsIdle("a"));

        assertThat(reasonOf("a", done)).startsWith("result lost: the agent lost it");
    }

    // ---- start

    @Test
    void startAsksEveryNodeInOrder() {
        // given
        JobMachine job = JobMachine.create(List.of("b", "a", "c"), 3, false);
        assertThat(job.status()).isEqualTo(JobStatus.NEW);

        // when
        List<JobEffect> done = job.on(new JobEvent.Started());

        // then
        assertThat(EffectText.of(done)).isEqualTo("start; job is voting; send commit [b, a, c]; voting timer");
        assertThat(job.nodes().keySet()).containsExactly("b", "a", "c");
        assertThat(job.nodes().values()).containsOnly(NodeStatus.NEW);
    }

    @Test
    void jobWhoseNodesAreAllDownAtTheStartFailsAtOnce() {
        JobMachine job = started(2, "a", "b");

        assertThat(on(job, new JobEvent.Down("a")))
                .isEqualTo("quorum_vote a down; a is unavailable; rehab a; rehabilitate a");
        assertThat(on(job, new JobEvent.Down("b")))
                .isEqualTo("quorum_vote b down; b is unavailable; rehab b; rehabilitate b;"
                        + " job is quorum_failed; job_complete quorum_failed; end");
    }

    @Test
    void eventBeforeTheStartIsRefused() {
        JobMachine job = JobMachine.create(List.of("a"), 1, false);

        assertThatIllegalStateException()
                .isThrownBy(() -> job.on(new JobEvent.AckCommit("a")))
                .withMessageContaining("AckCommit");
    }

    @ParameterizedTest
    @EnumSource(names = {"READY", "NEW"})
    void secondStartIsRefused(NodeStatus nodeStatus) {
        JobMachine job = nodeStatus == NodeStatus.NEW ? voting(nodeStatus) : running(nodeStatus);

        assertThatIllegalStateException().isThrownBy(() -> job.on(new JobEvent.Started()));
    }

    @Test
    void eventOfANodeWithoutAPartIsRefused() {
        JobMachine job = started(1, "a");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> job.on(new JobEvent.AckCommit("stranger")))
                .withMessageContaining("stranger");
        assertThat(job.nodes()).containsOnlyKeys("a");
    }

    // ---- end of the vote

    @Test
    void quorumThatIsMetStartsTheRunOnTheReadyNodesOnly() {
        // given
        JobMachine job = started(2, "a", "b", "c");
        on(job, new JobEvent.AckCommit("c"));
        on(job, new JobEvent.NackCommit("b"));

        // when
        String done = on(job, new JobEvent.AckCommit("a"));

        // then
        assertThat(done)
                .isEqualTo("a is ready; quorum_vote a success;"
                        + " quorum_succeeded; job is running; send run [a, c]; run timer");
        assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void quorumThatIsMetEarlyWaitsForTheOtherVotes() {
        JobMachine job = started(1, "a", "b");

        on(job, new JobEvent.AckCommit("a"));

        assertThat(job.status()).isEqualTo(JobStatus.VOTING);
    }

    @Test
    void quorumThatIsMissedAbortsTheReadyNodes() {
        // given
        JobMachine job = started(3, "a", "b", "c");
        on(job, new JobEvent.AckCommit("a"));
        on(job, new JobEvent.AckCommit("b"));

        // when
        String done = on(job, new JobEvent.NackCommit("c"));

        // then
        assertThat(done)
                .isEqualTo("c is nacked; quorum_vote c failure; a is was_ready; b is was_ready; send abort [a, b];"
                        + " job is quorum_failed; job_complete quorum_failed; end");
        assertThat(job.nodes())
                .containsExactly(
                        Map.entry("a", NodeStatus.WAS_READY),
                        Map.entry("b", NodeStatus.WAS_READY),
                        Map.entry("c", NodeStatus.NACKED));
    }

    @Test
    void quorumAboveTheNumberOfNodesIsNeverMet() {
        JobMachine job = started(2, "a");

        assertThat(on(job, new JobEvent.AckCommit("a")))
                .isEqualTo("a is ready; quorum_vote a success; a is was_ready; send abort [a];"
                        + " job is quorum_failed; job_complete quorum_failed; end");
    }

    @Test
    void quorumOfNoneIsMetWithoutANodeAndTheJobIsCompleteAtOnce() {
        JobMachine job = started(0, "a");

        assertThat(on(job, new JobEvent.NackCommit("a")))
                .isEqualTo("a is nacked; quorum_vote a failure; quorum_succeeded; job is running; run timer;"
                        + " job is complete; job_complete complete; end");
    }

    @Test
    void quorumOfNoneRunsOnTheNodesThatAreReady() {
        JobMachine job = started(0, "a", "b");
        on(job, new JobEvent.AckCommit("b"));

        assertThat(on(job, new JobEvent.Down("a")))
                .isEqualTo("quorum_vote a down; a is unavailable; rehab a; rehabilitate a;"
                        + " quorum_succeeded; job is running; send run [b]; run timer");
    }

    @Test
    void votingTimeoutIsTheVoteOfTheSilentNodesInOrder() {
        // given
        JobMachine job = started(3, "a", "b", "c");
        on(job, new JobEvent.AckCommit("b"));

        // when
        String done = on(job, new JobEvent.VotingTimeout());

        // then
        assertThat(done)
                .isEqualTo(
                        "quorum_vote a voting_timeout; a is unavailable; quorum_vote c voting_timeout; c is unavailable;"
                                + " send abort [a, c]; b is was_ready; send abort [b];"
                                + " job is quorum_failed; job_complete quorum_failed; end");
    }

    @Test
    void votingTimeoutThatLeavesAQuorumStartsTheRun() {
        JobMachine job = started(1, "a", "b");
        on(job, new JobEvent.AckCommit("b"));

        assertThat(on(job, new JobEvent.VotingTimeout()))
                .isEqualTo("quorum_vote a voting_timeout; a is unavailable; send abort [a];"
                        + " quorum_succeeded; job is running; send run [b]; run timer");
    }

    @Test
    void timersOfTheOtherPhaseChangeNothing() {
        JobMachine voting = voting(NodeStatus.READY);
        JobMachine running = running(NodeStatus.RUNNING);

        assertThat(voting.on(new JobEvent.RunTimeout())).isEmpty();
        assertThat(running.on(new JobEvent.VotingTimeout())).isEmpty();
        assertThat(voting.status()).isEqualTo(JobStatus.VOTING);
        assertThat(running.status()).isEqualTo(JobStatus.RUNNING);
    }

    // ---- end of the run

    @Test
    void jobIsCompleteWhenTheLastNodeIsDone() {
        // given
        JobMachine job = started(3, "a", "b", "c");
        Stream.of("a", "b", "c").forEach(node -> on(job, new JobEvent.AckCommit(node)));
        Stream.of("a", "b").forEach(node -> on(job, new JobEvent.AckRun(node)));
        on(job, new JobEvent.Succeeded("a", Optional.empty()));
        on(job, new JobEvent.NackRun("c"));
        assertThat(job.status()).isEqualTo(JobStatus.RUNNING);

        // when
        String done = on(job, new JobEvent.Failed("b", Optional.empty()));

        // then
        assertThat(done)
                .isEqualTo(
                        "b is failed; no output of b; run_complete b failure; job is complete; job_complete complete; end");
        assertThat(job.nodes())
                .containsExactly(
                        Map.entry("a", NodeStatus.SUCCEEDED),
                        Map.entry("b", NodeStatus.FAILED),
                        Map.entry("c", NodeStatus.FAILED));
    }

    @Test
    void runTimeoutEndsTheNodesThatAreNotDone() {
        // given
        JobMachine job = started(3, "a", "b", "c");
        Stream.of("a", "b", "c").forEach(node -> on(job, new JobEvent.AckCommit(node)));
        Stream.of("a", "b").forEach(node -> on(job, new JobEvent.AckRun(node)));
        on(job, new JobEvent.Succeeded("b", Optional.empty()));

        // when
        List<JobEffect> done = job.on(new JobEvent.RunTimeout());

        // then
        assertThat(EffectText.of(done))
                .isEqualTo("a is timed_out; c is timed_out; send abort [a, c];"
                        + " job is timed_out; job_complete timed_out; end");
        assertThat(reasonOf("a", done)).isNotBlank();
    }

    @Test
    void outputIsKeptAsItCame() {
        JobMachine job = running(NodeStatus.RUNNING);
        Output output = new Output("text", "");

        List<JobEffect> done = job.on(new JobEvent.Failed("a", Optional.of(output)));

        assertThat(done).contains(new JobEffect.KeepOutput("a", output));
    }

    @Test
    void resultWithoutOutputIsNotedAsSuchIfTheJobCaptures() {
        JobMachine job = running(NodeStatus.RUNNING);

        assertThat(on(job, new JobEvent.Succeeded("a", Optional.empty())))
                .isEqualTo("a is succeeded; no output of a; run_complete a success");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Succeeded", "Failed"})
    void outputOfAJobThatDoesNotCaptureIsDropped(String event) {
        JobMachine job = JobMachine.create(List.of("a"), 1, false);
        on(job, new JobEvent.Started());
        on(job, new JobEvent.AckCommit("a"));
        on(job, new JobEvent.AckRun("a"));

        assertThat(job.on(NodeEvents.named(event, "a"))).isNotEmpty().noneMatch(JobEffect.KeepOutput.class::isInstance);
    }

    @Test
    void jobThatHasEndedIsNotChangedByAnything() {
        JobMachine complete = started(1, "a");
        on(complete, new JobEvent.AckCommit("a"));
        on(complete, new JobEvent.AckRun("a"));
        on(complete, new JobEvent.Succeeded("a", Optional.empty()));
        JobMachine quorumFailed = started(1, "a");
        on(quorumFailed, new JobEvent.NackCommit("a"));
        JobMachine timedOut = started(1, "a");
        on(timedOut, new JobEvent.AckCommit("a"));
        on(timedOut, new JobEvent.RunTimeout());

        for (JobMachine job : List.of(complete, quorumFailed, timedOut)) {
            JobStatus status = job.status();
            Map<String, NodeStatus> nodes = Map.copyOf(job.nodes());
            assertThat(status.isTerminal()).isTrue();

            for (String event : NodeEvents.names()) {
                assertThat(job.on(NodeEvents.named(event, "a"))).isEmpty();
            }
            assertThat(job.on(new JobEvent.VotingTimeout())).isEmpty();
            assertThat(job.on(new JobEvent.RunTimeout())).isEmpty();

            assertThat(job.status()).isEqualTo(status);
            assertThat(job.nodes()).isEqualTo(nodes);
        }
    }

    // ---- jobs to begin with

    private static JobMachine started(int quorum, String... nodes) {
        JobMachine job = JobMachine.create(List.of(nodes), quorum, true);
        on(job, new JobEvent.Started());
        return job;
    }

    private static JobMachine voting(NodeStatus ofA) {
        JobMachine job = started(2, "a", "b");
        switch (ofA) {
            case NEW -> {
                // as it begins
            }
            case READY -> on(job, new JobEvent.AckCommit("a"));
            case NACKED -> on(job, new JobEvent.NackCommit("a"));
            case UNAVAILABLE -> on(job, new JobEvent.Down("a"));
            default -> throw new IllegalArgumentException("no node is " + ofA + " during a vote");
        }
        return job;
    }

    private static JobMachine running(NodeStatus ofA) {
        JobMachine job = started(1, "a", "b");
        on(job, new JobEvent.AckCommit("b"));
        on(
                job,
                NodeEvents.named(
                        switch (ofA) {
                            case NACKED -> "NackCommit";
                            case UNAVAILABLE -> "Down";
                            default -> "AckCommit";
                        },
                        "a"));
        switch (ofA) {
            case NACKED, UNAVAILABLE, READY -> {
                // as the vote left it
            }
            case RUNNING -> on(job, new JobEvent.AckRun("a"));
            case SUCCEEDED -> {
                on(job, new JobEvent.AckRun("a"));
                on(job, new JobEvent.Succeeded("a", Optional.empty()));
            }
            case FAILED -> on(job, new JobEvent.NackRun("a"));
            case CRASHED -> on(job, new JobEvent.Down("a"));
            default -> throw new IllegalArgumentException("no node is " + ofA + " during a run");
        }
        return job;
    }

    private static String on(JobMachine job, JobEvent event) {
        return EffectText.of(job.on(event));
    }

    private static String reasonOf(String node, List<JobEffect> effects) {
        return effects.stream()
                .filter(JobEffect.SetNodeStatus.class::isInstance)
                .map(JobEffect.SetNodeStatus.class::cast)
                .filter(set -> set.node().equals(node))
                .findFirst()
                .flatMap(JobEffect.SetNodeStatus::reason)
                .orElse("");
    }
}
