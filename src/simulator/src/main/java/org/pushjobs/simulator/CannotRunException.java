package org.pushjobs.simulator;

/** Something outside the program is not as it has to be; the message says what and what to do. */
public final class CannotRunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CannotRunException(String message) {
        super(message);
    }
}
