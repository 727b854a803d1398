package org.pushjobs.agent.execution;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Bounds of one run of a command.
 *
 * @param outputBytes the most that is kept of each of its two channels, where its output is captured
 * @param runTime after which it is ended; empty for as long as it likes
 */
public record RunLimits(int outputBytes, Optional<Duration> runTime) {
    public RunLimits {
        if (outputBytes < 1) {
            throw new IllegalArgumentException("outputBytes must be positive, is " + outputBytes);
        }
        Objects.requireNonNull(runTime, "runTime");
    }
}
