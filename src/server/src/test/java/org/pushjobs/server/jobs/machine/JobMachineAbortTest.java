package org.pushjobs.server.jobs.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.server.jobs.model.JobStatus;
import org.pushjobs.server.jobs.model.NodeStatus;

/** The end of a job that somebody asks for (docs/decisions, a job is aborted): waiting nodes end at once, running ones when they answer. */
class JobMachineAbortTest {
    private static final JobEvent ABORT = new JobEvent.AbortRequested("alice");

    /** Node a of a job that captures and is being aborted; the other node runs. */
    private static final CellTable ABORTING = new CellTable("""
            AckRun           | running | running   |
            NackRun          | running | failed    | a is failed; rehab a; rehabilitate a; run_complete a run_nacked_while_running
            Succeeded        | running | succeeded | a is succeeded; keep output of a; run_complete a success
            Failed           | running | failed    | a is failed; keep output of a; run_complete a failure
            Down             | running | crashed   | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            AckCommit        | running | crashed   | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            NackCommit       | running | crashed   | a is crashed; rehab a; rehabilitate a; run_complete a crashed
            Aborted          | running | aborted   | a is aborted
            ReportsCommitted | running | running   |
            ReportsRunning   | running | running   | send abort [a]
            ReportsIdle      | running | aborted   | a is aborted
            TimingOut        | running | running   | a is running
            Unreachable      | running | running   |
            InDoubt          | running | running   |
            AckRun           | aborted | aborted   |
            NackRun          | aborted | aborted   |
            Succeeded        | aborted | aborted   |
            Failed           | aborted | aborted   |
            Down             | aborted | aborted   |
            AckCommit        | aborted | aborted   |
            NackCommit       | aborted | aborted   |
            Aborted          | aborted | aborted   |
            ReportsCommitted | aborted | aborted   | send abort [a]
            ReportsRunning   | aborted | aborted   | send abort [a]
            ReportsIdle      | aborted | aborted   |
            TimingOut        | aborted | aborted   |
            Unreachable      | aborted | aborted   |
            InDoubt          | aborted | aborted   |
            """);

    /** Its refusal may be of a {@code run} that an earlier server sent twice. */
    @Test
    void refusalToRunAfterARestartDoesNotEndANodeThatIsBeingAborted() {
        JobMachine job = JobMachine.restoreAborting(Map.of("a", NodeStatus.RUNNING), JobStatus.RUNNING, 1, false);
        job.on(new JobEvent.Resumed());

        assertThat(job.on(new JobEvent.NackRun("a"))).isEmpty();
    }

    static Stream<Arguments> abortingTable() {
        return ABORTING.arguments();
    }

    @ParameterizedTest(name = "{0} of a node that is {1}")
    @MethodSource("abortingTable")
    void cellOfTheAbortingTable(String event, NodeStatus before, NodeStatus after, String effects) {
        // given
        JobMachine job = aborting(before);

        // when
        List<JobEffect> done = job.on(NodeEvents.named(event, "a"));

        // then
        assertThat(EffectText.of(done)).isEqualTo(effects);
        assertThat(job.nodes()).containsExactly(Map.entry("a", after), Map.entry("b", NodeStatus.RUNNING));
        assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void tableHasACellForEveryEventAndStatus() {
        assertThat(ABORTING.missing(NodeEvents.names(), Set.of(NodeStatus.RUNNING, NodeStatus.ABORTED)))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"SUCCEEDED", "FAILED", "CRASHED", "NACKED", "UNAVAILABLE"})
    void nodeThatHadEndedBeforeIsTreatedAsWithoutAnAbort(NodeStatus ended) {
        for (String event : NodeEvents.names()) {
            JobMachine aborted = restored(JobStatus.RUNNING, "a", ended, "b", NodeStatus.RUNNING);
            JobMachine other = restored(JobStatus.RUNNING, "a", ended, "b", NodeStatus.RUNNING);
            aborted.on(ABORT);

            assertThat(aborted.on(NodeEvents.named(event, "a")))
                    .as(event)
                    .isEqualTo(other.on(NodeEvents.named(event, "a")));
        }
    }

    // ---- the request

