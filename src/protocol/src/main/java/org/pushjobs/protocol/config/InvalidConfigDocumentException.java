package org.pushjobs.protocol.config;

/** A server's configuration document lacks a field or has a wrong one. */
public final class InvalidConfigDocumentException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidConfigDocumentException(String message) {
        super(message);
    }
}
