package org.pushjobs.server.bus;

/** Something cannot be put on the wire, or what has come from it cannot be read. The message holds nothing of the contents. */
public final class WireException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WireException(String message) {
        super(message);
    }
}
