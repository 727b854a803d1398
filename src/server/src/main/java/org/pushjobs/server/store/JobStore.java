package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.pushjobs.server.jobs.model.Channel;
import org.pushjobs.server.jobs.model.EarlierStart;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.IdempotencyKey;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.JobNode;
import org.pushjobs.server.jobs.model.JobQuery;
import org.pushjobs.server.jobs.model.JobSummary;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.jobs.model.StorableText;
import org.pushjobs.server.jobs.model.StoredJob;
import org.pushjobs.server.store.JobStatements.Statement;

/**
 * Jobs in the database: what the coordinator writes and what everyone reads. Usable from any thread.
 *
 * <p>Every future fails with a {@link org.pushjobs.server.ServerException} of status 503 while the database is away, is
 * overloaded, or gave up on a statement: the same call may be made again later. Any other failure will not go away by
 * itself.
 */
public final class JobStore implements JobReads, JobWrites, TermReads {
    private static final int ID_LENGTH = 32;

    private final Pool pool;
    private final Pool writes;

    /**
     * @param pool for reading
     * @param writes whose statements end before those who wait for them give up
     */
    public JobStore(Pool pool, Pool writes) {
        this.pool = Objects.requireNonNull(pool, "pool");
        this.writes = Objects.requireNonNull(writes, "writes");
    }

    /** All by the same connections. */
    public JobStore(Pool pool) {
        this(pool, pool);
    }

    @Override
    public Future<Void> save(List<NewJob> created, List<JobChanges> changes) {
        // composed, so that what it throws is the call's failure
        return Future.succeededFuture(created)
                .map(jobs -> JobStatements.of(JobRows.of(jobs, changes)))
                .compose(this::write);
    }

    private Future<Void> write(List<Statement> statements) {
        return switch (statements.size()) {
            case 0 -> Future.succeededFuture();
            // a transaction of its own
            case 1 -> connected(connection -> execute(connection, statements.getFirst()));
            default -> connected(connection -> inTransaction(connection, statements));
        };
    }

    private static Future<Void> execute(SqlConnection connection, Statement statement) {
        return connection
                .preparedQuery(statement.sql())
                .execute(statement.parameters())
                .mapEmpty();
    }

    /**
     * Where there is no connection it is known that nothing was written. The whole goes through the pool, which learns so why
     * it failed, and fails it at once when the database hangs: what was sent by then may still be carried out.
     */
    private Future<Void> connected(Function<SqlConnection, Future<Void>> work) {
        // whoever is first: a connection that comes when the call has failed is not used
        AtomicBoolean decided = new AtomicBoolean();
        return StoreErrors.translated(writes.<Void>withConnection(connection -> decided.compareAndSet(false, true)
                        ? Future.succeededFuture(connection).compose(work)
                        : Future.succeededFuture())
                .recover(cause ->
                        Future.failedFuture(decided.compareAndSet(false, true) ? new NotSentException(cause) : cause)));
    }

    /**
     * Nothing waits for an answer: where the database refuses a statement, it refuses those after it, too, and makes a
     * rollback of the commit. A statement that could not even be sent would not stop the others; nothing in the rows can be
     * the cause of that, and the call fails and may be made again.
     */
    private static Future<Void> inTransaction(SqlConnection connection, List<Statement> statements) {
        List<Future<?>> sent = new ArrayList<>();
        sent.add(connection.query("begin").execute());
        for (Statement statement : statements) {
            sent.add(connection.preparedQuery(statement.sql()).execute(statement.parameters()));
        }
        sent.add(connection.query("commit").execute());
        return Future.join(sent).mapEmpty();
    }

    /** What time it is for the database, by which times of different lives of the server are compared. */
    @Override
    public Future<Instant> now() {
        return execute("select now() as now", Tuple.tuple())
                .map(rows -> rows.iterator().next().getOffsetDateTime("now").toInstant());
    }

    /** Since when the database has been ours, by its clock; before it may have been the original server's. Empty before. */
    @Override
    public Future<Optional<Instant>> oursSince() {
        return list(
                        "select created_at from cluster",
                        Tuple.tuple(),
                        row -> row.getOffsetDateTime(0).toInstant())
                .map(JobStore::first);
    }

    /** The jobs that have not ended, oldest first. */
    @Override
    public Future<List<StoredJob>> live() {
        return list(JobSql.LIVE, Tuple.tuple(), JobReader::job);
    }

    /** When the newest event of each job that has not ended was; without those that have none. */
    @Override
    public Future<Map<String, Instant>> newestEvents() {
        return execute(JobSql.NEWEST_EVENTS, Tuple.tuple()).map(rows -> {
            Map<String, Instant> times = new HashMap<>();
            rows.forEach(row ->
                    times.put(row.getString("id"), row.getOffsetDateTime("at").toInstant()));
            return times;
        });
    }

