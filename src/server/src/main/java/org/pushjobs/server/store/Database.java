package org.pushjobs.server.store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnectOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.schema.Migrations;
import org.pushjobs.server.ServerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to PostgreSQL. It is there at once and becomes ready when the database answers and has the newest schema;
 * until then, and again after an outage, it tries with pauses of 0.2 s rising to 5 s, for ever. Beginning and end of an
 * outage are logged once.
 *
 * <p>Besides the pools there is one connection that only watches: its end, or a ping that is not answered, is what tells an
 * outage. A ping that is not answered fails all that is under way at once. Waiting for a connection, connecting, a statement
 * and silence on a connection are all bounded in time.
 *
 * <p>Usable from any thread; its own work and its listeners run on one context.
 */
public final class Database {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration PING_INTERVAL = Duration.ofSeconds(2);

    /** Also tells the time of the database. */
    private static final String PING = "select clock_timestamp()";

    /** A ping that took longer tells no time. */
    private static final Duration QUICK_PING = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Context context;
    private final DatabaseHost host;
    private final GuardedPool pool;
    private final GuardedPool writes;
    private final GuardedPool leases;
    private final DatabaseLack lack = new DatabaseLack();
    private final Promise<Void> firstReady = Promise.promise();
    /** Where it is told that keys were revoked; each server listens. */
    static final String KEYS_REVOKED = "pushjobs_keys_revoked";

    private final List<Consumer<Boolean>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Instant>> timeListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> revocations = new CopyOnWriteArrayList<>();
    private final Set<String> loggedCauses = new HashSet<>();
    private volatile Optional<PgConnectOptions> endpoint = Optional.empty();
    private volatile boolean ready;
    private volatile boolean closed;
    private volatile boolean otherMachine;
    private Optional<PgConnection> watcher = Optional.empty();
    private Duration pause = FIRST_PAUSE;
    private long downSinceNanos = System.nanoTime();

