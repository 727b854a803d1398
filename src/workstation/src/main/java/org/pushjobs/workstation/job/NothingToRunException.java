package org.pushjobs.workstation.job;

/** There is no node to run a job on. The message is for people. */
final class NothingToRunException extends Exception {
    private static final long serialVersionUID = 1L;

    NothingToRunException(String message) {
        super(message);
    }
}
