package org.pushjobs.server.jobs.model;

/** What became of a node's captured output. */
public sealed interface OutputState {
    /** There was none to keep: the job does not capture, or the command did not end by itself. */
    record None() implements OutputState {}

    /**
     * It is stored.
     *
     * @param stdoutBytes size in UTF-8
     * @param stderrBytes size in UTF-8
     * @param stdoutDroppedBytes what was written after that and is not stored
     * @param stderrDroppedBytes the same of the standard error
     */
    record Kept(int stdoutBytes, int stderrBytes, long stdoutDroppedBytes, long stderrDroppedBytes)
            implements OutputState {
        /** All of it. */
        public Kept(int stdoutBytes, int stderrBytes) {
            this(stdoutBytes, stderrBytes, 0, 0);
        }
    }

    /**
     * So much came while the command ran, which has not ended, or not by itself. The database tells it, it is not noted.
     *
     * @param stdoutBytes size so far
     * @param stderrBytes size so far
     */
    record Partial(int stdoutBytes, int stderrBytes) implements OutputState {}

    /** The job captures, but the agent sent its result without output, because that was too long. */
    record Dropped() implements OutputState {}
}
