package org.pushjobs.agent.job;

import java.util.Objects;
import org.pushjobs.agent.execution.CommandOutcome;

/** How a job ended on this node. */
public record JobResult(String jobId, CommandOutcome outcome) {
    public JobResult {
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(outcome, "outcome");
    }
}
