package org.pushjobs.server.api;

import java.util.Objects;
import java.util.Optional;
import org.pushjobs.server.ServerException;

/**
 * A request body is refused. Answered as {@code {"error":"…"}}, a string where other errors have a list (rest-api.md). Some texts
 * are those of the original and name no more than it did; which field is wrong, and its value, is said beside them.
 */
final class ValidationException extends ServerException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<WrongField> wrong;

    ValidationException(int status, String message) {
        this(status, message, Optional.empty());
    }

    ValidationException(int status, String message, WrongField wrong) {
        this(status, message, Optional.of(wrong));
    }

    private ValidationException(int status, String message, Optional<WrongField> wrong) {
        super(status, message);
        this.wrong = Objects.requireNonNull(wrong, "wrong");
    }

    /** What of the body is wrong; empty when it is all of it. */
    Optional<WrongField> wrong() {
        return wrong;
    }
}
