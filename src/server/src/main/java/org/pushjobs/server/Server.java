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
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.pushjobs.config.DirectoryConfig;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.config.secrets.Secrets;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.config.Extensions;
import org.pushjobs.server.api.AgentEndpoint;
import org.pushjobs.server.api.AgentTerms;
import org.pushjobs.server.api.ApiServices;
import org.pushjobs.server.api.ApiVerticle;
import org.pushjobs.server.audit.AuditLog;
import org.pushjobs.server.bus.LocalCodec;
import org.pushjobs.server.directory.ChefServerDirectory;
import org.pushjobs.server.directory.Directory;
import org.pushjobs.server.directory.DirectoryAdministration;
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
import org.pushjobs.server.gateway.ServiceTime;
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
import org.pushjobs.server.store.Claimant;
import org.pushjobs.server.store.ClusterIdentity;
import org.pushjobs.server.store.ClusterStore;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.DirectoryChanges;
import org.pushjobs.server.store.DirectoryStore;
import org.pushjobs.server.store.EventStore;
import org.pushjobs.server.store.FencedWrites;
import org.pushjobs.server.store.JobStore;
import org.pushjobs.server.store.LeaseStore;
import org.pushjobs.server.store.NodeKey;
import org.pushjobs.server.store.NodeKeyStore;
import org.pushjobs.server.store.OutputStore;
import org.pushjobs.server.store.ToldConfig;
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

    /** An agent's look at a port and the request that follows it are less apart, on a busy machine, too. */
    private static final Duration SETTLING = Duration.ofSeconds(5);

    private static final Duration MOST_STORE_LAG = Duration.ofSeconds(10);

    private final ServerConfig config;
    private final Secrets secrets;
    private final ServerMetrics metrics;
    private final Clock machineClock;
    private final ServerClock serverClock;
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
    private final Directory directory;
    private final ServiceTime serviceTime;
    private final ContactLog contacts = new ContactLog();
    private final Promise<Cluster> cluster = Promise.promise();
    private final Promise<AgentEndpoint> agentEndpoint = Promise.promise();
    private final Deque<String> deployments = new ArrayDeque<>();
    private volatile long portsOpenedNanos;
    private volatile Optional<CommandPort> commandPort = Optional.empty();
    /** A stop waits for it: what is half open cannot be closed. */
    private volatile Future<?> listening = Future.succeededFuture();

    /** What the database has to tell before agents can be let in. */
    private record Cluster(ClusterIdentity identity, KeyRing keys) {}

    private AgentTerms terms(AgentEndpoint endpoint) {
        return AgentTerms.of(config, secrets, endpoint);
    }

    private AgentEndpoint endpoint(CommandPort.Ports opened) {
        return new AgentEndpoint(config.agents().serverName(), opened.heartbeat(), opened.command());
    }

    /** As agents see it: another one when they are told something else. */
    private Optional<ClusterIdentity> identity() {
        return Optional.ofNullable(agentEndpoint.future().result())
                .map(endpoint -> identity(cluster.future().result().identity(), endpoint));
    }

    private ClusterIdentity identity(ClusterIdentity stored, AgentEndpoint endpoint) {
        return stored.saying(terms(endpoint).fingerprint());
    }

    /** The ports that are open. */
    public record Ports(int api, int heartbeat, int command, int management) {}

    /** @param machineClock which may jump */
    public Server(ServerConfig config, Secrets secrets, ServerMetrics metrics, Clock machineClock) {
        this.config = Objects.requireNonNull(config, "config");
        this.secrets = Objects.requireNonNull(secrets, "secrets");
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.machineClock = Objects.requireNonNull(machineClock, "machineClock");
        this.serverClock = new ServerClock(machineClock, config.health().heartbeatInterval());
        this.clock = serverClock.steady();
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
        this.jobStore = new JobStore(database.pool());
        this.outputStore = new OutputStore(database.pool(), database.writes());
        database.onTime(serverClock::databaseSays);
        metrics.watch("pushjobs.database.up", "1 while the database answers, else 0", () -> database.isReady() ? 1 : 0);
        this.jobs = new JobsOverBus(vertx.eventBus());
        this.nodeStates = new NodeStatesOverBus(
                vertx.eventBus(),
                new NodeKeyStore(database.pool()),
                () -> Optional.ofNullable(agentEndpoint.future().result())
                        .map(this::terms)
                        .map(AgentTerms::told));
        this.audit = new AuditLog(
                vertx, new AuditStore(database.pool()), config.management().auditLogFile(), metrics);
        this.directory = directory();
        this.serviceTime = new ServiceTime(() -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), this::isReady);
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
        vertx.setPeriodic(ServerClock.CHECK_MILLIS, _ -> serverClock.check());
        Future<String> bothListen = vertx.deployVerticle(api)
                .onSuccess(this::deployed)
                .compose(_ -> vertx.deployVerticle(management))
                .onSuccess(this::deployed);
        listening = bothListen;
        return bothListen
                .compose(_ -> database.ready())
                .compose(_ -> untilDatabaseAnswers("the cluster's identity", this::loadCluster))
                .onSuccess(cluster::complete)
                .onSuccess(_ -> endExpiredKeys())
                .compose(this::startAgentSide)
                .map(ports -> {
                    portsOpenedNanos = System.nanoTime();
                    agentEndpoint.complete(endpoint(ports));
                    return new Ports(api.actualPort(), ports.heartbeat(), ports.command(), management.actualPort());
                });
    }

    /**
     * Stops everything within 8 s: no new requests, what happened is stored, the ports are closed. Live jobs go on at the
     * next start.
     */
    public CompletionStage<Void> stop() {
        // not composed as Vert.x futures: those need the event loops, which end with this
        return listening
                .transform(_ -> undeployAll())
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
        AgentKeys agentKeys = new AgentKeys(database, directory, config.agents().configLifetime(), serviceTime, clock);
        return new ClusterStore(database.pool())
                .identity(secrets.fingerprint())
                .compose(identity -> agentKeys
                        .load(secrets.sessionKeys(), identity.keyEpoch())
                        .map(keys -> new Cluster(identity, keys)));
    }

    private Future<CommandPort.Ports> startAgentSide(Cluster joined) {
        NodeSessions sessions = new NodeSessions(
                config.health(),
                config.gateway().messages().maxBodySizeBytes(),
                new AgentPorts(joined),
                contacts,
                metrics,
                clock);
        Coordinator.Settings coordination = new Coordinator.Settings(
                config.agents().serverName(),
                config.jobs(),
                config.health().heartbeatInterval(),
                config.agents().extensions().map(Extensions::maxOutputBytes).orElse(0),
                config.gateway().messages().maxBodySizeBytes());
        return vertx.deployVerticle(sessions)
                .onSuccess(this::deployed)
                .compose(_ -> untilDatabaseAnswers(
                        "the live jobs",
                        () -> beginTerm()
                                .compose(writes -> vertx.deployVerticle(
                                        new Coordinator(coordination, jobStore, outputStore, writes, metrics, clock)))))
                .onSuccess(this::deployed)
                .compose(_ -> sessions.openPorts());
    }

    /** Of several servers the one that started last writes: nobody keeps the lease. */
    private Future<FencedWrites> beginTerm() {
        return new LeaseStore(database.leases())
                .take(UUID.randomUUID().toString(), Duration.ZERO)
                .map(epoch -> new FencedWrites(
                        database.writes(),
                        epoch.orElseThrow(() -> ServerException.unavailable("another server starts just now"))));
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
                new HealthCheck("database", () -> Future.succeededFuture(database.problem())),
                new HealthCheck(
                        "coordinator",
                        () -> jobs.liveIds()
                                .<Optional<String>>map(_ -> Optional.empty())
                                .otherwise(failure ->
                                        Optional.of("the live jobs are not known: " + failure.getMessage()))),
                new HealthCheck("store", this::storeProblem),
                new HealthCheck("gateway", () -> nodeStates.count().map(_ -> gatewayProblem())));
    }

    /** While there is no coordinator, that is the problem. */
    private Future<Optional<String>> storeProblem() {
        return jobs.storeLag()
                .map(lag -> lag.compareTo(MOST_STORE_LAG) <= 0
                        ? Optional.<String>empty()
                        : Optional.of("changes of jobs have waited for " + lag.toSeconds() + " s to be stored, at most "
                                + MOST_STORE_LAG.toSeconds() + " s are good"))
                .otherwise(Optional.empty());
    }

    private Optional<String> gatewayProblem() {
        return commandPort.filter(CommandPort::isOpen).isPresent()
                ? Optional.empty()
                : Optional.of("the ports for agents are not open");
    }

    private ApiServices apiServices() {
        return new ApiServices(
                config,
                () -> terms(agentEndpoint.future().result()),
                this::identity,
                this::isReady,
                this::isSettled,
                directory,
                new Permissions(directory, config.access().read()),
                administration(),
                jobs,
                jobStore,
                nodeStates,
                new LateAdmission(),
                new FeedSetup(
                        new EventStore(database.pool()),
                        outputStore,
                        FeedLimits.DEFAULT,
                        config.feeds(),
                        metrics,
                        clock),
                metrics.http(),
                audit,
                clock,
                machineClock);
    }

    private boolean isReady() {
        return database.isReady() && agentEndpoint.future().succeeded();
    }

    private boolean isSettled() {
        return agentEndpoint.future().succeeded() && System.nanoTime() - portsOpenedNanos >= SETTLING.toNanos();
    }

    private Directory directory() {
        return switch (config.directory()) {
            case DirectoryConfig.Standalone(Duration cacheTime) ->
                new StandaloneDirectory(new DirectoryStore(database.pool()), cacheTime, vertx);
            case DirectoryConfig.ChefServer chefServer ->
                // it stands on this machine as a rule, and holds its requests against the clock of its own
                new ChefServerDirectory(vertx, chefServer, metrics.chefServer(), machineClock);
        };
    }

    private void endExpiredKeys() {
        switch (config.directory()) {
            case DirectoryConfig.Standalone _ -> ExpiredKeys.watch(vertx, database);
            case DirectoryConfig.ChefServer _ -> {
                // the Chef server tells only with a node's next request
            }
        }
    }

    private Optional<DirectoryAdministration> administration() {
        return switch (config.directory()) {
            case DirectoryConfig.Standalone _ ->
                Optional.of(new DirectoryAdministration(
                        new DirectoryStore(database.pool()), new DirectoryChanges(database.pool())));
            case DirectoryConfig.ChefServer _ -> Optional.empty();
        };
    }

    /** The key ring exists only once the database was there; the API lets nobody in before. */
    private final class LateAdmission implements NodeAdmission {
        @Override
        public Future<Void> admit(NodeKey key) {
            return cluster.future().compose(joined -> joined.keys().admit(key));
        }

        @Override
        public void revoke(String orgGuid, Claimant claimant) {
            cluster.future().onSuccess(joined -> joined.keys().revoke(orgGuid, claimant));
        }

        @Override
        public long revocations() {
            return cluster.future().succeeded()
                    ? cluster.future().result().keys().revocations()
                    : 0;
        }

        @Override
        public void configAnswered() {
            serviceTime.works();
        }

        @Override
        public void configFailed() {
            serviceTime.fails();
        }

        @Override
        public void configFetched(NodeRef node, String address) {
            contacts.configFetched(node, new ContactLog.Fetch(clock.instant(), address));
        }

        @Override
        public void configRefused(NodeRef node, String address, int status, String detail) {
            contacts.configRefused(node, new ContactLog.ConfigRefusal(clock.instant(), address, status, detail));
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
                    config.gateway().clearText() ? Optional.empty() : Optional.of(secrets.curveSecretKey());
            GatewaySettings gateway = new GatewaySettings(
                    config.gateway(), curveKey, config.health().heartbeatInterval());
            CommandPort.Setup setup =
                    new CommandPort.Setup(gateway, joined.keys(), contacts, clock, serverClock::agentSays);
            CommandPort port = new CommandPort(vertx, setup, metrics, new RejectionLog(clock), listener);
            commandPort = Optional.of(port);
            return port;
        }

        @Override
        public ToldConfig told(CommandPort.Ports opened) {
            return terms(endpoint(opened)).told();
        }

        @Override
        public Optional<ToldConfig> lastTold(NodeRef node) {
            return joined.keys().told(node);
        }

        @Override
        public HeartbeatPublisher heartbeats(CommandPort port, CommandPort.Ports opened) {
            return new HeartbeatPublisher(
                    port,
                    config.agents().serverName(),
                    Server.this.identity(joined.identity(), endpoint(opened)).incarnationId(),
                    secrets.heartbeatPrivateKey(),
                    clock);
        }
    }
}
