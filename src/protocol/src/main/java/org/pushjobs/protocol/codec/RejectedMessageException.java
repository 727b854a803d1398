package org.pushjobs.protocol.codec;

import java.util.Objects;

/**
 * A received message broke a rule of wire-protocol.md and must be dropped. It carries no stack trace: a flood of bad
 * messages has to stay cheap.
 */
public sealed class RejectedMessageException extends Exception permits WrongTimeException, RefusedCommitException {
    private static final long serialVersionUID = 1L;

    private final RejectionReason reason;

    /**
     * @param reason the rule that failed
     * @param detail what was wrong, for the log; never holds secrets or captured output
     */
    public RejectedMessageException(RejectionReason reason, String detail) {
        super(detail, null, false, false);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    public RejectionReason reason() {
        return reason;
    }
}
