package org.pushjobs.protocol.request;

import java.util.Objects;

/** The authentication headers of a request are unusable (request-signing.md, checks 1 to 3). */
public final class RequestAuthenticationException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Which check failed. */
    public enum Failure {
        MISSING_HEADERS,
        BAD_TIMESTAMP,
        CLOCK_SKEW,
        UNSUPPORTED_VERSION
    }

    private final Failure failure;

    RequestAuthenticationException(Failure failure, String message) {
        super(message, null, false, false);
        this.failure = Objects.requireNonNull(failure, "failure");
    }

    public Failure failure() {
        return failure;
    }
}
