package org.pushjobs.agent.link;

/**
 * The request for the configuration did not get as far as the server: the host's name is unknown, nobody takes connections
 * there, or something is short here. The server has had no work with it, so it may be tried again sooner than after an
 * answer.
 */
final class NobodyAskedException extends ConfigFetchException {
    private static final long serialVersionUID = 1L;

    NobodyAskedException(String message) {
        super(message);
    }
}
