package org.pushjobs.zmtp;

import org.pushjobs.zmtp.wire.CloseReason;

/** What a server counts; called on its event loop, so it must be quick and, for several servers, thread-safe. */
public interface ZmtpStatistics {
    /** Counts nothing. */
    ZmtpStatistics NONE = new ZmtpStatistics() {};

    /** A connection was accepted and its handshake may begin. */
    default void accepted() {}

    /**
     * A handshake succeeded.
     *
     * @param nanos since it was accepted
     */
    default void opened(long nanos) {}

    /** A connection ended after its handshake. */
    default void closed(CloseReason reason) {}

    /** A connection was not let in, or ended during its handshake. */
    default void refused(CloseReason reason) {}

    /** A message was not sent because its peer does not read. */
    default void dropped() {}
}
