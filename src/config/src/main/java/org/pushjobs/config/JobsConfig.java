package org.pushjobs.config;

import java.time.Duration;
import java.util.Objects;

/**
 * The life of jobs.
 *
 * @param votingTimeout how long a vote lasts at most
 * @param defaultRunTimeout for jobs that name none
 * @param abortGrace how long nodes that run have to answer an abort
 * @param recovery what happens to jobs that have not ended when a process begins to run them
 * @param retention how long a job is kept after its end, zero for ever
 */
public record JobsConfig(
        Duration votingTimeout,
        Duration defaultRunTimeout,
        Duration abortGrace,
        JobRecovery recovery,
        Duration retention) {
    public JobsConfig {
        Objects.requireNonNull(votingTimeout, "votingTimeout");
        Objects.requireNonNull(defaultRunTimeout, "defaultRunTimeout");
        Objects.requireNonNull(abortGrace, "abortGrace");
        Objects.requireNonNull(recovery, "recovery");
        Objects.requireNonNull(retention, "retention");
    }

    /** The same, but jobs that have not ended go on. */
    public JobsConfig resuming() {
        return new JobsConfig(votingTimeout, defaultRunTimeout, abortGrace, JobRecovery.RESUME, retention);
    }
}
