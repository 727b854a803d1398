package org.pushjobs.rubyconfig;

/** A file is more than plain settings, or may be. */
final class NotPlainException extends Exception {
    private static final long serialVersionUID = 1L;

    NotPlainException() {
        super(null, null, false, false);
    }
}
