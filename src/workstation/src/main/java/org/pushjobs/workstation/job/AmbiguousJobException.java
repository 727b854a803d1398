package org.pushjobs.workstation.job;

/** Text stands for no job, or for several; the message is for people and names them. */
public final class AmbiguousJobException extends Exception {
    private static final long serialVersionUID = 1L;

    AmbiguousJobException(String message) {
        super(message);
    }
}
