package org.pushjobs.server.store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnectOptions;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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
 * <p>Besides the pools there is a {@link WatchConnection}, which tells an outage. A ping that it gets no answer to fails all
 * that is under way at once. Waiting for a connection, connecting, a statement and silence on a connection are all bounded in
 * time.
 *
 * <p>Of several hosts the one that takes writes is used for everything; {@link HostWatch} says when to look for another one.
 * Each time the hosts are searched all connections are given up, so that none leads to a host that was used before.
 *
 * <p>Usable from any thread; its own work and its listeners run on one context.
 */
public final class Database {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** While one host is away another one may be about to take over. */
    private static final Duration LONGEST_PAUSE_OF_SEVERAL = Duration.ofMillis(500);

    private final Vertx vertx;
    private final Context context;
    private final DatabaseHost host;
    /** The same, where there are several. */
    private final Optional<ReplicatedHosts> replicas;

    private final GuardedPool pool;
    private final GuardedPool writes;
    private final GuardedPool leases;
    private final DatabaseLack lack = new DatabaseLack();
    private final Promise<Void> firstReady = Promise.promise();
    private final List<Consumer<Boolean>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Instant>> timeListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> revocations = new CopyOnWriteArrayList<>();
    private final List<Consumer<MoveReason>> moveListeners = new CopyOnWriteArrayList<>();
    private final Set<String> loggedCauses = new HashSet<>();
    private volatile Optional<PgConnectOptions> endpoint = Optional.empty();
    private volatile Optional<String> usedHost = Optional.empty();
    private volatile String trouble = "the database does not answer";
    private volatile boolean ready;
    private volatile boolean closed;
    private volatile boolean otherMachine;
    private Optional<WatchConnection> watcher = Optional.empty();
    private Duration pause = FIRST_PAUSE;
    private long downSinceNanos = System.nanoTime();

