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
        boolean passing = switch (cause) {
            case PgException error -> isPassing(error.getSqlState());
            // Closed connections, a full queue of waiting requests, a pool that could not connect.
            case VertxException _, IOException _, TimeoutException _ -> true;
            default -> false;
        };
        if (!passing) {
            return cause;
        }
        ServerException unavailable =
                ServerException.unavailable("the database does not answer: " + cause.getMessage());
        unavailable.initCause(cause);
        return unavailable;
    }

    /** Classes 22 (data), 23 (constraints) and 42 (syntax, missing tables) are what no waiting mends. */
    private static boolean isPassing(String sqlState) {
        return !(sqlState.startsWith("22") || sqlState.startsWith("23") || sqlState.startsWith("42"));
    }
}
