package org.pushjobs.workstation.remote;

/** A request did not get what it asked for. The message is for people and says what to do. */
public abstract sealed class ServerFailure extends Exception
        permits RequestRefusedException, ServerUnreachableException, UnusableAnswerException {
    private static final long serialVersionUID = 1L;

    ServerFailure(String message) {
        super(message);
    }

    /** Whether the same question may well be answered a moment later. */
    public abstract boolean temporary();
}
