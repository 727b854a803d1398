package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.pushjobs.config.DatabaseConfig;

/** The bounds of the PostgreSQL client: in time, in requests that wait, in statements on their way. */
final class PgSettings {
    /** For a connection to be made or to become free, and for a ping. */
    static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    /** Two save what happened, one output of results and one other output; the others are for when those hang. */
    static final int WRITE_CONNECTIONS = 6;

    /** Below what {@code StoreWriter} and the writers of output wait for a statement. */
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(4);

    /** One to go on with while the other one hangs. */
    static final int LEASE_CONNECTIONS = 2;

    /** Below what {@link LeaseStore} waits for a statement. */
    private static final Duration LEASE_TIMEOUT = Duration.ofMillis(500);

    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(30);
    /** Above {@link #STATEMENT_TIMEOUT}, so that only a connection whose other end vanished is cut. */
    private static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(40);
    /** Below {@link #SILENCE_TIMEOUT}, so that a connection nobody needs is closed in good order. */
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(20);

    private static final String APPLICATION_NAME = "application_name";

    private static final int WAITING_LIMIT = 2_000;
    private static final int PIPELINING_LIMIT = 64;
    private static final int PREPARED_STATEMENTS = 128;
    private static final int PREPARED_STATEMENT_LENGTH = 8_192;

    /** Planned once: with arrays as parameters the planner would prefer a new plan for each execution. Since version 12. */
    private static final String PLAN_ONCE = """
            select set_config(name, 'force_generic_plan', false) from pg_settings where name = 'plan_cache_mode'""";

    private PgSettings() {}

    /** @param target asked before each connection is made */
    static Pool pool(Vertx vertx, int size, Supplier<Future<SqlConnectOptions>> target) {
        return PgBuilder.pool()
                .with(new PoolOptions()
                        .setMaxSize(size)
                        .setMaxWaitQueueSize(WAITING_LIMIT)
                        .setConnectionTimeout((int) ANSWER_TIMEOUT.toSeconds())
                        .setConnectionTimeoutUnit(TimeUnit.SECONDS)
                        .setIdleTimeout((int) IDLE_TIMEOUT.toSeconds())
                        .setIdleTimeoutUnit(TimeUnit.SECONDS))
                .with(new NetClientOptions()
                        .setConnectTimeout((int) ANSWER_TIMEOUT.toMillis())
                        .setIdleTimeout((int) SILENCE_TIMEOUT.toSeconds())
                        .setIdleTimeoutUnit(TimeUnit.SECONDS))
                .connectingTo(target)
                .withConnectHandler(
                        connection -> connection.query(PLAN_ONCE).execute().onComplete(_ -> connection.close()))
                .using(vertx)
                .build();
    }

    /**
     * For one question, to be closed afterwards. A host that stands still lets connections come and says nothing more; those
     * to it end by themselves soon, however often it is asked.
     */
    static Pool question(Vertx vertx, PgConnectOptions host, Duration timeout) {
        return PgBuilder.pool()
                .with(new PoolOptions()
                        .setMaxSize(1)
                        .setConnectionTimeout((int) timeout.toMillis())
                        .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS))
                .with(new NetClientOptions()
                        .setConnectTimeout((int) timeout.toMillis())
                        .setIdleTimeout((int) timeout.toMillis())
                        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS))
                .connectingTo(host)
                .using(vertx)
                .build();
    }

    static PgConnectOptions connection(DatabaseConfig.External config) {
        return new PgConnectOptions()
                .setHost(config.host())
                .setPort(config.port())
                .setDatabase(config.database())
                .setUser(config.user())
                .setPassword(config.password())
                .setPipeliningLimit(PIPELINING_LIMIT)
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheMaxSize(PREPARED_STATEMENTS)
                .setPreparedStatementCacheSqlLimit(PREPARED_STATEMENT_LENGTH)
                .addProperty(APPLICATION_NAME, "pushjobs")
                .addProperty("TimeZone", "UTC")
                // Plans are kept with their statements; one made while a table was small would go on to read all of
                // it. Every statement here finds its rows by an index, one after the other.
                .addProperty("enable_seqscan", "off")
                .addProperty("enable_hashjoin", "off")
                .addProperty("enable_mergejoin", "off")
                .addProperty("statement_timeout", Long.toString(STATEMENT_TIMEOUT.toMillis()))
                .addProperty("idle_in_transaction_session_timeout", Long.toString(STATEMENT_TIMEOUT.toMillis()));
    }

    /** The same for {@link Database#writes}. */
    static SqlConnectOptions forWrites(SqlConnectOptions options) {
        return ending(options, WRITE_TIMEOUT);
    }

    /**
     * The same for {@link Database#leases}, by which others see whether the process still has one.
     *
     * @param process its id
     */
    static SqlConnectOptions forLeases(SqlConnectOptions options, String process) {
        return ending(options, LEASE_TIMEOUT).addProperty(APPLICATION_NAME, leaseName(process));
    }

    static String leaseName(String process) {
        return "pushjobs lease " + process;
    }

    private static SqlConnectOptions ending(SqlConnectOptions options, Duration timeout) {
        return new PgConnectOptions(options)
                .addProperty("statement_timeout", Long.toString(timeout.toMillis()))
                .addProperty("idle_in_transaction_session_timeout", Long.toString(timeout.toMillis()));
    }
}
