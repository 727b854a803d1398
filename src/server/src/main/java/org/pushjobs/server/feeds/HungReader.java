package org.pushjobs.server.feeds;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * Ends a connection whose client may not read. {@link HttpConnection#close} sends what waits for the client before it closes;
 * to one that has stopped reading that never comes to its end, and the connection and its buffers would stay for ever.
 */
public final class HungReader {
    private HungReader() {}

    /** Closes the connection at once; what was not sent is dropped. On its event loop. */
    public static void cutOff(HttpConnection connection) {
        switch (connection) {
            case HttpServerConnection server -> server.channelHandlerContext().close();
            default -> connection.close();
        }
    }
}
