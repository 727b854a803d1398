package org.pushjobs.agent.link;

/**
 * The request for the configuration did not leave this machine: the host's name is unknown, or something is short here. The
 * server has not noticed, so it may be tried again sooner than after an answer.
 */
final class NobodyAskedException extends ConfigFetchException {
    private static final long serialVersionUID = 1L;

    NobodyAskedException(String message) {
        super(message);
    }
}
