package org.pushjobs.rubyconfig;

/** A configuration file has no values; the message says why, {@code FILE:LINE: …} where the reason is in the file. */
public final class RubyConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    RubyConfigException(String message) {
        super(message);
    }

    RubyConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
