package org.pushjobs.agent.execution;

import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.message.OutputTail;

/**
 * How a command ended.
 *
 * @param exitStatus 0 to 255, 128 and more when a signal ended it
 * @param timedOut whether it was ended because its run time was over
 * @param output sealed, where the job asked for it; to be closed by whoever has the outcome
 * @param tail the last of its output, where it failed and nobody had asked for that
 */
public record CommandOutcome(
        int exitStatus, boolean timedOut, Optional<OutputSpool> output, Optional<OutputTail> tail) {
    private static final int SIGNAL_BASE = 128;

    public CommandOutcome {
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(tail, "tail");
    }

    /** Of a command of which no tail was kept. */
    public CommandOutcome(int exitStatus, boolean timedOut, Optional<OutputSpool> output) {
        this(exitStatus, timedOut, output, Optional.empty());
    }

    public boolean succeeded() {
        return exitStatus == 0;
    }

    /** The signal that ended it, without {@code SIG}, as far as the exit status tells. */
    public Optional<String> signal() {
        return SignalNames.of(exitStatus - SIGNAL_BASE);
    }
}
