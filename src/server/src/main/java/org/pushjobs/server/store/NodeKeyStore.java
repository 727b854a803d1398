package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.pushjobs.protocol.NodeRef;

/**
 * The CURVE keys that agents may connect with (architecture.md, "ZAP and connections"). A node keeps its newest
 * {@value #KEYS_PER_NODE}. Usable from any thread; fails like {@link JobStore}.
 */
public final class NodeKeyStore {
    /** How many keys a node keeps. */
    public static final int KEYS_PER_NODE = 8;

    private static final String COLUMNS = "select public_key, org_id, org_name, node_name, fetched_at from node_keys ";

    private static final String PUT = """
            with given as (
                select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
                    as given (public_key, org_id, org_name, node_name, fetched_at)
            ), put as (
                insert into node_keys (public_key, org_id, org_name, node_name, fetched_at)
                select * from given
                on conflict (public_key) do update set
                    org_id = excluded.org_id, org_name = excluded.org_name, node_name = excluded.node_name,
                    fetched_at = excluded.fetched_at
            )
            delete from node_keys where public_key in (
                select public_key from (
                    select public_key,
                        row_number() over (
                            partition by org_id, node_name order by fetched_at desc, public_key) as place
                    from node_keys
                    where (org_id, node_name) in (select org_id, node_name from given)
                        and public_key not in (select public_key from given)) as others
                where place > $6)""";

    private static final String LAST_FETCHES =
            "select node_name, max(fetched_at) as fetched_at from node_keys where org_id = $1 group by node_name";

    private static final String LAST_FETCH =
            "select max(fetched_at) as fetched_at from node_keys where org_id = $1 and node_name = $2";

    private final Pool pool;
    private final StatementBatch<NodeKey, Void> puts = new StatementBatch<>(this::putAll);

    public NodeKeyStore(Pool pool) {
        this.pool = pool;
    }

    /** Every node's keys, the longest unused first. */
    public Future<List<NodeKey>> all() {
        return list(COLUMNS + "order by fetched_at", Tuple.tuple());
    }

    /** Empty when no node has this key. */
    public Future<Optional<NodeKey>> find(String publicKey) {
        return list(COLUMNS + "where public_key = $1", Tuple.of(publicKey))
                .map(found -> found.stream().findFirst());
    }

    /** When the node's agent last fetched its configuration; empty when it never did. */
    public Future<Optional<Instant>> lastFetch(NodeRef node) {
        if (!SqlText.isStorable(node.node())) {
            return Future.succeededFuture(Optional.empty());
        }
        return StoreErrors.translated(pool.preparedQuery(LAST_FETCH).execute(Tuple.of(node.orgGuid(), node.node())))
                .map(rows -> Optional.ofNullable(rows.iterator().next().getOffsetDateTime("fetched_at"))
                        .map(OffsetDateTime::toInstant));
    }

    /** When the agents of an organisation's nodes last fetched their configuration, by node name. */
    public Future<Map<String, Instant>> lastFetches(String orgGuid) {
        return StoreErrors.translated(pool.preparedQuery(LAST_FETCHES).execute(Tuple.of(orgGuid)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .collect(Collectors.toMap(
                                row -> row.getString("node_name"),
                                row -> row.getOffsetDateTime("fetched_at").toInstant())));
    }

    /** Stores the key, or the time of its newest use, and forgets the node's oldest beyond the limit. */
    public Future<Void> put(NodeKey key) {
        return puts.ask(key);
    }

    private Future<List<Void>> putAll(List<NodeKey> keys) {
        Map<String, NodeKey> newest = new LinkedHashMap<>();
        keys.forEach(key -> newest.put(key.publicKey(), key));
        List<NodeKey> rows = List.copyOf(newest.values());
        Tuple parameters = Tuple.tuple()
                .addValue(column(rows, NodeKey::publicKey))
                .addValue(column(rows, key -> key.node().orgGuid()))
                .addValue(column(rows, NodeKey::orgName))
                .addValue(column(rows, key -> key.node().node()))
                .addValue(
                        rows.stream().map(key -> Times.offset(key.fetchedAt())).toArray(OffsetDateTime[]::new))
                .addValue(KEYS_PER_NODE - 1L);
        return pool.preparedQuery(PUT).execute(parameters).map(_ -> Collections.nCopies(keys.size(), null));
    }

    private static String[] column(List<NodeKey> keys, Function<NodeKey, String> value) {
        return keys.stream().map(value).toArray(String[]::new);
    }

    private Future<List<NodeKey>> list(String sql, Tuple parameters) {
        return StoreErrors.translated(pool.preparedQuery(sql).execute(parameters))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(NodeKeyStore::key)
                        .toList());
    }

    private static NodeKey key(Row row) {
        return new NodeKey(
                row.getString("public_key"),
                new NodeRef(row.getString("org_id"), row.getString("node_name")),
                row.getString("org_name"),
                row.getOffsetDateTime("fetched_at").toInstant());
    }
}
