package org.pushjobs.server.api;

import org.pushjobs.server.ServerException;

/** A request body is refused. Answered as {@code {"error":"…"}}, a string where other errors have a list (rest-api.md). */
final class ValidationException extends ServerException {
    private static final long serialVersionUID = 1L;

    ValidationException(int status, String message) {
        super(status, message);
    }
}
