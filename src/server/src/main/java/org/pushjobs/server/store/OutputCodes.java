package org.pushjobs.server.store;

/** {@link OutputState} in the columns output_state, stdout_size and stderr_size of job_nodes. */
final class OutputCodes {
    private static final int NONE = 0;
    private static final int KEPT = 1;
    private static final int DROPPED = 2;

    private OutputCodes() {}

    static Integer code(OutputState state) {
        return switch (state) {
            case OutputState.None _ -> NONE;
            case OutputState.Kept _ -> KEPT;
            case OutputState.Dropped _ -> DROPPED;
        };
    }

    static Integer stdoutSize(OutputState state) {
        return state instanceof OutputState.Kept kept ? kept.stdoutBytes() : null;
    }

    static Integer stderrSize(OutputState state) {
        return state instanceof OutputState.Kept kept ? kept.stderrBytes() : null;
    }

    /** @param stdoutSize and the other size are there for output that is kept */
    static OutputState state(int code, Integer stdoutSize, Integer stderrSize) {
        return switch (code) {
            case NONE -> new OutputState.None();
            case KEPT -> new OutputState.Kept(stdoutSize, stderrSize);
            case DROPPED -> new OutputState.Dropped();
            default -> throw new IllegalArgumentException("no state of output has the code " + code);
        };
    }
}
