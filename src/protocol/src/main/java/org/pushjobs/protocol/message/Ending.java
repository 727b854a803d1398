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
 */
public record Ending(int exitCode, Optional<String> signal, boolean timedOut, Optional<StreamedOutput> output) {
    public Ending {
        Objects.requireNonNull(signal, "signal");
        Objects.requireNonNull(output, "output");
    }

    /** A command that ended by itself and whose output is not sent in parts. */
    public static Ending ofExitCode(int exitCode) {
        return new Ending(exitCode, Optional.empty(), false, Optional.empty());
    }
}
