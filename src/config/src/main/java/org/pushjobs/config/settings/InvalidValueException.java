package org.pushjobs.config.settings;

/** A value does not have its setting's form; the message goes on after "KEY is VALUE but must be". */
final class InvalidValueException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidValueException(String expected) {
        super(expected, null, false, false);
    }
}
