package org.pushjobs.server.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * The cluster's identity (architecture.md): it outlives servers and changes only together with the secrets. Usable from
 * any thread; fails like {@link JobStore}.
 */
public final class ClusterStore {
    private static final String CREATE = """
            insert into cluster (incarnation_id, key_epoch, secrets_fingerprint, created_at) values ($1, 1, $2, now())
            on conflict do nothing""";

    private static final String READ = "select incarnation_id, key_epoch, secrets_fingerprint from cluster";

    private static final String LIVE_JOBS = "select count(*)::int as live from jobs where status in (0, 1, 5)";

    private static final String ROTATE = """
            insert into cluster (incarnation_id, key_epoch, secrets_fingerprint, created_at) values ($1, 1, $2, now())
            on conflict (single) do update set incarnation_id = excluded.incarnation_id,
                key_epoch = cluster.key_epoch + 1, secrets_fingerprint = excluded.secrets_fingerprint
            returning incarnation_id, key_epoch""";

    private final Pool pool;

    public ClusterStore(Pool pool) {
        this.pool = pool;
    }

    /**
     * The identity of the cluster that has these secrets; it is made when there is none.
     *
     * @param secretsFingerprint of this server's secrets
     * @return fails with {@link SecretsMismatchException} when the cluster has others
     */
    public Future<ClusterIdentity> identity(String secretsFingerprint) {
        return execute(CREATE, Tuple.of(UUID.randomUUID().toString(), secretsFingerprint))
                .compose(_ -> execute(READ, Tuple.tuple()))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    if (!row.getString("secrets_fingerprint").equals(secretsFingerprint)) {
                        throw new SecretsMismatchException();
                    }
                    return identity(row);
                });
    }

    /** A new incarnation and key epoch, for new secrets. The agents fetch their configuration again. */
    public Future<ClusterIdentity> rotate(String newSecretsFingerprint) {
        return execute(ROTATE, Tuple.of(UUID.randomUUID().toString(), newSecretsFingerprint))
                .map(rows -> identity(rows.iterator().next()));
    }

    /** Whether these are the secrets of the cluster; empty when no server has run on this database. */
    public Future<Optional<Boolean>> has(String secretsFingerprint) {
        return execute(READ, Tuple.tuple())
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .findFirst()
                        .map(row -> row.getString("secrets_fingerprint").equals(secretsFingerprint)));
    }

    /** Jobs that have not ended. */
    public Future<Integer> liveJobs() {
        return execute(LIVE_JOBS, Tuple.tuple())
                .map(rows -> rows.iterator().next().getInteger("live"));
    }

    /** Empty when no server has run on this database. */
    public Future<Optional<ClusterIdentity>> current() {
        return execute(READ, Tuple.tuple())
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(identity(rows.iterator().next())));
    }

    private Future<RowSet<Row>> execute(String sql, Tuple parameters) {
        return StoreErrors.translated(pool.preparedQuery(sql).execute(parameters));
    }

    private static ClusterIdentity identity(Row row) {
        return new ClusterIdentity(row.getString("incarnation_id"), row.getInteger("key_epoch"));
    }
}
