package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.pushjobs.server.ServerException;

/** Tells a database that is away from a statement that is wrong. */
final class StoreErrors {
    private StoreErrors() {}

    /**
     * The same future; where it fails because of the database's state, so that trying again later helps, it fails with a
     * {@link ServerException} of status 503.
     */
    static <T> Future<T> translated(Future<T> future) {
        return future.recover(cause -> Future.failedFuture(translate(cause)));
    }

    private static Throwable translate(Throwable cause) {
        return switch (cause) {
            case PgException error ->
                isPassing(error.getSqlState()) ? unavailable("the database cannot do it now: ", error) : error;
            // Closed connections, a full queue of waiting requests, a pool that could not connect.
            case VertxException _, IOException _, TimeoutException _ ->
                unavailable("the database does not answer: ", cause);
            default -> cause;
        };
    }

    private static ServerException unavailable(String what, Throwable cause) {
        ServerException unavailable = ServerException.unavailable(what + cause.getMessage());
        unavailable.initCause(cause);
        return unavailable;
    }

    /**
     * Classes 22 (data) and 23 (constraints) are about what was sent. All others are about the database: it is full (53), it
     * stops (57), it has lost a file (58), somebody took a table or a right away (42); waiting mends them, or an operator.
     */
    private static boolean isPassing(String sqlState) {
        return !(sqlState.startsWith("22") || sqlState.startsWith("23"));
    }
}
