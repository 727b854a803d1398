package org.pushjobs.server.store;

import io.vertx.sqlclient.Row;
import org.pushjobs.server.jobs.model.OutputState;

/**
 * {@link OutputState} in the columns output_state, stdout_size, stderr_size, stdout_dropped and stderr_dropped of job_nodes.
 */
final class OutputCodes {
    private static final int NONE = 0;
    private static final int KEPT = 1;
    private static final int DROPPED = 2;

    private OutputCodes() {}

    static Integer code(OutputState state) {
        return switch (state) {
            case OutputState.None _, OutputState.Partial _ -> NONE;
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

    static Long stdoutDropped(OutputState state) {
        return state instanceof OutputState.Kept kept ? kept.stdoutDroppedBytes() : null;
    }

    static Long stderrDropped(OutputState state) {
        return state instanceof OutputState.Kept kept ? kept.stderrDroppedBytes() : null;
    }

    /** Of a row with the columns above, the sizes are those of parts where the state is none. */
    static OutputState state(Row row) {
        int code = row.getInteger("output_state");
        return switch (code) {
            case NONE ->
                row.getInteger("stdout_size") == null
                        ? new OutputState.None()
                        : new OutputState.Partial(row.getInteger("stdout_size"), row.getInteger("stderr_size"));
            case KEPT ->
                new OutputState.Kept(
                        row.getInteger("stdout_size"),
                        row.getInteger("stderr_size"),
                        row.getLong("stdout_dropped"),
                        row.getLong("stderr_dropped"));
            case DROPPED -> new OutputState.Dropped();
            default -> throw new IllegalArgumentException("no state of output has the code " + code);
        };
    }
}
