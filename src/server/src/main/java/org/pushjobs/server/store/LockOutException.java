package org.pushjobs.server.store;

import org.pushjobs.server.ServerException;

/** A change was not made: it takes away what others may do, and nobody said that this is meant. */
public final class LockOutException extends ServerException {
    private static final long serialVersionUID = 1L;

    /** @param message who would lose what, and how to keep it */
    LockOutException(String message) {
        super(409, message);
    }
}
