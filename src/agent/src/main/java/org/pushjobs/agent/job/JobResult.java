package org.pushjobs.agent.job;

import java.util.Objects;
import org.pushjobs.agent.execution.CommandOutcome;
import org.pushjobs.agent.execution.OutputSpool;

/** How a job ended on this node. */
public record JobResult(String jobId, CommandOutcome outcome) {
    public JobResult {
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(outcome, "outcome");
    }

    /** It will not be sent again: its output is not needed any more. */
    void discard() {
        outcome.output().ifPresent(OutputSpool::close);
    }
}
