package org.pushjobs.agent.execution;

import java.util.Optional;

/**
 * Told what becomes of a command: either {@code startFailed}, or {@code started}, then any of the others, and {@code ended}
 * at last.
 */
public interface ExecutionListener {
    /** @param output fills while the command runs, where the job asked for it */
    void started(Optional<OutputSpool> output);

    /** @param reason for the log */
    void startFailed(String reason);

    /** There is more output. Called often, so it must not block. */
    void outputGrew();

    /** The command's run time is over, it is being ended. */
    void timingOut();

    void ended(CommandOutcome outcome);
}
