package org.pushjobs.config;

import java.time.Duration;
import java.util.Objects;

/**
 * The life of jobs.
 *
 * @param votingTimeout how long a vote lasts at most
 * @param defaultRunTimeout for jobs that name none
 * @param abortGrace how long nodes that run have to answer an abort
 * @param recovery what happens at start to jobs that have not ended
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
}
