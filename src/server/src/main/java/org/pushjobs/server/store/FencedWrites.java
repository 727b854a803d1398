package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.pushjobs.server.jobs.model.JobChanges;
import org.pushjobs.server.jobs.model.NewJob;
import org.pushjobs.server.jobs.model.OutputPart;
import org.pushjobs.server.store.JobStatements.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that a term writes of jobs, and the only class that writes them: {@code jobs}, {@code job_nodes}, {@code job_options},
 * {@code job_output}, {@code job_output_parts}, {@code job_events} and {@code org_events}. Each statement makes sure that the
 * epoch is that of its term, and that no other term begins before it ends (cluster.md, "Fence"); when it is not, nothing is
 * written, and the call fails with a {@link StaleEpochException}. That is for good: an epoch never comes back. Usable from any
 * thread; fails as {@link JobStore} does otherwise.
 */
public final class FencedWrites implements TermWrites {
    private static final Logger LOG = LoggerFactory.getLogger(FencedWrites.class);
    /** So that a statement ends in time, and a take-over need not wait for long. */
    private static final int CRASHED_PER_STATEMENT = 20;

    /** The same; up to 64 KiB each. */
    private static final int OUTPUTS_PER_STATEMENT = 2_000;

    private final Pool writes;
    private final long epoch;

    /**
     * @param writes whose statements end before those who wait for them give up
     * @param epoch of the term, as {@link LeaseStore#take} has told
     */
    public FencedWrites(Pool writes, long epoch) {
        this.writes = Objects.requireNonNull(writes, "writes");
        this.epoch = epoch;
    }

    /** What a statement did. */
    private record Outcome(boolean current, int done, List<String> lost) {
        private static Outcome of(RowSet<Row> rows) {
            Row row = rows.iterator().next();
            return new Outcome(
                    row.getBoolean("current"), row.getInteger("done"), List.of(row.getArrayOfStrings("lost")));
        }
    }

    @Override
    public Future<Void> save(List<NewJob> created, List<JobChanges> changes) {
        // composed, so that what it throws is the call's failure
        return Future.succeededFuture(created)
                .map(jobs -> JobStatements.of(JobRows.of(jobs, changes), epoch))
                .compose(this::write);
    }

    @Override
    public Future<Void> discard(List<String> jobIds, Instant now) {
        String[] ids = jobIds.toArray(String[]::new);
        return write(List.of(
                new Statement(FencedSql.DISCARD, Tuple.of(ids, Times.local(now), epoch)),
                new Statement(FencedSql.END_DISCARDED, Tuple.of(ids, Times.offset(now), epoch)),
                new Statement(FencedSql.FORGET_DISCARDED, Tuple.of(Times.local(now), epoch))));
    }

    /**
     * Ends the jobs that have not ended, as the original server does at its start (lifecycle.md): they become crashed, and
     * so do those of their nodes that run. Each of them whole; when the call fails, some may have ended.
     *
     * @return how many jobs
     */
    @Override
    public Future<Integer> crashLive(Instant now) {
        return crashLive(now, 0);
    }

    private Future<Integer> crashLive(Instant now, int before) {
        return write(new Statement(
                        FencedSql.CRASH_LIVE,
                        Tuple.of(Times.local(now), Times.offset(now), CRASHED_PER_STATEMENT, epoch)))
                .compose(crashed -> crashed < CRASHED_PER_STATEMENT
                        ? Future.succeededFuture(before + crashed)
                        : crashLive(now, before + crashed));
    }

    /**
     * Stores parts of output that came while commands ran, in one statement. Where a part is already at a position it is left
     * as it is, even if it is shorter, and parts of jobs that are no longer there are dropped.
     *
     * @return whether all of them were stored; if not, {@link OutputStore#ends} tells what is there
     */
    @Override
    public Future<Boolean> append(List<OutputPart> parts) {
        Tuple parameters = Tuple.tuple()
                .addValue(parts.stream().map(OutputPart::jobId).toArray(String[]::new))
                .addValue(parts.stream().map(OutputPart::node).toArray(String[]::new))
                .addValue(parts.stream()
                        .map(part -> OutputStore.code(part.channel()))
                        .toArray(Integer[]::new))
                .addValue(parts.stream().map(OutputPart::position).toArray(Long[]::new))
                .addValue(parts.stream().map(part -> Buffer.buffer(part.data())).toArray(Buffer[]::new))
                .addValue(epoch);
        return write(new Statement(FencedSql.APPEND, parameters)).map(stored -> stored == parts.size());
    }

    /**
     * Deletes jobs with all that belongs to them, those first that ended first.
     *
     * @param endedBefore only jobs that ended before
     * @param limit how many at most
     * @return how many
     */
    @Override
    public Future<Integer> deleteEnded(Instant endedBefore, int limit) {
        return deleteEndedOutput(endedBefore, limit)
                .compose(_ ->
                        write(new Statement(FencedSql.DELETE_ENDED, Tuple.of(Times.local(endedBefore), limit, epoch))));
    }