    private Database(Vertx vertx, DatabaseConfig config, String process, DatabaseHost.Local.Starter starter) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.replicas = config instanceof DatabaseConfig.Replicated several
                ? Optional.of(new ReplicatedHosts(vertx, several, this::moved))
                : Optional.empty();
        this.host = switch (config) {
            case DatabaseConfig.External external -> new DatabaseHost.Remote(external);
            case DatabaseConfig.Replicated _ -> replicas.orElseThrow();
            case DatabaseConfig.Embedded embedded -> new DatabaseHost.Local(embedded, starter);
        };
        int poolSize = config.poolSize();
        this.pool = guarded(poolSize, options -> options);
        this.writes = guarded(Math.min(poolSize, PgSettings.WRITE_CONNECTIONS), PgSettings::forWrites);
        this.leases = guarded(PgSettings.LEASE_CONNECTIONS, options -> PgSettings.forLeases(options, process));
    }

    private GuardedPool guarded(int size, UnaryOperator<SqlConnectOptions> settings) {
        return new GuardedPool(
                () -> PgSettings.pool(vertx, size, () -> connectOptions().map(settings)), lack::failed);
    }

    /** For the server: an embedded database is started, and stopped by {@link #close}. */
    public static Database open(Vertx vertx, DatabaseConfig config) {
        return open(vertx, config, UUID.randomUUID().toString());
    }

    /** @param process its id, another one in each life */
    public static Database open(Vertx vertx, DatabaseConfig config, String process) {
        return open(vertx, config, process, EmbeddedDatabase::start);
    }

    /** For a short-lived command: uses the embedded database of a server that runs, see {@link EmbeddedDatabase#join}. */
    public static Database join(Vertx vertx, DatabaseConfig config) {
        return open(vertx, config, UUID.randomUUID().toString(), EmbeddedDatabase::join);
    }

    private static Database open(
            Vertx vertx, DatabaseConfig config, String process, DatabaseHost.Local.Starter starter) {
        Database database = new Database(vertx, config, process, starter);
        database.context.runOnContext(_ -> database.begin());
        return database;
    }

    private void begin() {
        attempt();
        replicas.ifPresent(hosts -> {
            HostWatch watch = new HostWatch(hosts, this::longestWait, lack, this::move);
            vertx.setPeriodic(HostWatch.INTERVAL.toMillis(), timer -> {
                if (closed) {
                    vertx.cancelTimer(timer);
                } else if (watcher.isPresent()) {
                    watch.look();
                }
            });
        });
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
        return ready ? lack.current() : Optional.of(trouble);
    }

    /** The hosts that the database may be on, by names for people. */
    public List<String> hosts() {
        return host.names();
    }

    /** Which of the {@link #hosts} is used; empty while the database does not answer. */
    public Optional<String> usedHost() {
        return usedHost;
    }

    /** Which of several hosts is used, how often that changed and why last, for people; empty where there is one only. */
    public Optional<String> hostDescription() {
        return replicas.map(ReplicatedHosts::description);
    }

    /** Calls the listener, on the database's context, each time another host is used than before. */
    public void onMove(Consumer<MoveReason> listener) {
        moveListeners.add(listener);
    }

    private void moved(MoveReason reason) {
        // what the host before could not do
        lack.ended();
        moveListeners.forEach(listener -> listener.accept(reason));
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
            usedHost = Optional.empty();
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
        host.find(context)
                .compose(found -> context.executeBlocking(() -> prepare(found))
                        .compose(applied -> WatchConnection.connect(vertx, endpoint.orElseThrow(), this::revoked)
                                .onSuccess(connection -> begin(connection, found, applied))))
                .onFailure(this::failed);
    }

    /** How many migrations were applied. */
    private int prepare(DatabaseConfig.External found) throws SQLException {
        int applied = firstReady.future().isComplete() ? 0 : Migrations.run(found);
        endpoint = Optional.of(PgSettings.connection(found));
        otherMachine = host.isOtherMachine(found);
        return applied;
    }

    /** Another server does not go away because this one waits, nor does a directory appear. */
    private void failed(Throwable cause) {
        if (cause instanceof DataDirectoryUnusable) {
            firstReady.tryFail(new ServerException(500, cause.getMessage()));
        } else {
            retry(cause);
        }
    }

    private void revoked(String whose) {
        revocations.forEach(listener -> listener.accept(whose));
    }

    private void tellTime(Instant now) {
        if (otherMachine) {
            timeListeners.forEach(listener -> listener.accept(now));
        }
    }

    private void begin(PgConnection connection, DatabaseConfig.External found, int applied) {
        if (closed) {
            connection.close();
            return;
        }
        WatchConnection watching = new WatchConnection(vertx, connection, lack, this::tellTime, this::lost);
        watcher = Optional.of(watching);
        pools().forEach(GuardedPool::answers);
        usedHost = Optional.of(host.name(found));
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
        watching.begin();
    }

    private void lost(Throwable cause) {
        boolean silent = cause instanceof TimeoutException;
        away();
        if (silent || replicas.isPresent()) {
            pools().forEach(GuardedPool::hung);
        }
        replicas.ifPresent(hosts -> hosts.left(
                silent ? MoveReason.NO_ANSWER : MoveReason.CONNECTION_LOST, String.valueOf(cause.getMessage())));
        retry(cause);
    }

    /** Another host is to be used, though the connections to this one are open. */
    private void move(MoveReason reason, String why) {
        if (watcher.isPresent()) {
            away();
            pools().forEach(GuardedPool::hung);
            replicas.ifPresent(hosts -> hosts.left(reason, why));
            attempt();
        }
    }

    private void away() {
        dropWatcher();
        ready = false;
        usedHost = Optional.empty();
        downSinceNanos = System.nanoTime();
        listeners.forEach(listener -> listener.accept(false));
    }

    private Duration longestWait() {
        return Stream.concat(watcher.map(WatchConnection::longestWait).stream(), pools().map(GuardedPool::longestWait))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private void dropWatcher() {
        watcher.ifPresent(WatchConnection::end);
        watcher = Optional.empty();
    }

    private void retry(Throwable cause) {
        if (closed) {
            return;
        }
        if (replicas.isPresent()) {
            trouble = StoreErrors.what(cause) + ": " + cause.getMessage();
        }
        if (loggedCauses.size() < 10 && loggedCauses.add(String.valueOf(cause.getMessage()))) {
            LOG.warn(
                    "{}, trying until it does [database: {}, cause: {}]",
                    StoreErrors.what(cause),
                    host,
                    cause.getMessage());
        }
        vertx.setTimer(pause.toMillis(), _ -> attempt());
        Duration longest = replicas.isPresent() ? LONGEST_PAUSE_OF_SEVERAL : LONGEST_PAUSE;
        pause = pause.multipliedBy(2).compareTo(longest) > 0 ? longest : pause.multipliedBy(2);
    }
}