    @Test
    void voteThatIsAbortedEndsAtOnce() {
        // given
        JobMachine job = started(2, "a", "b", "c");
        on(job, new JobEvent.AckCommit("b"));
        on(job, new JobEvent.NackCommit("c"));

        // when
        List<JobEffect> done = job.on(ABORT);

        // then
        assertThat(EffectText.of(done))
                .isEqualTo("abort by alice; a is aborted; b is aborted; send abort [a, b];"
                        + " job is aborted; job_complete aborted; end");
        assertThat(job.nodes())
                .containsExactly(
                        Map.entry("a", NodeStatus.ABORTED),
                        Map.entry("b", NodeStatus.ABORTED),
                        Map.entry("c", NodeStatus.NACKED));
        assertThat(reasonOf("a", done)).isNotBlank();
    }

    @Test
    void voteOfAQuorumOfNoneThatIsAbortedDoesNotRun() {
        JobMachine job = started(0, "a");

        assertThat(on(job, ABORT))
                .isEqualTo("abort by alice; a is aborted; send abort [a]; job is aborted; job_complete aborted; end");
    }

    @Test
    void runThatIsAbortedBeforeANodeHasStartedEndsAtOnce() {
        JobMachine job = started(1, "a");
        on(job, new JobEvent.AckCommit("a"));

        assertThat(on(job, ABORT))
                .isEqualTo("abort by alice; a is aborted; send abort [a]; job is aborted; job_complete aborted; end");
    }

    @Test
    void runThatIsAbortedWaitsForTheNodesThatRun() {
        // given
        JobMachine job = started(3, "a", "b", "c");
        Stream.of("a", "b", "c").forEach(node -> on(job, new JobEvent.AckCommit(node)));
        Stream.of("b", "c").forEach(node -> on(job, new JobEvent.AckRun(node)));
        on(job, new JobEvent.Succeeded("c", Optional.of(NodeEvents.OUTPUT)));

        // when
        String done = on(job, ABORT);

        // then
        assertThat(done).isEqualTo("abort by alice; a is aborted; send abort [a, b]; abort timer");
        assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(on(job, new JobEvent.Aborted("b")))
                .isEqualTo("b is aborted; job is aborted; job_complete aborted; end");
        assertThat(job.nodes())
                .containsExactly(
                        Map.entry("a", NodeStatus.ABORTED),
                        Map.entry("b", NodeStatus.ABORTED),
                        Map.entry("c", NodeStatus.SUCCEEDED));
    }

    @Test
    void resultThatComesBeforeTheAbortCountsButTheJobIsAborted() {
        JobMachine job = started(1, "a");
        on(job, new JobEvent.AckCommit("a"));
        on(job, new JobEvent.AckRun("a"));
        on(job, ABORT);

        assertThat(on(job, new JobEvent.Succeeded("a", Optional.of(NodeEvents.OUTPUT))))
                .isEqualTo("a is succeeded; keep output of a; run_complete a success;"
                        + " job is aborted; job_complete aborted; end");
    }

    @Test
    void nodesThatDoNotAnswerAreAbortedAfterTheGracePeriod() {
        // given
        JobMachine job = aborting(NodeStatus.RUNNING);
        on(job, new JobEvent.Succeeded("b", Optional.of(NodeEvents.OUTPUT)));

        // when
        List<JobEffect> done = job.on(new JobEvent.AbortTimeout());

        // then
        assertThat(EffectText.of(done))
                .isEqualTo("a is aborted; send abort [a]; job is aborted; job_complete aborted; end");
        assertThat(reasonOf("a", done)).contains("did not answer");
    }

    @ParameterizedTest
    @EnumSource(names = {"RUNNING", "ABORTED"})
    void sameRequestAgainChangesNothing(NodeStatus ofA) {
        JobMachine job = aborting(ofA);

        assertThat(job.on(new JobEvent.AbortRequested("bob"))).isEmpty();
        assertThat(job.isAborting()).isTrue();
    }

    @Test
    void otherTimersChangeNothing() {
        JobMachine aborting = aborting(NodeStatus.RUNNING);
        JobMachine voting = started(1, "a");
        JobMachine running = started(1, "a");
        on(running, new JobEvent.AckCommit("a"));

        assertThat(aborting.on(new JobEvent.RunTimeout())).isEmpty();
        assertThat(aborting.on(new JobEvent.VotingTimeout())).isEmpty();
        assertThat(voting.on(new JobEvent.AbortTimeout())).isEmpty();
        assertThat(running.on(new JobEvent.AbortTimeout())).isEmpty();
    }