    /** The same for a command, which belongs to no term: in whichever counts, and also when there never was one. */
    public static Future<Integer> deleteEndedInAnyTerm(Pool writes, Instant endedBefore, int limit) {
        return StoreErrors.translated(writes.preparedQuery(FencedSql.EPOCH).execute())
                .map(rows -> new FencedWrites(writes, rows.iterator().next().getLong("epoch")))
                .compose(current -> current.deleteEnded(endedBefore, limit))
                .recover(failure -> failure instanceof StaleEpochException
                        ? deleteEndedInAnyTerm(writes, endedBefore, limit)
                        : Future.failedFuture(failure));
    }

    private Future<Void> deleteEndedOutput(Instant endedBefore, int limit) {
        return write(new Statement(
                        FencedSql.DELETE_ENDED_OUTPUT,
                        Tuple.of(Times.local(endedBefore), limit, OUTPUTS_PER_STATEMENT, epoch)))
                .compose(deleted -> deleted < OUTPUTS_PER_STATEMENT
                        ? Future.succeededFuture()
                        : deleteEndedOutput(endedBefore, limit));
    }

    /**
     * Deletes jobs that have ended of an organisation that is about to be deleted, whoever has the term. The next term begins
     * when the transaction has ended.
     *
     * @param transaction to be part of
     */
    static Future<Integer> deleteEnded(SqlClient transaction, String orgGuid, int limit) {
        return transaction
                .preparedQuery(FencedSql.DELETE_ENDED_OF_ORGANISATION)
                .execute(Tuple.of(orgGuid, limit))
                .map(rows -> Outcome.of(rows).done());
    }

    // ---- how it is written

    private Future<Integer> write(Statement statement) {
        return connected(connection -> execute(connection, statement))
                .compose(outcome -> settled(List.of(outcome)).map(outcome.done()));
    }

    private Future<Void> write(List<Statement> statements) {
        return switch (statements.size()) {
            case 0 -> Future.succeededFuture();
            // a transaction of its own
            case 1 -> write(statements.getFirst()).mapEmpty();
            default ->
                connected(connection -> inTransaction(connection, statements)).compose(this::settled);
        };
    }

    private Future<Void> settled(List<Outcome> outcomes) {
        if (!outcomes.stream().allMatch(Outcome::current)) {
            return Future.failedFuture(new StaleEpochException(epoch));
        }
        outcomes.stream().flatMap(outcome -> outcome.lost().stream()).forEach(this::logLost);
        return Future.succeededFuture();
    }

    /** Two terms wrote, or one twice, which must not be; or two statements of one term came at once where time stood still. */
    private void logLost(String event) {
        String[] parts = event.split(" ");
        LOG.error(
                "an event is not stored, another one has its place [table: {}, job: {}, seq: {}, epoch: {}]",
                parts[0],
                parts[1],
                parts[2],
                epoch);
    }

    /**
     * Where there is no connection it is known that nothing was written. The whole goes through the pool, which learns so why
     * it failed, and fails it at once when the database hangs: what was sent by then may still be carried out.
     */
    private <T> Future<T> connected(Function<SqlConnection, Future<T>> work) {
        // whoever is first: a connection that comes when the call has failed is not used
        AtomicBoolean decided = new AtomicBoolean();
        return StoreErrors.translated(writes.<T>withConnection(connection -> decided.compareAndSet(false, true)
                        ? Future.succeededFuture(connection).compose(work)
                        : Future.succeededFuture())
                .recover(cause ->
                        Future.failedFuture(decided.compareAndSet(false, true) ? new NotSentException(cause) : cause)));
    }

    private static Future<Outcome> execute(SqlConnection connection, Statement statement) {
        return connection
                .preparedQuery(statement.sql())
                .execute(statement.parameters())
                .map(Outcome::of);
    }

    /**
     * Nothing waits for an answer: where the database refuses a statement, it refuses those after it, too, and makes a
     * rollback of the commit. A statement that could not even be sent would not stop the others; nothing in the rows can be
     * the cause of that, and the call fails and may be made again.
     */
    private static Future<List<Outcome>> inTransaction(SqlConnection connection, List<Statement> statements) {
        List<Future<?>> sent = new ArrayList<>();
        sent.add(connection.query("begin").execute());
        List<Future<Outcome>> outcomes = statements.stream()
                .map(statement -> execute(connection, statement))
                .toList();
        sent.addAll(outcomes);
        sent.add(connection.query("commit").execute());
        return Future.join(sent).map(_ -> outcomes.stream().map(Future::result).toList());
    }
}
