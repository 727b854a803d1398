package org.pushjobs.server.api;

import org.pushjobs.server.ServerException;

/**
 * Nobody of the name that the request carries has signed it: 401 with a challenge (request-signing.md, checks 7 and 9).
 */
final class UnprovenRequestorException extends ServerException {
    private static final long serialVersionUID = 1L;

    /** The value of {@code WWW-Authenticate}. */
    static final String CHALLENGE = "X-Ops-Sign version=\"1.0\" version=\"1.1\" version=\"1.3\"";

    UnprovenRequestorException(String message) {
        super(401, message);
    }
}
