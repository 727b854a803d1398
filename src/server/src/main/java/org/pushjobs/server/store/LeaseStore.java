package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * {@link Leases} in the database. Each time the lease is taken the epoch rises, whereupon {@link FencedWrites} of lower epochs
 * write nothing any more. Usable from any thread. Fails as {@link JobStore} does, and each statement after
 * {@value #ANSWER_MILLIS} ms, so that a holder learns in time that it cannot renew.
 */
public final class LeaseStore implements Leases {
    private static final String CURRENT = """
            select holder, epoch,
                greatest(0, ceil(extract(epoch from expires_at - clock_timestamp()) * 1000))::bigint as left_millis
            from coordinator_lease where single""";

    /** Of two that take it at once, and of one that takes it again before an earlier statement has landed, one does. */
    private static final String CLAIM = """
            update coordinator_lease set holder = $1, epoch = epoch + 1,
                expires_at = clock_timestamp() + $3 * interval '1 millisecond'
            where single and epoch = $2 and (holder = $1 or expires_at <= clock_timestamp())""";

    /**
     * Before {@link #RAISE}, which alone would wait for the writes of the term before, too, but might do so for ever: a row that
     * is locked for share may be locked so by others as well, whoever waits for it, and a table may not.
     */
    private static final String KEEP_OTHERS_OUT = "lock table coordinator_epoch in exclusive mode";

    private static final String RAISE = """
            update coordinator_epoch set epoch = $2
            where single and epoch <= $2 and exists (
                select from coordinator_lease where single and holder = $1 and coordinator_lease.epoch = $2)""";

    private static final String RENEW = """
            update coordinator_lease set expires_at = clock_timestamp() + $3 * interval '1 millisecond'
            where single and holder = $1 and epoch = $2""";

    private static final String RELEASE = """
            update coordinator_lease set holder = null, expires_at = clock_timestamp()
            where single and holder = $1 and epoch = $2""";

    /** Whoever asks has to see its own connection, or it would not see those of others, either. */
    private static final String CONNECTIONS = """
            select count(*) filter (where application_name = $1) as its, count(*) filter (where pid = pg_backend_pid()
                and application_name like $2) as own
            from pg_stat_activity where datname = current_database()""";

    /** Above what the database gives a statement, so that most of those that fail are known not to be carried out. */
    private static final long ANSWER_MILLIS = 700;

    /** Together longer than a write of the term before can take. */
    private static final int MOST_RAISES = 10;

    private final Pool pool;

    /** @param pool as {@link Database#leases} is: for nothing else, and ending its statements soon */
    public LeaseStore(Pool pool) {
        this.pool = Objects.requireNonNull(pool, "pool");
    }

    /**
     * The epoch rises once all that the term before had under way is in the database, or never will be. Meanwhile the lease is
     * renewed. Nothing is waited for when somebody else has it.
     */
    @Override
    public Future<Optional<Long>> take(String holder, Duration lease) {
        return current().compose(found -> {
            long epoch = found.epoch() + 1;
            return found.mayBeTakenBy(holder)
                    ? update(CLAIM, Tuple.of(holder, found.epoch(), lease.toMillis()))
                            .compose(claimed ->
                                    claimed ? begin(holder, epoch, lease, MOST_RAISES) : Future.succeededFuture(false))
                            .map(begun -> begun ? Optional.of(epoch) : Optional.<Long>empty())
                    : Future.succeededFuture(Optional.empty());
        });
    }

    /** Waits for nothing that is written of jobs. */
    @Override
    public Future<Boolean> renew(String holder, long epoch, Duration lease) {
        return update(RENEW, Tuple.of(holder, epoch, lease.toMillis()));
    }

    @Override
    public Future<Void> release(String holder, long epoch) {
        return update(RELEASE, Tuple.of(holder, epoch)).mapEmpty();
    }

    @Override
    public Future<Lease> current() {
        return answered(pool.preparedQuery(CURRENT).execute())
                .map(rows -> lease(rows.iterator().next()));
    }

    /**
     * Whether the process has a connection for its lease, as far as the database knows. One that was cut off has it for long.
     *
     * @param process as its {@link Database} was given it
     */
    public Future<Boolean> hasConnections(String process) {
        return answered(pool.preparedQuery(CONNECTIONS)
                        .execute(Tuple.of(PgSettings.leaseName(process), PgSettings.leaseName("%"))))
                .map(rows -> rows.iterator().next())
                .map(row -> row.getLong("own") == 0 || row.getLong("its") > 0);
    }

    private static Lease lease(Row row) {
        return new Lease(
                Optional.ofNullable(row.getString("holder")),
                row.getLong("epoch"),
                Duration.ofMillis(row.getLong("left_millis")));
    }

    /** Whether the lease was kept until then. A write that is under way may take longer than a statement here. */
    private Future<Boolean> begin(String holder, long epoch, Duration lease, int attempts) {
        return raise(holder, epoch)
                .recover(failure -> attempts == 1
                        ? Future.failedFuture(failure)
                        : renew(holder, epoch, lease)
                                .compose(kept -> kept
                                        ? begin(holder, epoch, lease, attempts - 1)
                                        : Future.succeededFuture(false)));
    }

    private Future<Boolean> raise(String holder, long epoch) {
        return answered(pool.withConnection(connection -> raise(connection, Tuple.of(holder, epoch))));
    }

    /** What comes after a statement that fails is refused; so nobody is kept out while this server sleeps. */
    private static Future<Boolean> raise(SqlConnection connection, Tuple parameters) {
        Future<?> begun = connection.query("begin").execute();
        Future<?> alone = connection.query(KEEP_OTHERS_OUT).execute();
        Future<RowSet<Row>> raised = connection.preparedQuery(RAISE).execute(parameters);
        Future<?> ended = connection.query("commit").execute();
        return Future.join(begun, alone, raised, ended).map(_ -> raised.result().rowCount() == 1);
    }

    private Future<Boolean> update(String sql, Tuple parameters) {
        return answered(pool.preparedQuery(sql).execute(parameters))
                .map(SqlResult::rowCount)
                .map(rows -> rows == 1);
    }

    private static <T> Future<T> answered(Future<T> answer) {
        return StoreErrors.translated(answer.timeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS));
    }
}
