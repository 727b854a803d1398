package org.pushjobs.server.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import org.pushjobs.server.feeds.HungReader;

/**
 * Closes connections that wait too long for a request, or whose client does not read the end of its answer, so that slow or
 * silent clients cannot hold them for ever. While a request is being answered its connection has no deadline: an event feed
 * may last for days. Used on one event loop only.
 */
final class ConnectionDeadlines {
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final HttpLimits limits;
    private final Map<HttpConnection, Waiting> connections = new IdentityHashMap<>();

    ConnectionDeadlines(Vertx vertx, HttpLimits limits) {
        this.vertx = vertx;
        this.limits = limits;
    }

    void opened(HttpConnection connection) {
        Waiting waiting = new Waiting(connection);
        connections.put(connection, waiting);
        connection.closeHandler(_ -> {
            waiting.stop();
            connections.remove(connection);
        });
        waiting.start(limits.headTimeout());
    }

    void requestBegan(HttpServerRequest request) {
        Waiting waiting = connections.get(request.connection());
        if (waiting != null) {
            waiting.openRequests++;
            waiting.stop();
        }
    }

    /** The answer was sent, the request itself may not have come to its end. */
    void requestEnded(HttpServerRequest request) {
        Waiting waiting = connections.get(request.connection());
        if (waiting != null && --waiting.openRequests == 0) {
            waiting.start(request.isEnded() ? limits.idleTimeout() : limits.drainTimeout());
        }
    }

    private final class Waiting {
        private final HttpConnection connection;
        private int openRequests;
        private long timer = NO_TIMER;

        Waiting(HttpConnection connection) {
            this.connection = connection;
        }

        void start(Duration timeout) {
            stop();
            timer = vertx.setTimer(timeout.toMillis(), _ -> end());
        }

        /** What the client has not read of its answer yet it can still have, but not for ever. */
        private void end() {
            connection.close();
            timer = vertx.setTimer(limits.idleTimeout().toMillis(), _ -> HungReader.cutOff(connection));
        }

        void stop() {
            if (timer != NO_TIMER) {
                vertx.cancelTimer(timer);
                timer = NO_TIMER;
            }
        }
    }
}
