package org.pushjobs.server;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.metrics.MetricsOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.codec.MessageLimits;
import org.pushjobs.protocol.config.Extensions;
import org.pushjobs.server.api.AgentEndpoint;
import org.pushjobs.server.api.ApiServices;
import org.pushjobs.server.api.ApiVerticle;
import org.pushjobs.server.audit.AuditLog;
import org.pushjobs.server.bus.LocalCodec;
import org.pushjobs.server.config.Secrets;
import org.pushjobs.server.config.ServerConfig;
import org.pushjobs.server.config.ServerConfig.DirectoryConfig;
import org.pushjobs.server.directory.ChefServerDirectory;
import org.pushjobs.server.directory.Directory;
import org.pushjobs.server.directory.Permissions;
import org.pushjobs.server.directory.StandaloneDirectory;
import org.pushjobs.server.feeds.FeedLimits;
import org.pushjobs.server.feeds.FeedSetup;
import org.pushjobs.server.gateway.AgentListener;
import org.pushjobs.server.gateway.CommandPort;
import org.pushjobs.server.gateway.ContactLog;
import org.pushjobs.server.gateway.GatewaySettings;
import org.pushjobs.server.gateway.HeartbeatPublisher;
import org.pushjobs.server.gateway.KeyRing;
import org.pushjobs.server.gateway.NodeAdmission;
import org.pushjobs.server.jobs.Coordinator;
import org.pushjobs.server.jobs.Jobs;
import org.pushjobs.server.jobs.JobsOverBus;
import org.pushjobs.server.management.HealthCheck;
import org.pushjobs.server.management.ManagementVerticle;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.nodes.NodeSessions;
import org.pushjobs.server.nodes.NodeStates;
import org.pushjobs.server.nodes.NodeStatesOverBus;
import org.pushjobs.server.rejections.RejectionLog;
import org.pushjobs.server.store.AuditStore;
import org.pushjobs.server.store.ClusterIdentity;
import org.pushjobs.server.store.ClusterStore;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.DirectoryStore;
import org.pushjobs.server.store.EventStore;
import org.pushjobs.server.store.JobStore;
import org.pushjobs.server.store.NodeKey;
import org.pushjobs.server.store.NodeKeyStore;
import org.pushjobs.server.store.OutputStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole server with all three roles: puts the parts together, starts and stops them in order. The API listens from the
 * beginning and refuses with 503 what it cannot do yet; the ZeroMQ ports open when the database has told which jobs are
 * live, so that no agent is heard too early. Usable from any thread.
 */
