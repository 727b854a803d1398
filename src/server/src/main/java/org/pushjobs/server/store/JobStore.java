package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.pushjobs.protocol.message.OutputTail;
import org.pushjobs.server.jobs.model.Channel;
import org.pushjobs.server.jobs.model.EarlierStart;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.IdempotencyKey;
import org.pushjobs.server.jobs.model.JobNode;
import org.pushjobs.server.jobs.model.JobQuery;
import org.pushjobs.server.jobs.model.JobSummary;
import org.pushjobs.server.jobs.model.StorableText;
import org.pushjobs.server.jobs.model.StoredJob;

/**
 * What is read of the jobs in the database; {@link FencedWrites} writes them. Usable from any thread.
 *
 * <p>Every future fails with a {@link org.pushjobs.server.ServerException} of status 503 while the database is away, is
 * overloaded, or gave up on a statement: the same call may be made again later. Any other failure will not go away by
 * itself.
 */
public final class JobStore implements JobReads, TermReads {
    private static final int ID_LENGTH = 32;

    private final Pool pool;

    public JobStore(Pool pool) {
        this.pool = Objects.requireNonNull(pool, "pool");
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
    public Future<Map<String, OutputTail>> tails(String orgGuid, String jobId, int atMostBytes) {
        if (!isId(jobId)) {
            return Future.succeededFuture(Map.of());
        }
        return execute(JobSql.TAILS, Tuple.of(orgGuid, jobId, atMostBytes)).map(rows -> {
            Map<String, OutputTail> tails = new HashMap<>();
            rows.forEach(row -> tails.put(row.getString("node_name"), JobReader.tail(row)));
            return tails;
        });
    }

    @Override
    public Future<Optional<EarlierStart>> earlierStart(String orgGuid, String requestor, IdempotencyKey key) {
        return list(JobSql.EARLIER_START, Tuple.of(orgGuid, requestor, key.value()), JobReader::earlierStart)
                .map(JobStore::first);
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
