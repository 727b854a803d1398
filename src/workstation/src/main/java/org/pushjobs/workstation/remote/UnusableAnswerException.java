package org.pushjobs.workstation.remote;

/** The server answered with success, but not with what this request should get. */
public final class UnusableAnswerException extends ServerFailure {
    private static final long serialVersionUID = 1L;

    UnusableAnswerException(String what) {
        super("the server's answer is " + what + "; is the server URL that of a push jobs server?");
    }

    @Override
    public boolean temporary() {
        return false;
    }
}
