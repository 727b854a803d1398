package org.pushjobs.protocol.message;

import java.util.Objects;
import java.util.Optional;

/**
 * How a command ended (protocol 2.1). That a result has it also says that the agent keeps the result until the server
 * acknowledges it.
 *
 * @param exitCode 0 to 255; 128 and more when a signal ended the command, as a shell would say it
 * @param signal name of the signal that ended it, without {@code SIG}
 * @param timedOut whether the agent ended it because its run time was over
 * @param output what was sent of its output while it ran; empty when nothing is captured
 * @param tail the last that it wrote, where it failed, nothing is captured and the server takes it
 */
public record Ending(
        int exitCode,
        Optional<String> signal,
        boolean timedOut,
        Optional<StreamedOutput> output,
        Optional<OutputTail> tail) {
    public Ending {
        Objects.requireNonNull(signal, "signal");
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(tail, "tail");
    }

    /** Without the last of the output. */
    public Ending(int exitCode, Optional<String> signal, boolean timedOut, Optional<StreamedOutput> output) {
        this(exitCode, signal, timedOut, output, Optional.empty());
    }

    /** The same with another tail. */
    public Ending with(Optional<OutputTail> newTail) {
        return new Ending(exitCode, signal, timedOut, output, newTail);
    }

    /** A command that ended by itself and whose output is not sent in parts. */
    public static Ending ofExitCode(int exitCode) {
        return new Ending(exitCode, Optional.empty(), false, Optional.empty());
    }
}