    @Test
    void jobThatHasEndedIsNotAborted() {
        JobMachine job = started(1, "a");
        on(job, new JobEvent.NackCommit("a"));

        assertThat(job.on(ABORT)).isEmpty();
        assertThat(job.status()).isEqualTo(JobStatus.QUORUM_FAILED);
        assertThat(job.isAborting()).isFalse();
    }

    @Test
    void requestBeforeTheStartIsRefused() {
        JobMachine job = JobMachine.create(List.of("a"), 1, false);

        assertThatIllegalStateException().isThrownBy(() -> job.on(ABORT));
    }

    // ---- after a restart

    @Test
    void abortGoesOnAfterARestart() {
        // given
        JobMachine job = JobMachine.restoreAborting(
                nodes("a", NodeStatus.RUNNING, "b", NodeStatus.ABORTED), JobStatus.RUNNING, 1, true);

        // then
        assertThat(on(job, new JobEvent.Resumed())).isEqualTo("send abort [a]; abort timer");
        assertThat(on(job, new JobEvent.ReportsRunning("a"))).isEqualTo("send abort [a]");
        assertThat(on(job, new JobEvent.Aborted("a")))
                .isEqualTo("a is aborted; job is aborted; job_complete aborted; end");
    }

    @ParameterizedTest
    @EnumSource(names = {"NEW", "VOTING", "RUNNING"})
    void abortOfNodesThatWaitIsCompletedAfterARestart(JobStatus status) {
        JobMachine job =
                JobMachine.restoreAborting(nodes("a", NodeStatus.READY, "b", NodeStatus.NACKED), status, 1, true);

        assertThat(on(job, new JobEvent.Resumed()))
                .endsWith("a is aborted; send abort [a]; job is aborted; job_complete aborted; end");
    }

    @Test
    void resumedJobIsAborted() {
        JobMachine job = restored(JobStatus.RUNNING, "a", NodeStatus.READY, "b", NodeStatus.RUNNING);

        assertThat(on(job, ABORT)).isEqualTo("abort by alice; a is aborted; send abort [a, b]; abort timer");
        assertThat(on(job, new JobEvent.ReportsCommitted("a"))).isEqualTo("send abort [a]");
    }

    @Test
    void everyFinalStatusOfANodeIsKeptByAnAbort() {
        Map<String, NodeStatus> nodes = new LinkedHashMap<>();
        EnumSet.allOf(NodeStatus.class).stream()
                .filter(NodeStatus::isTerminal)
                .forEach(status -> nodes.put(status.label(), status));
        nodes.put("a", NodeStatus.RUNNING);
        JobMachine job = JobMachine.restore(nodes, JobStatus.RUNNING, 1, true);
        on(job, new JobEvent.Resumed());

        assertThat(on(job, ABORT)).isEqualTo("abort by alice; send abort [a]; abort timer");
    }

    // ---- jobs to begin with

    private static JobMachine started(int quorum, String... nodes) {
        JobMachine job = JobMachine.create(List.of(nodes), quorum, true);
        on(job, new JobEvent.Started());
        return job;
    }

    /** Node a has come to run, or was ready when the abort was asked for; node b runs. */
    private static JobMachine aborting(NodeStatus ofA) {
        JobMachine job = started(2, "a", "b");
        on(job, new JobEvent.AckCommit("a"));
        on(job, new JobEvent.AckCommit("b"));
        on(job, new JobEvent.AckRun("b"));
        if (ofA == NodeStatus.RUNNING) {
            on(job, new JobEvent.AckRun("a"));
        }
        on(job, ABORT);
        assertThat(job.nodes()).containsEntry("a", ofA);
        return job;
    }

    private static JobMachine restored(JobStatus status, String a, NodeStatus ofA, String b, NodeStatus ofB) {
        JobMachine job = JobMachine.restore(nodes(a, ofA, b, ofB), status, 1, true);
        on(job, new JobEvent.Resumed());
        return job;
    }

    private static Map<String, NodeStatus> nodes(String a, NodeStatus ofA, String b, NodeStatus ofB) {
        Map<String, NodeStatus> nodes = new LinkedHashMap<>();
        nodes.put(a, ofA);
        nodes.put(b, ofB);
        return nodes;
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
