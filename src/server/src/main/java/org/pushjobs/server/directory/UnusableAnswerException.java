package org.pushjobs.server.directory;

/** The Chef server answered, but not with what it was asked for. The message says what came instead. */
final class UnusableAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableAnswerException(String message) {
        super(message, null, false, false);
    }
}
