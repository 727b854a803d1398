package org.pushjobs.zmtp.wire;

import java.util.Objects;

/** The peer broke the protocol and is to be disconnected. Has no stack trace: peers may cause many. */
public final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1L;

    private final CloseReason reason;

    public ProtocolException(CloseReason reason, String message) {
        super(message, null, false, false);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** What the connection is closed with. */
    public CloseReason reason() {
        return reason;
    }
}
