package org.pushjobs.protocol.keys;

/** Text that should be a key is none; the message says why and never repeats the text. */
public final class InvalidKeyTextException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidKeyTextException(String message) {
        super(message);
    }
}