    /**
     * Ends the jobs that have not ended, as the original server does at its start (lifecycle.md): they become crashed, and
     * so do those of their nodes that run. In one transaction.
     *
     * @return how many jobs
     */
    public Future<Integer> crashLive(Instant now) {
        return execute(JobSql.CRASH_LIVE, Tuple.of(Times.local(now), Times.offset(now)))
                .map(SqlResult::rowCount);
    }

    /** Empty when the organisation has no such job. */
    @Override
    public Future<Optional<StoredJob>> find(String orgGuid, String id) {
        if (!isId(id)) {
            return Future.succeededFuture(Optional.empty());
        }
        return list(JobSql.FIND, Tuple.of(orgGuid, id), JobReader::job).map(JobStore::first);
    }

    @Override
    public Future<List<JobSummary>> list(String orgGuid, Optional<JobQuery.Position> after, int atMost) {
        JobPageSql sql = JobPageSql.oldestFirst(orgGuid, after, atMost);
        return list(sql.text(), sql.parameters(), JobReader::summary);
    }

    @Override
    public Future<List<JobSummary>> page(String orgGuid, JobQuery query) {
        JobPageSql sql = JobPageSql.of(orgGuid, query);
        return list(sql.text(), sql.parameters(), JobReader::summary);
    }

    @Override
    public Future<List<JobNode>> nodes(String orgGuid, String jobId) {
        return isId(jobId)
                ? list(JobSql.NODES, Tuple.of(orgGuid, jobId), JobReader::node)
                : Future.succeededFuture(List.of());
    }

    @Override
    public Future<Optional<JobNode>> node(String orgGuid, String jobId, String node) {
        return isId(jobId) && StorableText.isStorable(node)
                ? list(JobSql.NODE, Tuple.of(orgGuid, jobId, node), JobReader::node)
                        .map(JobStore::first)
                : Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Optional<EarlierStart>> earlierStart(String orgGuid, String requestor, IdempotencyKey key) {
        return list(JobSql.EARLIER_START, Tuple.of(orgGuid, requestor, key.value()), JobReader::earlierStart)
                .map(JobStore::first);
    }

    @Override
    public Future<Void> discard(List<String> jobIds, Instant now) {
        String[] ids = jobIds.toArray(String[]::new);
        return write(List.of(
                new Statement(JobSql.DISCARD, Tuple.of(ids, Times.local(now))),
                new Statement(JobSql.END_DISCARDED, Tuple.of(ids, Times.offset(now))),
                new Statement(JobSql.FORGET_DISCARDED, Tuple.of(Times.local(now)))));
    }

    /**
     * Deletes jobs with all that belongs to them, those first that ended first.
     *
     * @param endedBefore only jobs that ended before
     * @param limit how many at most
     * @return how many
     */
    public Future<Integer> deleteEnded(Instant endedBefore, int limit) {
        return execute(JobSql.DELETE_ENDED, Tuple.of(Times.local(endedBefore), limit))
                .map(SqlResult::rowCount);
    }

    /** What a node wrote, in UTF-8; empty when nothing was captured. */
    @Override
    public Future<Optional<byte[]>> output(String orgGuid, String jobId, String node, Channel channel) {
        if (!isId(jobId) || !StorableText.isStorable(node)) {
            return Future.succeededFuture(Optional.empty());
        }
        String sql = switch (channel) {
            case STDOUT -> JobSql.STDOUT;
            case STDERR -> JobSql.STDERR;
        };
        return list(sql, Tuple.of(orgGuid, jobId, node), row -> row.getBuffer(0))
                .map(JobStore::first)
                .map(found -> found.map(Buffer::getBytes));
    }

    /**
     * A job's events in order.
     *
     * @param afterSeq only those with a higher sequence number; 0 for all
     */
    public Future<List<EventRow>> events(String jobId, int afterSeq) {
        if (!isId(jobId)) {
            return Future.succeededFuture(List.of());
        }
        return list(JobSql.EVENTS, Tuple.of(jobId, afterSeq), JobReader::event);
    }

    private <T> Future<List<T>> list(String sql, Tuple parameters, Function<Row, T> reader) {
        return execute(sql, parameters)
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(reader)
                        .toList());
    }

    private Future<RowSet<Row>> execute(String sql, Tuple parameters) {
        return StoreErrors.translated(pool.preparedQuery(sql).execute(parameters));
    }

    private static <T> Optional<T> first(List<T> found) {
        return found.stream().findFirst();
    }

    /** Ids come from URLs; blanks at their end would not count in a comparison. */
    private static boolean isId(String text) {
        return text.length() == ID_LENGTH && !text.endsWith(" ") && StorableText.isStorable(text);
    }
}
