package org.pushjobs.agent.link;

import org.pushjobs.agent.settings.AgentException;

/** The configuration could not be had from the server; the message says why. */
class ConfigFetchException extends AgentException {
    private static final long serialVersionUID = 1L;

    ConfigFetchException(String message) {
        super(message);
    }
}
