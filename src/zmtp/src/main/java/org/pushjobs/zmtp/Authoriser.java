package org.pushjobs.zmtp;

import io.vertx.core.Future;

/**
 * Decides which peers may come in. Called on the event loop of the connection; when the answer fails or takes longer than
 * the handshake's time limit, the peer is refused for now.
 *
 * @param <U> what the application ties to a connection
 */
@FunctionalInterface
public interface Authoriser<U> {
    /**
     * @param clientKey the peer's permanent public key, which it has proved to own: 32 bytes; empty with NULL
     * @param address the peer's IP address
     */
    Future<Verdict<U>> authorise(byte[] clientKey, String address);

    /** Lets everyone in. */
    static <U> Authoriser<U> everyone(U user) {
        Verdict<U> accepted = new Verdict.Accepted<>(user);
        return (_, _) -> Future.succeededFuture(accepted);
    }
}
