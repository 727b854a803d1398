package org.pushjobs.server.store;

import org.pushjobs.server.ServerException;

/** There was no connection to the database, so that it has seen nothing of what was asked. */
public final class NotSentException extends ServerException {
    private static final long serialVersionUID = 1L;

    public NotSentException(Throwable cause) {
        super(UNAVAILABLE, message(cause));
        initCause(cause);
    }

    private static String message(Throwable cause) {
        return ServerException.isTemporary(cause)
                ? cause.getMessage()
                : StoreErrors.what(cause) + ": " + cause.getMessage();
    }
}
