package org.pushjobs.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushjobs.agent.execution.CommandOutcome;
import org.pushjobs.agent.execution.PreparedJob;
import org.pushjobs.agent.execution.Refusal;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.protocol.message.ServerMessage.Commit;

/** Every cell of the agent's table: phases by inputs. */
class AgentMachineTest {
    private static final Commit COMMIT_A = new Commit("a", "server", JobSpec.of("x"));
    private static final Commit COMMIT_B = new Commit("b", "server", JobSpec.of("x"));
    private static final Refusal NO = new Refusal(Refusal.Kind.BAD_FILE, "no");
    private static final PreparedJob A = job("a");
    private static final PreparedJob B = job("b");
    private static final CommandOutcome DONE = new CommandOutcome(0, false, Optional.empty());

    private static final JobPhase IDLE = new JobPhase.Idle();
    private static final JobPhase PREPARING = new JobPhase.Preparing(COMMIT_A);
    private static final JobPhase COMMITTED = new JobPhase.Committed(A);
    private static final JobPhase STARTING = new JobPhase.Starting(A);
    private static final JobPhase RUNNING = new JobPhase.Running(A);
    private static final JobPhase ABORTING = new JobPhase.Aborting(A);

    private static final JobInput ABORT = new JobInput.AbortReceived();
    private static final JobInput RUN_A = new JobInput.RunReceived("a");
    private static final JobInput RUN_B = new JobInput.RunReceived("b");
    private static final JobInput COMMIT = new JobInput.CommitReceived(COMMIT_A);
    private static final JobInput OTHER_COMMIT = new JobInput.CommitReceived(COMMIT_B);
    private static final JobInput PREPARED = new JobInput.Prepared(COMMIT_A, A);
    private static final JobInput OTHER_PREPARED = new JobInput.Prepared(COMMIT_B, B);
    private static final JobInput REFUSED = new JobInput.Refused(COMMIT_A, NO);
    private static final JobInput STARTED = new JobInput.Started(A);
    private static final JobInput START_FAILED = new JobInput.StartFailed(A, "no");
    private static final JobInput ENDED = new JobInput.Ended(A, DONE);

    private static PreparedJob job(String id) {
        return new PreparedJob(id, "true", Optional.empty(), Optional.empty(), Map.of(), Optional.empty(), false);
    }

    private static Stream<Arguments> cells() {
        JobEffect abortedA = new JobEffect.Aborted(Optional.of("a"));
        Refusal busy = new Refusal(Refusal.Kind.BUSY, "busy with job a");
        Refusal notCommitted = new Refusal(Refusal.Kind.NOT_COMMITTED, "not committed to this job");
        JobEffect busyB = new JobEffect.NackCommit("b", busy);
        JobEffect busyA = new JobEffect.NackCommit("a", busy);
        JobEffect notCommittedA = new JobEffect.NackRun("a", notCommitted);
        JobEffect notCommittedB = new JobEffect.NackRun("b", notCommitted);
        JobEffect runBusyB = new JobEffect.NackRun("b", busy);
        return Stream.of(
                Arguments.of(IDLE, COMMIT, PREPARING, new JobEffect.Prepare(COMMIT_A)),
                ignored(IDLE, PREPARED),
                ignored(IDLE, REFUSED),
                Arguments.of(IDLE, RUN_A, IDLE, notCommittedA),
                ignored(IDLE, STARTED),
                ignored(IDLE, START_FAILED),
                ignored(IDLE, ENDED),
                Arguments.of(IDLE, ABORT, IDLE, new JobEffect.Aborted(Optional.empty())),
                Arguments.of(PREPARING, COMMIT, PREPARING, busyA),
                Arguments.of(PREPARING, OTHER_COMMIT, PREPARING, busyB),
                Arguments.of(PREPARING, PREPARED, COMMITTED, new JobEffect.AckCommit("a")),
                ignored(PREPARING, OTHER_PREPARED),
                ignored(PREPARING, new JobInput.Refused(COMMIT_B, NO)),
                Arguments.of(PREPARING, REFUSED, IDLE, new JobEffect.NackCommit("a", NO)),
                Arguments.of(PREPARING, RUN_A, PREPARING, notCommittedA),
                ignored(PREPARING, STARTED),
                ignored(PREPARING, START_FAILED),
                ignored(PREPARING, ENDED),
                Arguments.of(PREPARING, ABORT, IDLE, abortedA),
                Arguments.of(COMMITTED, OTHER_COMMIT, COMMITTED, busyB),
                ignored(COMMITTED, PREPARED),
                ignored(COMMITTED, REFUSED),
                Arguments.of(COMMITTED, RUN_A, STARTING, new JobEffect.Start(A)),
                Arguments.of(COMMITTED, RUN_B, COMMITTED, notCommittedB),
                ignored(COMMITTED, STARTED),
                ignored(COMMITTED, START_FAILED),
                ignored(COMMITTED, ENDED),
                Arguments.of(COMMITTED, ABORT, IDLE, abortedA),
                Arguments.of(STARTING, OTHER_COMMIT, STARTING, busyB),
                ignored(STARTING, PREPARED),
                ignored(STARTING, REFUSED),
                ignored(STARTING, RUN_A),
                Arguments.of(STARTING, RUN_B, STARTING, runBusyB),
                Arguments.of(STARTING, STARTED, RUNNING, new JobEffect.AckRun("a")),
                Arguments.of(
                        STARTING,
                        START_FAILED,
                        IDLE,
                        new JobEffect.NackRun("a", new Refusal(Refusal.Kind.START_FAILED, "no"))),
                ignored(STARTING, ENDED),
                Arguments.of(STARTING, ABORT, ABORTING, new JobEffect.Kill(A)),
                Arguments.of(RUNNING, OTHER_COMMIT, RUNNING, busyB),
                ignored(RUNNING, PREPARED),
                ignored(RUNNING, REFUSED),
                ignored(RUNNING, RUN_A),
                Arguments.of(RUNNING, RUN_B, RUNNING, runBusyB),
                ignored(RUNNING, STARTED),
                ignored(RUNNING, START_FAILED),
                Arguments.of(RUNNING, ENDED, IDLE, new JobEffect.Report(A, DONE)),
                Arguments.of(RUNNING, ABORT, ABORTING, new JobEffect.Kill(A)),
                Arguments.of(ABORTING, OTHER_COMMIT, ABORTING, busyB),
                ignored(ABORTING, PREPARED),
                ignored(ABORTING, REFUSED),
                ignored(ABORTING, RUN_A),
                Arguments.of(ABORTING, RUN_B, ABORTING, runBusyB),
                ignored(ABORTING, STARTED),
                Arguments.of(ABORTING, START_FAILED, IDLE, abortedA),
                Arguments.of(ABORTING, ENDED, IDLE, abortedA),
                ignored(ABORTING, ABORT));
    }

