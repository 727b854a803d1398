package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.pushjobs.server.jobs.model.EventRow;
import org.pushjobs.server.jobs.model.OrgEventRow;

/** The events in the database; {@link JobStore#save} writes them. Usable from any thread. */
public final class EventStore implements EventReads {
    private static final String OF_JOB =
            "select seq, name, at, data from job_events where job_id = $1 and seq > $2 order by seq limit $3";

    private static final String NODES_THAT_BEGAN = """
            select distinct data ->> 'node' as node from job_events
            where job_id = $1 and seq <= $2 and name in ('run_start', 'run_complete')""";

    static final String OF_ORGANISATION = """
            select org_events.job_id::text as job_id, job_events.name, org_events.at, job_events.data
            from org_events join job_events on job_events.job_id = org_events.job_id and job_events.seq = org_events.seq
            where org_events.org_id = $1 and org_events.at > $2 order by org_events.at limit $3""";

    private static final String NEWEST_OF_ORGANISATION = "select max(at) as at from org_events where org_id = $1";

    private static final String IS_OF_ORGANISATION = "select at from org_events where org_id = $1 and at = $2";

    private final Pool pool;

    public EventStore(Pool pool) {
        this.pool = Objects.requireNonNull(pool, "pool");
    }

    @Override
    public Future<List<EventRow>> ofJob(String jobId, int afterSeq, int atMost) {
        return list(OF_JOB, Tuple.of(jobId, afterSeq, atMost), JobReader::event);
    }

    @Override
    public Future<List<String>> nodesThatBegan(String jobId, int upToSeq) {
        return list(NODES_THAT_BEGAN, Tuple.of(jobId, upToSeq), row -> row.getString("node"));
    }

    @Override
    public Future<List<OrgEventRow>> ofOrganisation(String orgGuid, Instant after, int atMost) {
        return list(OF_ORGANISATION, Tuple.of(orgGuid, Times.offset(after), atMost), EventStore::orgEvent);
    }

    @Override
    public Future<Optional<Instant>> newestOfOrganisation(String orgGuid) {
        return list(
                        NEWEST_OF_ORGANISATION,
                        Tuple.of(orgGuid),
                        row -> Optional.ofNullable(row.getOffsetDateTime("at")).map(OffsetDateTime::toInstant))
                .map(List::getFirst);
    }

    @Override
    public Future<Boolean> isOfOrganisation(String orgGuid, Instant at) {
        return list(IS_OF_ORGANISATION, Tuple.of(orgGuid, Times.offset(at)), Row::size)
                .map(found -> !found.isEmpty());
    }

    private <T> Future<List<T>> list(String sql, Tuple parameters, Function<Row, T> reader) {
        return StoreErrors.translated(pool.preparedQuery(sql).execute(parameters))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(reader)
                        .toList());
    }

    private static OrgEventRow orgEvent(Row row) {
        return new OrgEventRow(
                row.getString("job_id"),
                row.getString("name"),
                row.getOffsetDateTime("at").toInstant(),
                row.getJsonObject("data"));
    }
}
