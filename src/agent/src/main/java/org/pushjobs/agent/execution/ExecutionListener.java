package org.pushjobs.agent.execution;

/** Told what becomes of a command: either {@code startFailed}, or {@code started} and then {@code ended}. */
public interface ExecutionListener {
    void started();

    /** @param reason for the log */
    void startFailed(String reason);

    void ended(CommandOutcome outcome);
}
