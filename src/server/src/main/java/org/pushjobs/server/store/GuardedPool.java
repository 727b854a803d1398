package org.pushjobs.server.store;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PrepareOptions;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Query;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.TransactionPropagation;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collector;
import org.pushjobs.server.ServerException;

/**
 * The pool that the stores use. When the database hangs, so that its connections neither answer nor end, {@link #hung} fails
 * everything that is under way at once, and what comes fails at once, until it {@link #answers} again; that goes to new
 * connections, because the old ones may hang on. Whether the database does later what it was told before is not known, as
 * with any statement whose answer is lost. Usable from any thread; a caller on a Vert.x context gets the answer there.
 */
final class GuardedPool implements Pool {
    private final Supplier<Pool> maker;
    private final Consumer<Throwable> failures;
    private final Set<Abandonable> underWay = ConcurrentHashMap.newKeySet();
    private volatile Pool pool;
    private volatile boolean hanging;

    /**
     * A statement, or several, to which no answer has come.
     *
     * @param begun as {@link System#nanoTime}
     */
    private record Abandonable(Runnable abandon, long begun) {}

    /**
     * @param maker of the connections
     * @param failures gets told why a statement failed, on any thread; not of those that were given up
     */
    GuardedPool(Supplier<Pool> maker, Consumer<Throwable> failures) {
        this.maker = Objects.requireNonNull(maker, "maker");
        this.failures = Objects.requireNonNull(failures, "failures");
        this.pool = maker.get();
    }

    /** The database does not answer, though its connections are open. */
    void hung() {
        hanging = true;
        Pool old = pool;
        pool = maker.get();
        Iterator<Abandonable> abandoned = underWay.iterator();
        while (abandoned.hasNext()) {
            abandoned.next().abandon().run();
            abandoned.remove();
        }
        // not waited for: it ends when the database answers, or its connections have been silent for too long
        old.close();
    }

    /** The database answers. */
    void answers() {
        hanging = false;
    }

    /** How long the one has waited that waits longest. */
    Duration longestWait() {
        long now = System.nanoTime();
        return underWay.stream()
                .map(statement -> Duration.ofNanos(now - statement.begun()))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private static ServerException noAnswer() {
        return ServerException.unavailable("the database does not answer");
    }

    private <T> Future<T> guarded(Function<Pool, Future<T>> action) {
        if (hanging) {
            return Future.failedFuture(noAnswer());
        }
        Promise<T> answer = Promise.promise();
        Context context = Vertx.currentContext();
        Runnable abandon = () -> {
            if (context == null) {
                answer.tryFail(noAnswer());
            } else {
                context.runOnContext(_ -> answer.tryFail(noAnswer()));
            }
        };
        Abandonable abandonable = new Abandonable(abandon, System.nanoTime());
        underWay.add(abandonable);
        Pool to = pool;
        action.apply(to).onComplete(result -> {
            underWay.remove(abandonable);
            if (result.succeeded()) {
                answer.tryComplete(result.result());
            } else {
                // what is the matter with the connections of before says nothing about those of now
                if (to == pool) {
                    failures.accept(result.cause());
                }
                answer.tryFail(result.cause());
            }
        });
        return answer.future();
    }

    @Override
    public Future<SqlConnection> getConnection() {
        return guarded(Pool::getConnection);
    }

    @Override
    public <T> Future<T> withTransaction(Function<SqlConnection, Future<T>> function) {
        return guarded(to -> to.withTransaction(function));
    }

    @Override
    public <T> Future<T> withTransaction(
            TransactionPropagation propagation, Function<SqlConnection, Future<T>> function) {
        return guarded(to -> to.withTransaction(propagation, function));
    }

    @Override
    public <T> Future<T> withConnection(Function<SqlConnection, Future<T>> function) {
        return guarded(to -> to.withConnection(function));
    }

    @Override
    public Query<RowSet<Row>> query(String sql) {
        return new GuardedQuery<>(to -> to.query(sql));
    }

    @Override
    public PreparedQuery<RowSet<Row>> preparedQuery(String sql) {
        return new GuardedPreparedQuery<>(to -> to.preparedQuery(sql));
    }

    @Override
    public PreparedQuery<RowSet<Row>> preparedQuery(String sql, PrepareOptions options) {
        return new GuardedPreparedQuery<>(to -> to.preparedQuery(sql, options));
    }

    @Override
    public int size() {
        return pool.size();
    }

    @Override
    public Future<Void> close() {
        return pool.close();
    }

    private final class GuardedQuery<T> implements Query<T> {
        private final Function<Pool, Query<T>> query;

        private GuardedQuery(Function<Pool, Query<T>> query) {
            this.query = query;
        }

        @Override
        public Future<T> execute() {
            return guarded(to -> query.apply(to).execute());
        }

        @Override
        public <R> Query<SqlResult<R>> collecting(Collector<Row, ?, R> collector) {
            return new GuardedQuery<>(to -> query.apply(to).collecting(collector));
        }

        @Override
        public <U> Query<RowSet<U>> mapping(Function<Row, U> mapper) {
            return new GuardedQuery<>(to -> query.apply(to).mapping(mapper));
        }
    }

    private final class GuardedPreparedQuery<T> implements PreparedQuery<T> {
        private final Function<Pool, PreparedQuery<T>> query;

        private GuardedPreparedQuery(Function<Pool, PreparedQuery<T>> query) {
            this.query = query;
        }

        @Override
        public Future<T> execute() {
            return guarded(to -> query.apply(to).execute());
        }

        @Override
        public Future<T> execute(Tuple parameters) {
            return guarded(to -> query.apply(to).execute(parameters));
        }

        @Override
        public Future<T> executeBatch(List<Tuple> batch) {
            return guarded(to -> query.apply(to).executeBatch(batch));
        }

        @Override
        public <R> PreparedQuery<SqlResult<R>> collecting(Collector<Row, ?, R> collector) {
            return new GuardedPreparedQuery<>(to -> query.apply(to).collecting(collector));
        }

        @Override
        public <U> PreparedQuery<RowSet<U>> mapping(Function<Row, U> mapper) {
            return new GuardedPreparedQuery<>(to -> query.apply(to).mapping(mapper));
        }
    }
}
