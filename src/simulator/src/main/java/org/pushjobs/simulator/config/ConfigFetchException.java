package org.pushjobs.simulator.config;

/** No configuration, with the reason. */
public final class ConfigFetchException extends Exception {
    private static final long serialVersionUID = 1L;

    ConfigFetchException(String message) {
        super(message);
    }
}
