package org.pushjobs.server.store;

/** What became of a node's captured output. */
public sealed interface OutputState {
    /** There was none to keep: the job does not capture, or the command did not end by itself. */
    record None() implements OutputState {}

    /**
     * It is stored.
     *
     * @param stdoutBytes size in UTF-8
     * @param stderrBytes size in UTF-8
     */
    record Kept(int stdoutBytes, int stderrBytes) implements OutputState {}

    /** The job captures, but the agent sent its result without output, because that was too long. */
    record Dropped() implements OutputState {}
}
