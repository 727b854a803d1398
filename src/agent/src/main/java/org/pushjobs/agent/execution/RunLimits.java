package org.pushjobs.agent.execution;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Bounds of one run of a command.
 *
 * @param outputBytes the most that is kept of each of its two channels, where its output is captured
 * @param tailBytes the most that is kept of the end of what it writes, where it fails and its output is not captured; 0 for
 *     nothing
 * @param runTime after which it is ended; empty for as long as it likes
 */
public record RunLimits(int outputBytes, int tailBytes, Optional<Duration> runTime) {
    public RunLimits {
        if (outputBytes < 1) {
            throw new IllegalArgumentException("outputBytes must be positive, is " + outputBytes);
        }
        if (tailBytes < 0) {
            throw new IllegalArgumentException("tailBytes must not be negative, is " + tailBytes);
        }
        Objects.requireNonNull(runTime, "runTime");
    }

    /** Nothing is kept of what is not captured. */
    public RunLimits(int outputBytes, Optional<Duration> runTime) {
        this(outputBytes, 0, runTime);
    }
}
