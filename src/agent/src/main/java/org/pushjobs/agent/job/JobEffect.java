package org.pushjobs.agent.job;

import java.util.Optional;
import org.pushjobs.agent.execution.CommandOutcome;
import org.pushjobs.agent.execution.PreparedJob;
import org.pushjobs.agent.execution.Refusal;
import org.pushjobs.protocol.message.ServerMessage.Commit;

/** What {@link AgentMachine} wants done. */
public sealed interface JobEffect {
    /** Find out whether the job can run here; answer by {@code Prepared} or {@code Refused}. */
    record Prepare(Commit commit) implements JobEffect {}

    /** Send {@code ack_commit}. */
    record AckCommit(String jobId) implements JobEffect {}

    /** Send {@code nack_commit}. */
    record NackCommit(String jobId, Refusal refusal) implements JobEffect {}

    /** Start the command; answer by {@code Started} and {@code Ended}, or {@code StartFailed}. */
    record Start(PreparedJob job) implements JobEffect {}

    /** Send {@code ack_run}. */
    record AckRun(String jobId) implements JobEffect {}

    /** Send {@code nack_run}. */
    record NackRun(String jobId, Refusal refusal) implements JobEffect {}

    /** Kill the command; {@code Ended} tells when it is gone. */
    record Kill(PreparedJob job) implements JobEffect {}

    /** Send {@code succeeded} or {@code failed}, surely. */
    record Report(PreparedJob job, CommandOutcome outcome) implements JobEffect {}

    /** Drop results that wait to be sent, and send {@code aborted} with the job given here or that of such a result. */
    record Aborted(Optional<String> jobId) implements JobEffect {}

    /** Nothing follows from the input; worth a line in the log. */
    record Ignored(JobPhase phase, JobInput input) implements JobEffect {}
}