    private Database(Vertx vertx, DatabaseHost host, int poolSize) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.host = host;
        this.pool = guarded(poolSize, options -> options);
        this.writes = guarded(Math.min(poolSize, PgSettings.WRITE_CONNECTIONS), PgSettings::forWrites);
        this.leases = guarded(PgSettings.LEASE_CONNECTIONS, PgSettings::forLeases);
    }

    private GuardedPool guarded(int size, UnaryOperator<SqlConnectOptions> settings) {
        return new GuardedPool(
                () -> PgSettings.pool(vertx, size, () -> connectOptions().map(settings)), lack::failed);
    }

    /** For the server: an embedded database is started, and stopped by {@link #close}. */
    public static Database open(Vertx vertx, DatabaseConfig config) {
        return open(vertx, config, EmbeddedDatabase::start);
    }

    /** For a short-lived command: uses the embedded database of a server that runs, see {@link EmbeddedDatabase#join}. */
    public static Database join(Vertx vertx, DatabaseConfig config) {
        return open(vertx, config, EmbeddedDatabase::join);
    }

    private static Database open(Vertx vertx, DatabaseConfig config, DatabaseHost.Local.Starter starter) {
        DatabaseHost host = switch (config) {
            case DatabaseConfig.External external -> new DatabaseHost.Remote(external);
            case DatabaseConfig.Embedded embedded -> new DatabaseHost.Local(embedded, starter);
        };
        Database database = new Database(vertx, host, config.poolSize());
        database.context.runOnContext(_ -> database.attempt());
        return database;
    }

    /** There from the start. While the database is not ready its queries fail. */
    public Pool pool() {
        return pool;
    }

    /**
     * As {@link #pool}, for the few statements that write what happened in jobs: those end before their writer gives up
     * waiting, so that hardly any is carried out late, and none waits behind requests.
     */
    public Pool writes() {
        return writes;
    }

    /**
     * As {@link #pool}, for {@link LeaseStore} alone: its statements end soon, and none waits behind what is written or read
     * otherwise.
     */
    public Pool leases() {
        return leases;
    }

    /** Succeeds when the database is ready for the first time; fails when it is closed before. */
    public Future<Void> ready() {
        return firstReady.future();
    }

    /** Whether the database answers and has the newest schema. */
    public boolean isReady() {
        return ready;
    }

    /**
     * Why the database cannot be used now, for people; empty when it can. A database that answers and takes no writes, for
     * want of space or because it is read-only, is known by what it refused lately.
     */
    public Optional<String> problem() {
        return ready ? lack.current() : Optional.of("the database does not answer");
    }

    /** Calls the listener every few seconds with the database's time, while it is another machine's. */
    public void onTime(Consumer<Instant> listener) {
        timeListeners.add(listener);
    }

    /** Calls the listener, on the database's context, with each change of {@link #isReady}. */
    public void onChange(Consumer<Boolean> listener) {
        listeners.add(listener);
    }

    /**
     * Calls the listener, on the database's context, when a server or a command has revoked keys, with the organisation's guid,
     * a space and the {@link Claimant}. What happened during an outage is not told: look again when it is over.
     */
    public void onKeysRevoked(Consumer<String> listener) {
        revocations.add(listener);
    }

    /** Closes the connections and stops an embedded database. */
    public Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(_ -> {
            closed = true;
            ready = false;
            firstReady.tryFail(ServerException.unavailable("the database connection is closed"));
            dropWatcher();
            Future.join(pools().map(GuardedPool::close).toList())
                    .transform(_ -> context.<Void>executeBlocking(() -> {
                        host.close();
                        return null;
                    }))
                    .onComplete(done);
        });
        return done.future();
    }

    private Stream<GuardedPool> pools() {
        return Stream.of(pool, writes, leases);
    }

    private Future<SqlConnectOptions> connectOptions() {
        return endpoint.<Future<SqlConnectOptions>>map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(ServerException.unavailable("the database is not ready yet")));
    }

    private void attempt() {
        if (closed) {
            return;
        }
        context.executeBlocking(() -> {
                    DatabaseConfig.External connection = host.connection();
                    int applied = firstReady.future().isComplete() ? 0 : Migrations.run(connection);
                    endpoint = Optional.of(PgSettings.connection(connection));
                    otherMachine = host.isOtherMachine();
                    return applied;
                })
                .compose(applied -> connect().map(connection -> {
                    begin(connection, applied);
                    return applied;
                }))
                .onFailure(this::failed);
    }

    /** Another server does not go away because this one waits, nor does a directory appear. */
    private void failed(Throwable cause) {
        if (cause instanceof DataDirectoryUnusable) {
            firstReady.tryFail(new ServerException(500, cause.getMessage()));
        } else {
            retry(cause);
        }
    }

    private Future<PgConnection> connect() {
        Future<PgConnection> connecting = PgConnection.connect(vertx, endpoint.orElseThrow())
                .compose(connection -> connection
                        .notificationHandler(notification ->
                                revocations.forEach(listener -> listener.accept(notification.getPayload())))
                        .query("listen " + KEYS_REVOKED)
                        .execute()
                        .map(connection)
                        .onFailure(_ -> connection.close()));
        return connecting
                .timeout(PgSettings.ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(_ -> connecting.onSuccess(PgConnection::close));
    }

    private void begin(PgConnection connection, int applied) {
        if (closed) {
            connection.close();
            return;
        }
        watcher = Optional.of(connection);
        connection.exceptionHandler(cause -> lost(connection, cause));
        connection.closeHandler(_ -> lost(connection, new IllegalStateException("the connection was closed")));
        pools().forEach(GuardedPool::answers);
        ready = true;
        pause = FIRST_PAUSE;
        loggedCauses.clear();
        LOG.info(
                "the database answers [database: {}, migrations applied: {}, waited: {} ms]",
                host,
                applied,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - downSinceNanos));
        firstReady.tryComplete();
        listeners.forEach(listener -> listener.accept(true));
        ping(connection);
    }

    private void ping(PgConnection connection) {
        vertx.setTimer(PING_INTERVAL.toMillis(), _ -> {
            if (isWatching(connection)) {
                long begin = System.nanoTime();
                answered(connection, PING)
                        .onSuccess(rows -> {
                            tellTime(rows.iterator().next(), Duration.ofNanos(System.nanoTime() - begin));
                            probe(connection);
                        })
                        .onFailure(cause -> lost(connection, cause));
            }
        });
    }

    private static Future<RowSet<Row>> answered(PgConnection connection, String sql) {
        return connection.query(sql).execute().timeout(PgSettings.ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tellTime(Row row, Duration took) {
        if (otherMachine && took.compareTo(QUICK_PING) < 0) {
            Instant now = row.getOffsetDateTime(0).toInstant();
            timeListeners.forEach(listener -> listener.accept(now));
        }
    }

    /** Whether a database that took no writes takes them again is found out by one that leaves no trace. */
    private void probe(PgConnection connection) {
        if (!lack.isToBeProbed()) {
            ping(connection);
            return;
        }
        answered(connection, DatabaseLack.PROBE).onComplete(probed -> {
            if (probed.succeeded()) {
                lack.ended();
            } else {
                lack.probeFailed(probed.cause());
            }
            ping(connection);
        });
    }

    private void lost(PgConnection connection, Throwable cause) {
        if (!isWatching(connection)) {
            return;
        }
        dropWatcher();
        ready = false;
        if (cause instanceof TimeoutException) {
            pools().forEach(GuardedPool::hung);
        }
        downSinceNanos = System.nanoTime();
        listeners.forEach(listener -> listener.accept(false));
        retry(cause);
    }

    private boolean isWatching(PgConnection connection) {
        return watcher.filter(current -> current == connection).isPresent();
    }

    private void dropWatcher() {
        Optional<PgConnection> dropped = watcher;
        watcher = Optional.empty();
        dropped.ifPresent(connection -> connection.close());
    }

    private void retry(Throwable cause) {
        if (closed) {
            return;
        }
        if (loggedCauses.size() < 10 && loggedCauses.add(String.valueOf(cause.getMessage()))) {
            LOG.warn(
                    "{}, trying until it does [database: {}, cause: {}]",
                    StoreErrors.what(cause),
                    host,
                    cause.getMessage());
        }
        vertx.setTimer(pause.toMillis(), _ -> attempt());
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
    }
}
