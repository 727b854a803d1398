package org.pushjobs.simulator.config;

import java.util.OptionalInt;

/** No configuration, with the reason. */
public final class ConfigFetchException extends Exception {
    private static final long serialVersionUID = 1L;

    /** 0 for none. */
    private final int status;

    ConfigFetchException(String message) {
        super(message);
        this.status = 0;
    }

    ConfigFetchException(int status, String text) {
        super("the server answered " + status + ": " + text);
        this.status = status;
    }

    /** The status of the server's answer; empty when the answer was fine but for what it holds. */
    public OptionalInt status() {
        return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
    }
}
