package org.pushjobs.agent.whitelist;

/** A regular expression needs too much time or space for a command; the message says which. */
final class PatternLimitException extends Exception {
    private static final long serialVersionUID = 1L;

    PatternLimitException(String message) {
        super(message);
    }
}
