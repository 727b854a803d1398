package org.pushjobs.agent.execution;

import java.util.Objects;
import java.util.Optional;

/**
 * How a command ended.
 *
 * @param exitStatus 128 and more when a signal ended it
 * @param captured its output, where the job asked for it
 */
public record CommandOutcome(int exitStatus, Optional<Captured> captured) {
    public CommandOutcome {
        Objects.requireNonNull(captured, "captured");
    }

    public boolean succeeded() {
        return exitStatus == 0;
    }
}
