package org.pushjobs.agent.job;

import org.pushjobs.agent.execution.CommandOutcome;
import org.pushjobs.agent.execution.PreparedJob;
import org.pushjobs.agent.execution.Refusal;
import org.pushjobs.protocol.message.ServerMessage.Commit;

/** What can happen to {@link AgentMachine}. */
public sealed interface JobInput {
    /** The server asks whether the job can run here. */
    record CommitReceived(Commit commit) implements JobInput {}

    /** The server asks, and it is plain without a look at the machine that the answer is no. */
    record CommitRefused(String jobId, Refusal refusal) implements JobInput {}

    /** The job can run here. */
    record Prepared(Commit commit, PreparedJob job) implements JobInput {}

    /** It cannot. */
    record Refused(Commit commit, Refusal refusal) implements JobInput {}

    /** The server wants the job to run. */
    record RunReceived(String jobId) implements JobInput {}

    /** The command was started. */
    record Started(PreparedJob job) implements JobInput {}

    /** It could not be started. */
    record StartFailed(PreparedJob job, String reason) implements JobInput {}

    /** The command has ended, of itself or killed. */
    record Ended(PreparedJob job, CommandOutcome outcome) implements JobInput {}

    /** The server wants everything dropped. */
    record AbortReceived() implements JobInput {}
}
