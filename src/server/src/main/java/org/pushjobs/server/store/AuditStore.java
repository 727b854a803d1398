package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/** The audit log in the database. Usable from any thread; fails like {@link JobStore}. */
public final class AuditStore {
    private static final String APPEND = """
            insert into audit_log (entry_id, at, org_name, org_id, requestor, requestor_type, key_fingerprint, request_id,
                remote_address, action, job_id, command, node_count, nodes, outcome, status, reason, options)
            select entry_id::uuid, at, org_name, org_id, requestor, requestor_type, key_fingerprint, request_id,
                remote_address, action, job_id, command, node_count, nodes::json, outcome, status, reason, options::json
            from unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::int[], $14::text[], $15::text[],
                $16::int[], $17::text[], $18::text[])
                as line (entry_id, at, org_name, org_id, requestor, requestor_type, key_fingerprint, request_id,
                    remote_address, action, job_id, command, node_count, nodes, outcome, status, reason, options)
            on conflict (entry_id) do nothing""";

    private final Pool pool;

    public AuditStore(Pool pool) {
        this.pool = Objects.requireNonNull(pool, "pool");
    }

    /** Stores the lines in one statement, in their order; a line that is there already is left as it is. */
    public Future<Void> append(List<AuditRow> rows) {
        return StoreErrors.translated(append(pool, rows));
    }

    /** The same as a part of a transaction. */
    static Future<Void> append(SqlClient client, List<AuditRow> rows) {
        Tuple columns = Tuple.tuple()
                .addValue(texts(rows, row -> Optional.of(row.entryId().toString())))
                .addValue(column(rows, row -> Times.offset(row.at()), OffsetDateTime[]::new))
                .addValue(texts(rows, row -> Optional.of(row.orgName())))
                .addValue(texts(rows, AuditRow::orgGuid))
                .addValue(texts(rows, row -> Optional.of(row.requestor())))
                .addValue(texts(rows, row -> row.identity().map(AuditRow.Identity::type)))
                .addValue(texts(rows, row -> row.identity().map(AuditRow.Identity::keyFingerprint)))
                .addValue(texts(rows, row -> Optional.of(row.requestId())))
                .addValue(texts(rows, row -> Optional.of(row.remoteAddress())))
                .addValue(texts(rows, row -> Optional.of(row.action())))
                .addValue(texts(rows, row -> row.job().id()))
                .addValue(texts(rows, row -> row.job().command()))
                .addValue(column(rows, row -> row.job().nodeCount().orElse(null), Integer[]::new))
                .addValue(texts(
                        rows,
                        row -> row.job().nodeCount().map(_ -> names(row.job().nodes()))))
                .addValue(texts(rows, row -> Optional.of(row.outcome().label())))
                .addValue(column(rows, AuditRow::status, Integer[]::new))
                .addValue(texts(rows, AuditRow::reason))
                .addValue(texts(
                        rows, row -> row.job().options().map(options -> new JsonObject(options.fields()).encode())));
        return client.preparedQuery(APPEND).execute(columns).mapEmpty();
    }

    private static String names(List<String> nodes) {
        return new JsonArray(nodes.stream().map(SqlText::storable).toList()).encode();
    }

    private static String[] texts(List<AuditRow> rows, Function<AuditRow, Optional<String>> cell) {
        return column(rows, row -> cell.apply(row).map(SqlText::storable).orElse(null), String[]::new);
    }

    private static <T> T[] column(List<AuditRow> rows, Function<AuditRow, T> cell, IntFunction<T[]> array) {
        return rows.stream().map(cell).toArray(array);
    }
}
