package org.pushjobs.protocol.codec;

/** A commit is authentic but cannot be taken: it is too large, or a field of it is wrong. It can be answered. */
public final class RefusedCommitException extends RejectedMessageException {
    private static final long serialVersionUID = 1L;

    private final String jobId;

    RefusedCommitException(String jobId, RejectedMessageException cause) {
        super(cause.reason(), cause.getMessage());
        this.jobId = jobId;
    }

    /** The job that it asks for. */
    public String jobId() {
        return jobId;
    }
}
