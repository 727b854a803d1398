package org.pushjobs.zmtp;

import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Frames;

/**
 * What happens to connections; called on the event loop of the connection, which it must not block. An exception closes
 * the connection.
 *
 * @param <U> what the application ties to a connection
 */
public interface ZmtpListener<U> {
    /** The handshake is done. */
    default void opened(ZmtpConnection<U> connection) {}

    /**
     * A message came; not called for a PUB.
     *
     * @param frames valid during the call only
     */
    void message(ZmtpConnection<U> connection, Frames frames);

    /** The peer of a PUB has asked for messages, for the first time on this connection. */
    default void subscribed(ZmtpConnection<U> connection) {}

    /** An {@link #opened} connection ended; the last call for it. */
    default void closed(ZmtpConnection<U> connection, CloseReason reason) {}
}
