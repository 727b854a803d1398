package org.pushjobs.zmtp;

import java.util.Objects;
import org.pushjobs.zmtp.wire.CloseReason;

/** A connection of a client ended before its handshake did. */
public final class ZmtpRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final CloseReason reason;

    ZmtpRefusedException(CloseReason reason) {
        super("the handshake failed: " + reason, null, false, false);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** {@link CloseReason#REFUSED} when the server sent an ERROR. */
    public CloseReason reason() {
        return reason;
    }
}
