package org.pushjobs.agent.execution;

import java.util.Objects;
import java.util.Optional;

/**
 * How a command ended.
 *
 * @param exitStatus 0 to 255, 128 and more when a signal ended it
 * @param timedOut whether it was ended because its run time was over
 * @param output sealed, where the job asked for it; to be closed by whoever has the outcome
 */
public record CommandOutcome(int exitStatus, boolean timedOut, Optional<OutputSpool> output) {
    private static final int SIGNAL_BASE = 128;

    public CommandOutcome {
        Objects.requireNonNull(output, "output");
    }

    public boolean succeeded() {
        return exitStatus == 0;
    }

    /** The signal that ended it, without {@code SIG}, as far as the exit status tells. */
    public Optional<String> signal() {
        return SignalNames.of(exitStatus - SIGNAL_BASE);
    }
}
