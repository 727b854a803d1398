package org.pushjobs.apitest;

/** The server did something else than it should; the message says what, for people. */
final class CaseFailure extends Exception {
    private static final long serialVersionUID = 1L;

    CaseFailure(String message) {
        super(message);
    }
}
