package org.pushjobs.server.store;

import org.pushjobs.server.ServerException;

/** What was to be written belongs to a term that is over; nothing of it was. Another server has taken over, or does so now. */
public final class StaleEpochException extends ServerException {
    private static final long serialVersionUID = 1L;

    /** @param epoch of the term that is over */
    public StaleEpochException(long epoch) {
        super(UNAVAILABLE, "another server has taken over the jobs [epoch: " + epoch + "]");
    }
}
