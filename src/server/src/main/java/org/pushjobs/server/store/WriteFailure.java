package org.pushjobs.server.store;

import io.vertx.pgclient.PgException;
import java.util.concurrent.TimeoutException;
import org.pushjobs.server.ServerException;

/** What is known of a {@linkplain JobWrites write} that failed. */
public enum WriteFailure {
    /** The database has not seen it: whatever was to be written is not the cause. */
    NOT_SENT,

    /** Nothing of it is in the database, nor will be; the same may succeed later. */
    NOT_DONE,

    /** It may be in the database, or come into it later; the same may be written again. */
    UNKNOWN,

    /**
     * Nothing of it is in the database. It may be that the database is in trouble, and it may be what was written: a limit
     * that it exceeds (SQLSTATE class 54), a damaged row that it touches (class XX).
     */
    SUSPECT,

    /** The database refuses what was written and will do so again; nothing of it is there. */
    REFUSED,

    /** The writer's term is over: nothing of it is there, and nothing that this writer writes will ever be. */
    FENCED;

    /** @param failure of a future of {@link JobWrites}, or of a wait for it that was given up */
    public static WriteFailure of(Throwable failure) {
        if (failure instanceof StaleEpochException) {
            return FENCED;
        }
        if (failure instanceof NotSentException) {
            return NOT_SENT;
        }
        if (failure instanceof TimeoutException) {
            return UNKNOWN;
        }
        if (ServerException.isTemporary(failure)) {
            return failure.getCause() instanceof PgException error ? ofState(error.getSqlState()) : UNKNOWN;
        }
        return REFUSED;
    }

    private static WriteFailure ofState(String sqlState) {
        return switch (sqlState.substring(0, Math.min(2, sqlState.length()))) {
            case "54", "XX" -> SUSPECT;
            // the end of a connection may come after that of a transaction
            case "08" -> UNKNOWN;
            case "57" -> sqlState.startsWith("57P") ? UNKNOWN : NOT_DONE;
            default -> NOT_DONE;
        };
    }

    /** Whether the same may succeed later. */
    public boolean isTemporary() {
        return switch (this) {
            case NOT_SENT, NOT_DONE, UNKNOWN, SUSPECT -> true;
            case REFUSED, FENCED -> false;
        };
    }
}
