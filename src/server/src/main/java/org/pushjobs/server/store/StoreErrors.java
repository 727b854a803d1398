package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.pushjobs.server.ServerException;

/** Tells a database that is away from a statement that is wrong. */
final class StoreErrors {
    /** The class of SQL states about connections. */
    private static final String CONNECTION = "08";

    private static final String NO_ANSWER = "the database does not answer";
    private static final int SQL_STATE_LENGTH = 5;

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
            case PgException error -> isPassing(error.getSqlState()) ? unavailable(error) : error;
            // Closed connections, a full queue of waiting requests, a pool that could not connect.
            case VertxException _, IOException _, TimeoutException _ -> unavailable(cause);
            default -> cause;
        };
    }

    private static ServerException unavailable(Throwable cause) {
        ServerException unavailable = ServerException.unavailable(what(cause) + ": " + cause.getMessage());
        unavailable.initCause(cause);
        return unavailable;
    }

    /** What is the matter with the database, for people; a sentence without its end. */
    static String what(Throwable cause) {
        if (cause instanceof NoWritableHostException none && none.someoneAnswers()) {
            return "no host of the database takes writes";
        }
        String sqlState = sqlState(cause).orElse(CONNECTION);
        return lack(cause).orElseGet(() -> switch (sqlState.substring(0, 2)) {
            case CONNECTION -> NO_ANSWER;
            case "57" -> sqlState.startsWith("57P") ? NO_ANSWER : "the database took too long";
            case "28" -> "the database does not let the server in";
            case "3D" -> "there is no such database";
            case "42" -> "the database refuses what the server asks of it, are the tables and the grants whole?";
            default -> "the database could not do it";
        });
    }

    /** Of what the database itself has said, also where a library has put it into an exception of its own. */
    private static Optional<String> sqlState(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Optional<String> found = switch (cause) {
                case PgException error -> Optional.of(error.getSqlState());
                case SQLException error -> Optional.ofNullable(error.getSQLState());
                default -> Optional.empty();
            };
            if (found.filter(state -> state.length() == SQL_STATE_LENGTH).isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /**
     * What keeps a database that answers from doing anything for the server; it lasts until somebody mends it.
     *
     * @return a sentence without its end; empty when the failure is none of these
     */
    static Optional<String> lack(Throwable cause) {
        return sqlState(cause).flatMap(StoreErrors::lack);
    }

    private static Optional<String> lack(String state) {
        return switch (state) {
            case "53100" -> Optional.of("the database has no space left");
            case "53200" -> Optional.of("the database has no memory left");
            case "53300" -> Optional.of("the database has no connections left");
            case "25006" -> Optional.of("the database takes no writes, it is read-only");
            default -> state.startsWith("53") ? Optional.of("the database is at one of its limits") : Optional.empty();
        };
    }

    /**
     * Classes 22 (data) and 23 (constraints) are about what was sent. All others are about the database: it is full (53), it
     * stops (57), it has lost a file (58), somebody took a table or a right away (42); waiting mends them, or an operator.
     */
    private static boolean isPassing(String sqlState) {
        return !(sqlState.startsWith("22") || sqlState.startsWith("23"));
    }
}