public final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final long RETRY_MILLIS = 1_000;
    private static final long STOP_TIMEOUT_SECONDS = 8;

    private final ServerConfig config;
    private final Secrets secrets;
    private final ServerMetrics metrics;
    private final Clock clock;
    private final Vertx vertx;
    private final Database database;
    private final JobStore jobStore;
    private final OutputStore outputStore;
    private final ApiVerticle api;
    private final ManagementVerticle management;
    private final AuditLog audit;
    private final Jobs jobs;
    private final NodeStates nodeStates;
    private final ContactLog contacts = new ContactLog();
    private final Promise<Cluster> cluster = Promise.promise();
    private final Promise<AgentEndpoint> agentEndpoint = Promise.promise();
    private final Deque<String> deployments = new ArrayDeque<>();
    private volatile Optional<CommandPort> commandPort = Optional.empty();

    /** What the database has to tell before agents can be let in. */
    private record Cluster(ClusterIdentity identity, KeyRing keys) {}

    /** The ports that are open. */
    public record Ports(int api, int heartbeat, int command, int management) {}

    public Server(ServerConfig config, Secrets secrets, ServerMetrics metrics, Clock clock) {
        this.config = Objects.requireNonNull(config, "config");
        this.secrets = Objects.requireNonNull(secrets, "secrets");
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.clock = Objects.requireNonNull(clock, "clock");
        // without files from the class path there is no cache directory that a killed server would leave behind
        this.vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setPreferNativeTransport(true)
                        .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false))
                        .setMetricsOptions(new MetricsOptions().setEnabled(true)))
                .withMetrics(metrics.database())
                .build();
        LocalCodec.register(vertx);
        this.database = Database.open(vertx, config.database());
        this.jobStore = new JobStore(database.pool(), database.writes());
        this.outputStore = new OutputStore(database.pool());
        metrics.watch("pushjobs.database.up", "1 while the database answers, else 0", () -> database.isReady() ? 1 : 0);
        this.jobs = new JobsOverBus(vertx.eventBus());
        this.nodeStates = new NodeStatesOverBus(vertx.eventBus(), new NodeKeyStore(database.pool()));
        this.audit = new AuditLog(
                vertx, new AuditStore(database.pool()), config.management().auditLogFile(), metrics);
        this.api = new ApiVerticle(apiServices());
        this.management = new ManagementVerticle(config.management(), metrics, healthChecks());
    }

    /**
     * Starts everything.
     *
     * @return the ports, once all of it works, which may be long after the API listens; fails with the reason when it
     *     never will
     */
    public Future<Ports> start() {
        return vertx.deployVerticle(api)
                .onSuccess(this::deployed)
                .compose(_ -> vertx.deployVerticle(management))
                .onSuccess(this::deployed)
                .compose(_ -> database.ready())
                .compose(_ -> untilDatabaseAnswers("the cluster's identity", this::loadCluster))
                .onSuccess(cluster::complete)
                .compose(this::startAgentSide)
                .map(ports -> {
                    agentEndpoint.complete(new AgentEndpoint(config.serverName(), ports.heartbeat(), ports.command()));
                    return new Ports(api.actualPort(), ports.heartbeat(), ports.command(), management.actualPort());
                });
    }

    /**
     * Stops everything within 8 s: no new requests, what happened is stored, the ports are closed. Live jobs go on at the
     * next start.
     */
    public CompletionStage<Void> stop() {
        // not composed as Vert.x futures: those need the event loops, which end with this
        return undeployAll()
                .transform(_ -> audit.close())
                .transform(_ -> database.close())
                .timeout(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .toCompletionStage()
                .handle((_, failure) -> Optional.ofNullable(failure))
                .thenCompose(failure -> vertx.close()
                        .toCompletionStage()
                        .thenAccept(_ -> failure.ifPresent(cause -> {
                            throw new CompletionException(cause);
                        })));
    }

    private Future<Cluster> loadCluster() {
        return new ClusterStore(database.pool())
                .identity(secrets.fingerprint())
                .compose(identity -> KeyRing.load(
                                new NodeKeyStore(database.pool()), secrets.sessionKeys(), identity.keyEpoch())
                        .map(keys -> new Cluster(identity, keys)));
    }

    private Future<CommandPort.Ports> startAgentSide(Cluster joined) {
        NodeSessions sessions = new NodeSessions(
                new NodeSessions.Settings(
                        config.heartbeatInterval(),
                        config.downThreshold(),
                        config.decayWindow(),
                        config.detectOfflineNodesInterval(),
                        config.rehabTimer()),
                new AgentPorts(joined),
                contacts,
                metrics,
                clock);
        Coordinator.Settings coordination = new Coordinator.Settings(
                config.serverName(),
                config.votingTimeout(),
                config.abortGrace(),
                config.heartbeatInterval(),
                config.jobRecovery(),
                config.jobRetention(),
                config.agentExtensions().map(Extensions::maxOutputBytes).orElse(0));
        return vertx.deployVerticle(sessions)
                .onSuccess(this::deployed)
                .compose(_ -> untilDatabaseAnswers(
                        "the live jobs",
                        () -> vertx.deployVerticle(
                                new Coordinator(coordination, jobStore, outputStore, metrics, clock))))
                .onSuccess(this::deployed)
                .compose(_ -> sessions.openPorts());
    }

    private <T> Future<T> untilDatabaseAnswers(String what, Supplier<Future<T>> attempt) {
        return attempt.get().recover(failure -> {
            boolean temporary =
                    failure instanceof ServerException refusal && refusal.status() == ServerException.UNAVAILABLE;
            if (!temporary) {
                return Future.failedFuture(failure);
            }
            LOG.warn("{} could not be read, trying again [error: {}]", what, failure.getMessage());
            return vertx.timer(RETRY_MILLIS, TimeUnit.MILLISECONDS).compose(_ -> untilDatabaseAnswers(what, attempt));
        });
    }

    private void deployed(String id) {
        synchronized (deployments) {
            deployments.addLast(id);
        }
    }

    /** Requests end first, then jobs, then the ports are closed. */
    private Future<Void> undeployAll() {
        Deque<String> order;
        synchronized (deployments) {
            order = new ArrayDeque<>(deployments);
            deployments.clear();
        }
        Future<Void> done = order.isEmpty() ? Future.succeededFuture() : vertx.undeploy(order.pollFirst());
        while (!order.isEmpty()) {
            String id = order.pollLast();
            done = done.transform(_ -> vertx.undeploy(id));
        }
        return done;
    }

    private List<HealthCheck> healthChecks() {
        return List.of(
                new HealthCheck(
                        "database",
                        () -> Future.succeededFuture(
                                database.isReady() ? Optional.empty() : Optional.of("the database does not answer"))),
                new HealthCheck(
                        "coordinator",
                        () -> jobs.liveIds()
                                .<Optional<String>>map(_ -> Optional.empty())
                                .otherwise(failure ->
                                        Optional.of("the live jobs are not known: " + failure.getMessage()))),
                new HealthCheck("gateway", () -> nodeStates.count().map(_ -> gatewayProblem())));
    }

    private Optional<String> gatewayProblem() {
        return commandPort.filter(CommandPort::isOpen).isPresent()
                ? Optional.empty()
                : Optional.of("the ports for agents are not open");
    }

    private ApiServices apiServices() {
        Directory directory = directory();
        return new ApiServices(
                config,
                () -> agentEndpoint.future().result(),
                secrets,
                () -> Optional.ofNullable(cluster.future().result()).map(Cluster::identity),
                () -> database.isReady() && agentEndpoint.future().succeeded(),
                directory,
                new Permissions(directory),
                jobs,
                jobStore,
                nodeStates,
                new LateAdmission(),
                new FeedSetup(
                        new EventStore(database.pool()),
                        outputStore,
                        FeedLimits.DEFAULT,
                        config.keepAliveTime(),
                        config.waitCompleteTime(),
                        config.orgFeedExpiration(),
                        metrics,
                        clock),
                metrics.http(),
                audit,
                clock);
    }

    private Directory directory() {
        return switch (config.directory()) {
            case DirectoryConfig.Standalone(Duration cacheTime) ->
                new StandaloneDirectory(new DirectoryStore(database.pool()), cacheTime, clock);
            case DirectoryConfig.ChefServer chefServer ->
                new ChefServerDirectory(vertx, chefServer, metrics.chefServer(), clock);
        };
    }

    /** The key ring exists only once the database was there; the API lets nobody in before. */
    private final class LateAdmission implements NodeAdmission {
        @Override
        public Future<Void> admit(NodeKey key) {
            return cluster.future().compose(joined -> joined.keys().admit(key));
        }

        @Override
        public void learn(String orgName, String orgGuid) {
            cluster.future().onSuccess(joined -> joined.keys().learn(orgName, orgGuid));
        }

        @Override
        public void configFetched(NodeRef node, String address) {
            contacts.configFetched(node, new ContactLog.Fetch(clock.instant(), address));
        }
    }

    private final class AgentPorts implements NodeSessions.PortFactory {
        private final Cluster joined;

        private AgentPorts(Cluster joined) {
            this.joined = joined;
        }

        @Override
        public CommandPort commandPort(AgentListener listener) {
            Optional<String> curveKey =
                    config.disableCurveEncryption() ? Optional.empty() : Optional.of(secrets.curveSecretKey());
            GatewaySettings gateway = new GatewaySettings(
                    config.zeromqListenAddress(),
                    config.serverHeartbeatPort(),
                    config.commandPort(),
                    config.maxBodySizeBytes(),
                    curveKey,
                    config.gateway());
            MessageLimits limits = new MessageLimits(config.maxBodySizeBytes(), config.maxMessageSkew());
            CommandPort.Setup setup = new CommandPort.Setup(gateway, limits, joined.keys(), contacts, clock);
            CommandPort port = new CommandPort(vertx, setup, metrics, new RejectionLog(clock), listener);
            commandPort = Optional.of(port);
            return port;
        }

        @Override
        public HeartbeatPublisher heartbeats(CommandPort port) {
            return new HeartbeatPublisher(
                    port, config.serverName(), joined.identity().incarnationId(), secrets.heartbeatPrivateKey(), clock);
        }
    }
}
