package org.pushjobs.packager;

/** What is to be packed cannot be packed as it is; the message says why. */
public final class PackagerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public PackagerException(String message) {
        super(message);
    }
}
