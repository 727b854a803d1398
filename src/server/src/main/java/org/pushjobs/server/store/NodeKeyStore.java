package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.jobs.model.StorableText;

/**
 * The CURVE keys that agents may connect with (architecture.md, "ZAP and connections"). Of those that one claimant fetched for
 * a node its newest {@value #KEYS_PER_NODE} are kept, so that a script which fetches configurations displaces no agent.
 * Usable from any thread; fails like {@link JobStore}.
 */
public final class NodeKeyStore implements NodeKeys {
    /** How many keys a node keeps of each claimant. */
    public static final int KEYS_PER_NODE = 8;

    private record Departure(String orgGuid, Claimant claimant, Instant before) {}

    private final Pool pool;
    private final StatementBatch<NodeKey, Void> puts = new StatementBatch<>(this::putAll);
    private final StatementBatch<String, List<NodeKey>> finds = new StatementBatch<>(this::findAll);
    private final StatementBatch<Departure, Void> departures = new StatementBatch<>(this::revokeAll);

    public NodeKeyStore(Pool pool) {
        this.pool = pool;
    }

    @Override
    public Future<List<NodeKey>> all() {
        return list(NodeKeySql.ALL, Tuple.tuple());
    }

    @Override
    public Future<List<NodeKey>> find(String publicKey) {
        return StorableText.isStorable(publicKey) ? finds.ask(publicKey) : Future.succeededFuture(List.of());
    }

    private Future<List<List<NodeKey>>> findAll(List<String> publicKeys) {
        return list(
                        NodeKeySql.FIND,
                        Tuple.tuple().addValue(publicKeys.stream().distinct().toArray(String[]::new)))
                .map(found -> {
                    Map<String, List<NodeKey>> byKey =
                            found.stream().collect(Collectors.groupingBy(NodeKey::publicKey));
                    return publicKeys.stream()
                            .map(key -> byKey.getOrDefault(key, List.of()))
                            .toList();
                });
    }

    /** The newest configuration that was handed out for the node; empty when there was none. */
    public Future<Optional<LastConfig>> lastConfig(NodeRef node) {
        if (!StorableText.isStorable(node.node())) {
            return Future.succeededFuture(Optional.empty());
        }
        return list(NodeKeySql.LAST_FETCH, Tuple.of(node.orgGuid(), node.node()))
                .map(rows -> rows.stream().map(NodeKeyStore::lastConfig).findFirst());
    }

    /** The newest configuration that was handed out for each of an organisation's nodes, by node name. */
    public Future<Map<String, LastConfig>> lastConfigs(String orgGuid) {
        return list(NodeKeySql.LAST_FETCHES, Tuple.of(orgGuid))
                .map(rows ->
                        rows.stream().collect(Collectors.toMap(key -> key.node().node(), NodeKeyStore::lastConfig)));
    }

    private static LastConfig lastConfig(NodeKey key) {
        return new LastConfig(key.fetchedAt(), key.told());
    }

    @Override
    public Future<Void> put(NodeKey key) {
        return puts.ask(key);
    }

    /** A statement has each key once; where several nodes claim a key at a time, several statements follow each other. */
    private Future<List<Void>> putAll(List<NodeKey> keys) {
        Map<List<Object>, NodeKey> newest = new LinkedHashMap<>();
        keys.forEach(key -> newest.put(List.of(key.publicKey(), key.node()), key));
        Map<String, Integer> claimsOfKey = new HashMap<>();
        List<List<NodeKey>> rounds = new ArrayList<>();
        for (NodeKey key : newest.values()) {
            int round = claimsOfKey.merge(key.publicKey(), 1, Integer::sum) - 1;
            if (round == rounds.size()) {
                rounds.add(new ArrayList<>());
            }
            rounds.get(round).add(key);
        }
        Future<?> done = Future.succeededFuture();
        for (List<NodeKey> round : rounds) {
            done = done.compose(_ -> putEach(round));
        }
        return done.map(_ -> Collections.nCopies(keys.size(), null));
    }

    private Future<?> putEach(List<NodeKey> rows) {
        Tuple parameters = Tuple.tuple()
                .addValue(column(rows, NodeKey::publicKey))
                .addValue(column(rows, key -> key.node().orgGuid()))
                .addValue(column(rows, NodeKey::orgName))
                .addValue(column(rows, key -> key.node().node()))
                .addValue(times(rows, NodeKey::fetchedAt))
                .addValue(column(rows, key -> key.claimedBy().text()))
                .addValue(column(rows, key -> told(key, ToldConfig::heartbeatAddress)))
                .addValue(column(rows, key -> told(key, ToldConfig::commandAddress)))
                .addValue(rows.stream()
                        .map(key -> told(key, ToldConfig::intervalMillis))
                        .toArray(Integer[]::new))
                .addValue(KEYS_PER_NODE - 1L);
        return pool.preparedQuery(NodeKeySql.PUT).execute(parameters);
    }

    private static <T> T told(NodeKey key, Function<ToldConfig, T> value) {
        return key.told().map(value).orElse(null);
    }

    @Override
    public Future<Void> revoke(String orgGuid, Claimant claimant, Instant before) {
        return StorableText.isStorable(claimant.name())
                ? departures.ask(new Departure(orgGuid, claimant, before))
                : Future.succeededFuture();
    }

    private Future<List<Void>> revokeAll(List<Departure> gone) {
        return pool.preparedQuery(NodeKeySql.REVOKE)
                .execute(Tuple.tuple()
                        .addValue(column(gone, Departure::orgGuid))
                        .addValue(column(gone, departure -> departure.claimant().text()))
                        .addValue(times(gone, Departure::before)))
                .map(_ -> Collections.nCopies(gone.size(), null));
    }

    @Override
    public Future<List<NodeKey>> purge(List<NodeKey> unused) {
        return list(
                NodeKeySql.PURGE,
                Tuple.tuple()
                        .addValue(column(unused, NodeKey::publicKey))
                        .addValue(column(unused, key -> key.node().orgGuid()))
                        .addValue(column(unused, key -> key.node().node()))
                        .addValue(times(unused, NodeKey::fetchedAt)));
    }

    private static <T> String[] column(List<T> rows, Function<T, String> value) {
        return rows.stream().map(value).toArray(String[]::new);
    }

    private static <T> OffsetDateTime[] times(List<T> rows, Function<T, Instant> value) {
        return rows.stream().map(row -> Times.offset(value.apply(row))).toArray(OffsetDateTime[]::new);
    }

    private Future<List<NodeKey>> list(String sql, Tuple parameters) {
        return StoreErrors.translated(pool.preparedQuery(sql).execute(parameters))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(NodeKeyStore::key)
                        .toList());
    }

    private static NodeKey key(Row row) {
        String node = row.getString("node_name");
        OffsetDateTime fetchedAt = row.getOffsetDateTime("fetched_at");
        return new NodeKey(
                row.getString("public_key"),
                new NodeRef(row.getString("org_id"), node),
                row.getString("org_name"),
                fetchedAt.toInstant(),
                Optional.ofNullable(row.getString("claimed_by"))
                        .map(Claimant::parse)
                        .orElseGet(() -> Claimant.client(node)),
                fetchedAt.equals(row.getOffsetDateTime("told_at")) ? told(row) : Optional.empty());
    }

    private static Optional<ToldConfig> told(Row row) {
        return Optional.ofNullable(row.getInteger("interval_millis"))
                .map(interval ->
                        new ToldConfig(row.getString("heartbeat_address"), row.getString("command_address"), interval));
    }
}
