package org.pushjobs.agent.job;

import java.util.Optional;
import org.pushjobs.agent.execution.PreparedJob;
import org.pushjobs.protocol.message.JobState;
import org.pushjobs.protocol.message.ServerMessage.Commit;

/** What the agent is doing about jobs. */
public sealed interface JobPhase {
    /** The job it is about. */
    Optional<String> jobId();

    /** What heartbeats say about it. */
    JobState reported();

    /** The job that is in hand, prepared and not over. */
    default Optional<PreparedJob> prepared() {
        return switch (this) {
            case Idle _, Preparing _ -> Optional.empty();
            case Committed(var job) -> Optional.of(job);
            case Starting(var job) -> Optional.of(job);
            case Running(var job) -> Optional.of(job);
            case Aborting(var job) -> Optional.of(job);
        };
    }

    /** Nothing. */
    record Idle() implements JobPhase {
        @Override
        public Optional<String> jobId() {
            return Optional.empty();
        }

        @Override
        public JobState reported() {
            return JobState.IDLE;
        }
    }

    /** Finding out whether the job can run here; the vote is not given yet. */
    record Preparing(Commit commit) implements JobPhase {
        @Override
        public Optional<String> jobId() {
            return Optional.of(commit.jobId());
        }

        @Override
        public JobState reported() {
            return JobState.IDLE;
        }
    }

    /** Promised to run the job. */
    record Committed(PreparedJob job) implements JobPhase {
        @Override
        public Optional<String> jobId() {
            return Optional.of(job.jobId());
        }

        @Override
        public JobState reported() {
            return JobState.COMMITTED;
        }
    }

    /** The command is being started. */
    record Starting(PreparedJob job) implements JobPhase {
        @Override
        public Optional<String> jobId() {
            return Optional.of(job.jobId());
        }

        @Override
        public JobState reported() {
            return JobState.RUNNING;
        }
    }

    /** The command runs. */
    record Running(PreparedJob job) implements JobPhase {
        @Override
        public Optional<String> jobId() {
            return Optional.of(job.jobId());
        }

        @Override
        public JobState reported() {
            return JobState.RUNNING;
        }
    }

    /** The command is being killed; no other job is taken before it is gone. */
    record Aborting(PreparedJob job) implements JobPhase {
        @Override
        public Optional<String> jobId() {
            return Optional.of(job.jobId());
        }

        @Override
        public JobState reported() {
            return JobState.RUNNING;
        }
    }
}
