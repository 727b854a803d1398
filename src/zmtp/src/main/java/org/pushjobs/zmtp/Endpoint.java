package org.pushjobs.zmtp;

import io.vertx.core.Future;
import java.time.Duration;
import org.pushjobs.zmtp.handshake.Handshake;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.SocketType;

/**
 * What is different between a server's connections and a client's. Called on their event loop.
 *
 * @param <U> what the application ties to a connection
 */
interface Endpoint<U> {
    SocketType type();

    Security security();

    Limits limits();

    ZmtpListener<U> listener();

    Handshake newHandshake(long connection);

    Future<Verdict<U>> authorise(byte[] clientKey, String address);

    /** The application's part of a connection that the other side has let in. */
    U user();

    /** How long a peer that is refused for now is kept. */
    Duration refusalDelay();

    /** The handshake is done. */
    void opened(ZmtpChannel<U> channel);

    /** A message was dropped because the peer does not read. */
    void dropped();

    /** A connection that was opened ended. */
    void closed(ZmtpChannel<U> channel, CloseReason reason);

    /** A connection ended during its handshake. */
    void refused(ZmtpChannel<U> channel, CloseReason reason);
}