    private static Arguments ignored(JobPhase phase, JobInput input) {
        return Arguments.of(phase, input, phase, new JobEffect.Ignored(phase, input));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void cellOfTheTable(JobPhase phase, JobInput input, JobPhase next, JobEffect effect) {
        AgentMachine.Transition transition = AgentMachine.apply(phase, input);

        assertThat(transition.phase()).isEqualTo(next);
        assertThat(transition.effect()).isEqualTo(effect);
    }

    private static Stream<JobPhase> phases() {
        return Stream.of(IDLE, PREPARING, COMMITTED, STARTING, RUNNING, ABORTING);
    }

    @ParameterizedTest
    @MethodSource("phases")
    void commitThatIsPlainlyRefusedChangesNoPhase(JobPhase phase) {
        AgentMachine.Transition transition =
                AgentMachine.apply(phase, new JobInput.CommitRefused(COMMIT_B.jobId(), NO));

        assertThat(transition.phase()).isEqualTo(phase);
        assertThat(transition.effect()).isEqualTo(new JobEffect.NackCommit("b", NO));
    }

    @Provide
    private Arbitrary<List<JobInput>> inputs() {
        return Arbitraries.of(
                        COMMIT,
                        OTHER_COMMIT,
                        PREPARED,
                        OTHER_PREPARED,
                        REFUSED,
                        RUN_A,
                        RUN_B,
                        ABORT,
                        STARTED,
                        START_FAILED,
                        ENDED)
                .list()
                .ofMaxSize(60);
    }

    /** Whatever comes: no start without a commitment, no second start before the first is over, one answer per start. */
    @Property(tries = 5000)
    void commandsDoNotOverlapAndEachIsAnsweredOnce(@ForAll("inputs") List<JobInput> inputs) {
        JobPhase phase = IDLE;
        List<Class<?>> effects = new ArrayList<>();
        boolean committed = false;
        boolean commandExists = false;
        boolean ackSent = false;
        for (JobInput input : inputs) {
            JobEffect effect;
            AgentMachine.Transition transition = AgentMachine.apply(phase, input);
            phase = transition.phase();
            effect = transition.effect();
            effects.add(effect.getClass());
            switch (effect) {
                case JobEffect.AckCommit _ -> {
                    assertThat(committed || commandExists).isFalse();
                    committed = true;
                }
                case JobEffect.Start _ -> {
                    assertThat(committed).as("%s", effects).isTrue();
                    assertThat(commandExists).as("%s", effects).isFalse();
                    committed = false;
                    commandExists = true;
                    ackSent = false;
                }
                case JobEffect.AckRun _ -> {
                    assertThat(commandExists && !ackSent).isTrue();
                    ackSent = true;
                }
                case JobEffect.Report _ -> {
                    assertThat(commandExists && ackSent).isTrue();
                    commandExists = false;
                }
                case JobEffect.Aborted _ -> {
                    committed = false;
                    commandExists = false;
                }
                case JobEffect.NackRun _ -> {
                    if (phase instanceof JobPhase.Idle && input instanceof JobInput.StartFailed) {
                        commandExists = false;
                    }
                }
                case JobEffect.Prepare _, JobEffect.NackCommit _, JobEffect.Kill _, JobEffect.Ignored _ -> {}
            }
        }
    }
}
