package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.StreamSupport;
import org.pushjobs.server.jobs.model.Channel;
import org.pushjobs.server.jobs.model.OutputKey;
import org.pushjobs.server.jobs.model.OutputPart;

/**
 * Output that comes while commands run, in the database; {@link FencedWrites} writes it, and it is deleted with
 * its job. Usable from any thread. Fails as
 * {@link JobStore} does.
 */
public final class OutputStore implements OutputReads {
    private static final int STDOUT = 1;
    private static final int STDERR = 2;

    private static final String ENDS = """
            select key.job_id, key.node_name, key.channel, max(part.position + octet_length(part.data)) as stored
            from unnest($1::text[], $2::text[], $3::int[]) as key (job_id, node_name, channel)
            join job_output_parts as part on part.job_id = key.job_id::char(32) and part.node_name = key.node_name
                and part.channel = key.channel
            group by key.job_id, key.node_name, key.channel""";

    private static final String PART_COLUMNS =
            "select id, job_id::text as job_id, node_name, channel, position, data from job_output_parts ";

    private static final String AFTER = PART_COLUMNS + """
            where job_id = $1 and node_name = $2 and channel = $3
                and position >= coalesce((
                    select max(position) from job_output_parts
                    where job_id = $1 and node_name = $2 and channel = $3 and position <= $4), 0)
                and position + octet_length(data) > $4
            order by position limit $5""";

    private static final String OF_JOB = PART_COLUMNS + "where job_id = $1 and id > $2 order by id limit $3";

    private final Pool pool;
    private final Pool writes;

    /**
     * @param pool for reading
     * @param writes for {@link #ends}, which {@link FencedWrites#append} needs: its statements end before those who wait for them
     *     give up
     */
    public OutputStore(Pool pool, Pool writes) {
        this.pool = Objects.requireNonNull(pool, "pool");
        this.writes = Objects.requireNonNull(writes, "writes");
    }

    /** How many bytes are stored of each; those of which nothing is are left out. */
    public Future<Map<OutputKey, Long>> ends(List<OutputKey> keys) {
        return execute(
                        writes,
                        ENDS,
                        Tuple.tuple()
                                .addValue(column(keys, OutputKey::jobId, String[]::new))
                                .addValue(column(keys, OutputKey::node, String[]::new))
                                .addValue(column(keys, key -> code(key.channel()), Integer[]::new)))
                .map(rows -> {
                    Map<OutputKey, Long> ends = new HashMap<>();
                    rows.forEach(row -> ends.put(
                            new OutputKey(
                                    row.getString("job_id"),
                                    row.getString("node_name"),
                                    channel(row.getInteger("channel"))),
                            row.getLong("stored")));
                    return ends;
                });
    }

    @Override
    public Future<List<OutputPart>> after(OutputKey key, long position, int atMost) {
        return execute(pool, AFTER, Tuple.of(key.jobId(), key.node(), code(key.channel()), position, atMost))
                .map(rows -> list(rows, OutputStore::part));
    }

    @Override
    public Future<List<Numbered>> ofJob(String jobId, long afterId, int atMost) {
        return execute(pool, OF_JOB, Tuple.of(jobId, afterId, atMost))
                .map(rows -> list(rows, row -> new Numbered(row.getLong("id"), part(row))));
    }

    private static OutputPart part(Row row) {
        return new OutputPart(
                row.getString("job_id"),
                row.getString("node_name"),
                channel(row.getInteger("channel")),
                row.getLong("position"),
                row.getBuffer("data").getBytes());
    }

    static int code(Channel channel) {
        return switch (channel) {
            case STDOUT -> STDOUT;
            case STDERR -> STDERR;
        };
    }

    private static Channel channel(int code) {
        return switch (code) {
            case STDOUT -> Channel.STDOUT;
            case STDERR -> Channel.STDERR;
            default -> throw new IllegalArgumentException("no channel has the code " + code);
        };
    }

    private static Future<RowSet<Row>> execute(Pool by, String sql, Tuple parameters) {
        return StoreErrors.translated(by.preparedQuery(sql).execute(parameters));
    }

    private static <T> List<T> list(RowSet<Row> rows, Function<Row, T> reader) {
        return StreamSupport.stream(rows.spliterator(), false).map(reader).toList();
    }

    private static <T, C> C[] column(List<T> rows, Function<T, C> value, IntFunction<C[]> array) {
        return rows.stream().map(value).toArray(array);
    }
}
