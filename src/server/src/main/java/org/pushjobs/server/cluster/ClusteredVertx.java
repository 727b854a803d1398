package org.pushjobs.server.cluster;

import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.spi.VertxMetricsFactory;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.pushjobs.config.ClusterConfig;
import org.pushjobs.config.secrets.ClusterKeys;
import org.pushjobs.server.ServerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Vert.x of a process that is a member of a cluster: its event bus reaches the other members, whoever they are at the
 * time, and nobody else. It carries messages and says who is there, and no correctness rests on either: a message may be lost,
 * and two members may see different ones. What is sent over it needs a codec that other versions understand, and each request
 * a time-out of its own: one to a member that is gone waits for it. Locks, counters and maps of the cluster do not work.
 * Usable from any thread.
 */
public final class ClusteredVertx {
    private static final Logger LOG = LoggerFactory.getLogger(ClusteredVertx.class);
    private static final long CHECK_MILLIS = 3_000;

    private final HazelcastInstance hazelcast;
    private final Registry registry;
    private final StrangerLog strangers;
    private final Vertx vertx;
    private final Members members;
    private final AtomicBoolean checking = new AtomicBoolean();
    private volatile boolean closing;

    private ClusteredVertx(
            HazelcastInstance hazelcast, Registry registry, StrangerLog strangers, Vertx vertx, Members members) {
        this.hazelcast = hazelcast;
        this.registry = registry;
        this.strangers = strangers;
        this.vertx = vertx;
        this.members = members;
    }

    /**
     * Becomes a member. Takes seconds and blocks nobody. Members that are not there are not waited for.
     *
     * @param self what the others are told
     * @param options all but the event bus
     * @return fails when an own port cannot be opened
     */
    public static Future<ClusteredVertx> join(
            ClusterConfig config,
            ClusterKeys keys,
            MemberInfo self,
            VertxOptions options,
            VertxMetricsFactory metrics) {
        Objects.requireNonNull(metrics, "metrics");
        StrangerLog strangers = new StrangerLog(System::nanoTime);
        MemberGuard guard = new MemberGuard(keys.members(), strangers);
        VertxOptions complete =
                new VertxOptions(options).setEventBusOptions(BusOptions.of(config, new BusIdentity(keys.busSeed())));
        return started(config, self, guard).compose(hazelcast -> {
            Registry registry = new Registry(hazelcast);
            return Vertx.builder()
                    .with(complete)
                    .withMetrics(metrics)
                    .withClusterManager(registry)
                    .buildClustered()
                    .map(vertx -> {
                        Members members = new Members(hazelcast, config);
                        ClusteredVertx clustered = new ClusteredVertx(hazelcast, registry, strangers, vertx, members);
                        clustered.watch();
                        return clustered;
                    })
                    .onFailure(_ -> onOwnThread(hazelcast::shutdown))
                    .recover(failure -> Future.failedFuture(new ServerException(
                            500,
                            "cluster_bus_port cannot be opened at " + config.address() + ":" + config.busPort() + " ("
                                    + failure.getMessage() + "); stop what listens there, or set another port")));
        });
    }

    private static Future<HazelcastInstance> started(ClusterConfig config, MemberInfo self, MemberGuard guard) {
        // for what Hazelcast logs before it has read its configuration
        System.setProperty("hazelcast.logging.type", "slf4j");
        Promise<HazelcastInstance> started = Promise.promise();
        onOwnThread(() -> {
            try {
                started.complete(GuardedNodeContext.start(MembershipConfig.of(config, self), guard));
            } catch (ServerException e) {
                started.fail(e);
            } catch (RuntimeException e) {
                started.fail(new ServerException(
                        500,
                        "the cluster cannot be joined from " + config.address() + ", port " + config.port() + " ("
                                + e.getMessage() + "); see cluster_address and cluster_port"));
            }
        });
        return started.future();
    }

    /** Hazelcast blocks. */
    private static void onOwnThread(Runnable action) {
        Thread.ofPlatform().name("cluster").start(action);
    }

    private void watch() {
        members.watch();
        vertx.setPeriodic(CHECK_MILLIS, _ -> check());
    }

    private void check() {
        members.refresh();
        if (hazelcast.getLifecycleService().isRunning() && checking.compareAndSet(false, true)) {
            vertx.executeBlocking(registry::repair, false)
                    .onSuccess(this::say)
                    .onFailure(this::sayWhyNot)
                    .onComplete(_ -> checking.set(false));
        }
    }

    private void sayWhyNot(Throwable failure) {
        if (!closing) {
            LOG.warn(
                    "the cluster's registry could not be looked through, trying again [error: {}]", failure.toString());
        }
    }

    private void say(Registry.Repairs repairs) {
        if (!repairs.addresses().isEmpty() || repairs.node()) {
            LOG.warn(
                    "the cluster's registry had lost entries of this process, they are back; what was sent to them"
                            + " meanwhile did not arrive [addresses: {}, own bus address: {}]",
                    repairs.addresses(),
                    repairs.node() ? "lost" : "there");
        }
        if (!repairs.removed().isEmpty()) {
            LOG.warn(
                    "removed entries of processes that are gone from the cluster's registry [addresses: {}]",
                    repairs.removed());
        }
    }

    public Vertx vertx() {
        return vertx;
    }

    public Members members() {
        return members;
    }

    /** How many connections to the members' port were refused, for they did not show that they have the secrets. */
    public long refusedConnections() {
        return strangers.refused();
    }

    /**
     * Ends the Vert.x, then the membership. Not a future of that Vert.x, which ends with its event loops.
     *
     * @return done when both ports are free
     */
    public CompletionStage<Void> close() {
        closing = true;
        members.end();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        vertx.close()
                .onComplete(ended -> onOwnThread(() -> {
                    hazelcast.shutdown();
                    Optional.ofNullable(ended.cause())
                            .ifPresentOrElse(closed::completeExceptionally, () -> closed.complete(null));
                }));
        return closed;
    }

    /** For tests: as if the process had been killed. */
    HazelcastInstance hazelcast() {
        return hazelcast;
    }

    Registry registry() {
        return registry;
    }
}
