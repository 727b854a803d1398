package org.pushjobs.agent.job;

import java.util.Optional;
import org.pushjobs.agent.execution.Refusal;
import org.pushjobs.protocol.message.ServerMessage.Commit;

/**
 * The agent's rules for jobs (wire-protocol.md, "What the agent does with it"): one job at a time, a vote for every commit,
 * at most one start per commit, every start followed by a result or by the answer to an abort. Pure: no I/O, no clock.
 */
public final class AgentMachine {
    private static final Refusal NOT_COMMITTED = new Refusal(Refusal.Kind.NOT_COMMITTED, "not committed to this job");

    private AgentMachine() {}

    /** The phase that follows, and what is to be done. */
    public record Transition(JobPhase phase, JobEffect effect) {}

    public static Transition apply(JobPhase phase, JobInput input) {
        return switch (input) {
            case JobInput.CommitReceived(var commit) -> commit(phase, commit);
            case JobInput.CommitRefused(var jobId, var refusal) -> to(phase, new JobEffect.NackCommit(jobId, refusal));
            case JobInput.Prepared prepared -> prepared(phase, prepared);
            case JobInput.Refused refused -> refused(phase, refused);
            case JobInput.RunReceived(var jobId) -> run(phase, jobId);
            case JobInput.Started started -> started(phase, started);
            case JobInput.StartFailed failed -> startFailed(phase, failed);
            case JobInput.Ended ended -> ended(phase, ended);
            case JobInput.AbortReceived _ -> abort(phase);
        };
    }

    private static Transition commit(JobPhase phase, Commit commit) {
        return switch (phase) {
            case JobPhase.Idle _ -> to(new JobPhase.Preparing(commit), new JobEffect.Prepare(commit));
            case JobPhase.Preparing _,
                    JobPhase.Committed _,
                    JobPhase.Starting _,
                    JobPhase.Running _,
                    JobPhase.Aborting _ ->
                to(phase, new JobEffect.NackCommit(commit.jobId(), new Refusal(Refusal.Kind.BUSY, busy(phase))));
        };
    }

    private static Transition prepared(JobPhase phase, JobInput.Prepared input) {
        return phase instanceof JobPhase.Preparing(var commit) && commit.equals(input.commit())
                ? to(new JobPhase.Committed(input.job()), new JobEffect.AckCommit(commit.jobId()))
                : ignored(phase, input);
    }

    private static Transition refused(JobPhase phase, JobInput.Refused input) {
        return phase instanceof JobPhase.Preparing(var commit) && commit.equals(input.commit())
                ? to(new JobPhase.Idle(), new JobEffect.NackCommit(commit.jobId(), input.refusal()))
                : ignored(phase, input);
    }

    private static Transition run(JobPhase phase, String jobId) {
        return switch (phase) {
            case JobPhase.Committed(var job)
            when job.jobId().equals(jobId) -> to(new JobPhase.Starting(job), new JobEffect.Start(job));
            case JobPhase.Idle _, JobPhase.Preparing _, JobPhase.Committed _ ->
                to(phase, new JobEffect.NackRun(jobId, NOT_COMMITTED));
            case JobPhase.Starting _, JobPhase.Running _, JobPhase.Aborting _ ->
                phase.jobId().equals(Optional.of(jobId))
                        ? ignored(phase, new JobInput.RunReceived(jobId))
                        : to(phase, new JobEffect.NackRun(jobId, new Refusal(Refusal.Kind.BUSY, busy(phase))));
        };
    }

    private static Transition started(JobPhase phase, JobInput.Started input) {
        return phase instanceof JobPhase.Starting(var job)
                ? to(new JobPhase.Running(job), new JobEffect.AckRun(job.jobId()))
                : ignored(phase, input);
    }

    private static Transition startFailed(JobPhase phase, JobInput.StartFailed input) {
        return switch (phase) {
            case JobPhase.Starting(var job) ->
                to(
                        new JobPhase.Idle(),
                        new JobEffect.NackRun(job.jobId(), new Refusal(Refusal.Kind.START_FAILED, input.reason())));
            case JobPhase.Aborting(var job) -> aborted(Optional.of(job.jobId()));
            case JobPhase.Idle _, JobPhase.Preparing _, JobPhase.Committed _, JobPhase.Running _ ->
                ignored(phase, input);
        };
    }

    private static Transition ended(JobPhase phase, JobInput.Ended input) {
        return switch (phase) {
            case JobPhase.Running(var job) -> to(new JobPhase.Idle(), new JobEffect.Report(job, input.outcome()));
            case JobPhase.Aborting(var job) -> aborted(Optional.of(job.jobId()));
            case JobPhase.Idle _, JobPhase.Preparing _, JobPhase.Committed _, JobPhase.Starting _ ->
                ignored(phase, input);
        };
    }

    private static Transition abort(JobPhase phase) {
        return switch (phase) {
            case JobPhase.Idle _, JobPhase.Preparing _, JobPhase.Committed _ -> aborted(phase.jobId());
            case JobPhase.Starting(var job) -> to(new JobPhase.Aborting(job), new JobEffect.Kill(job));
            case JobPhase.Running(var job) -> to(new JobPhase.Aborting(job), new JobEffect.Kill(job));
            case JobPhase.Aborting _ -> ignored(phase, new JobInput.AbortReceived());
        };
    }

    private static String busy(JobPhase phase) {
        return "busy with job " + phase.jobId().orElseThrow();
    }

    private static Transition aborted(Optional<String> jobId) {
        return to(new JobPhase.Idle(), new JobEffect.Aborted(jobId));
    }

    private static Transition ignored(JobPhase phase, JobInput input) {
        return to(phase, new JobEffect.Ignored(phase, input));
    }

    private static Transition to(JobPhase phase, JobEffect effect) {
        return new Transition(phase, effect);
    }
}
