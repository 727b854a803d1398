package org.pushjobs.server.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.spi.VertxMetricsFactory;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.pushjobs.config.ClusterConfig;
import org.pushjobs.config.secrets.ClusterKeys;

/** The Vert.x of a server process, which is alone or a member of a cluster. Usable from any thread. */
public final class ProcessVertx {
    private final Vertx vertx;
    private final Optional<ClusteredVertx> cluster;

    private ProcessVertx(Vertx vertx, Optional<ClusteredVertx> cluster) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.cluster = Objects.requireNonNull(cluster, "cluster");
    }

    /**
     * At once for a process that is alone, otherwise when it has become a member.
     *
     * @param config of the cluster, if there is one
     * @param self what the other members are told
     * @return fails when a port of the cluster cannot be opened
     */
    public static Future<ProcessVertx> start(
            Optional<ClusterConfig> config,
            ClusterKeys keys,
            MemberInfo self,
            VertxOptions options,
            VertxMetricsFactory metrics) {
        return config.map(cluster -> ClusteredVertx.join(cluster, keys, self, options, metrics)
                        .map(joined -> new ProcessVertx(joined.vertx(), Optional.of(joined))))
                .orElseGet(() -> Future.succeededFuture(new ProcessVertx(
                        StandAloneVertx.build(Vertx.builder().with(options).withMetrics(metrics)), Optional.empty())));
    }

    public Vertx vertx() {
        return vertx;
    }

    /** Who is in the cluster; empty for a process that is alone. */
    public Optional<Members> members() {
        return cluster.map(ClusteredVertx::members);
    }

    /** How many connections to the members' port were refused. */
    public long refusedConnections() {
        return cluster.map(ClusteredVertx::refusedConnections).orElse(0L);
    }

    /** Ends it; done when its ports are free. Not a future of that Vert.x, which ends with its event loops. */
    public CompletionStage<Void> close() {
        return cluster.map(ClusteredVertx::close).orElseGet(() -> vertx.close().toCompletionStage());
    }
}
