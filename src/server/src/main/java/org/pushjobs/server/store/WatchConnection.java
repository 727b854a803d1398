package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The connection to the database that only watches: its end, or a ping that is not answered, is what tells an outage. It also
 * hears which keys were revoked, tells the time of the database, and finds out when a database that took no writes takes them
 * again. To be used on one context.
 */
final class WatchConnection {
    /** Where it is told that keys were revoked; each server listens. */
    static final String KEYS_REVOKED = "pushjobs_keys_revoked";

    private static final Duration PING_INTERVAL = Duration.ofSeconds(2);

    /** Also tells the time of the database. */
    private static final String PING = "select clock_timestamp()";

    /** A ping that took longer tells no time. */
    private static final Duration QUICK_PING = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final PgConnection connection;
    private final DatabaseLack lack;
    private final Consumer<Instant> time;
    private final Consumer<Throwable> lost;
    private Optional<Long> pingNanos = Optional.empty();
    private boolean ended;

    /**
     * @param connection made by {@link #connect}
     * @param time gets the database's time every few seconds
     * @param lost is called once, unless this is ended before; with a {@link java.util.concurrent.TimeoutException} when the
     *     database does not answer though the connection is open
     */
    WatchConnection(
            Vertx vertx, PgConnection connection, DatabaseLack lack, Consumer<Instant> time, Consumer<Throwable> lost) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.connection = Objects.requireNonNull(connection, "connection");
        this.lack = Objects.requireNonNull(lack, "lack");
        this.time = Objects.requireNonNull(time, "time");
        this.lost = Objects.requireNonNull(lost, "lost");
    }

    /** @param revocations gets what was told about revoked keys */
    static Future<PgConnection> connect(Vertx vertx, PgConnectOptions endpoint, Consumer<String> revocations) {
        Future<PgConnection> connecting = PgConnection.connect(vertx, endpoint)
                .compose(connection -> connection
                        .notificationHandler(notification -> revocations.accept(notification.getPayload()))
                        .query("listen " + KEYS_REVOKED)
                        .execute()
                        .map(connection)
                        .onFailure(_ -> connection.close()));
        return connecting
                .timeout(PgSettings.ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(_ -> connecting.onSuccess(PgConnection::close));
    }

    void begin() {
        connection.exceptionHandler(this::lost);
        connection.closeHandler(_ -> lost(new IllegalStateException("the connection was closed")));
        ping();
    }

    /** Closes the connection, without waiting for it; nothing more is told. */
    void end() {
        if (!ended) {
            ended = true;
            connection.close();
        }
    }

    private void lost(Throwable cause) {
        if (!ended) {
            end();
            lost.accept(cause);
        }
    }

    /** How long the ping that is under way has waited. */
    Duration longestWait() {
        return pingNanos
                .map(begin -> Duration.ofNanos(System.nanoTime() - begin))
                .orElse(Duration.ZERO);
    }

    private void ping() {
        vertx.setTimer(PING_INTERVAL.toMillis(), _ -> {
            if (!ended) {
                long begin = System.nanoTime();
                pingNanos = Optional.of(begin);
                answered(PING)
                        .onSuccess(rows -> {
                            pingNanos = Optional.empty();
                            tellTime(rows.iterator().next(), Duration.ofNanos(System.nanoTime() - begin));
                            probe();
                        })
                        .onFailure(this::lost);
            }
        });
    }

    private Future<RowSet<Row>> answered(String sql) {
        return connection.query(sql).execute().timeout(PgSettings.ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tellTime(Row row, Duration took) {
        if (took.compareTo(QUICK_PING) < 0) {
            time.accept(row.getOffsetDateTime(0).toInstant());
        }
    }

    /** Whether a database that took no writes takes them again is found out by one that leaves no trace. */
    private void probe() {
        if (!lack.isToBeProbed()) {
            ping();
            return;
        }
        answered(DatabaseLack.PROBE).onComplete(probed -> {
            if (probed.succeeded()) {
                lack.ended();
            } else {
                lack.probeFailed(probed.cause());
            }
            ping();
        });
    }
}
