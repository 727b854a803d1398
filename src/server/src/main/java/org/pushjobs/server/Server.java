package org.pushjobs.server;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.metrics.MetricsOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.pushjobs.config.DirectoryConfig;
import org.pushjobs.config.ServerConfig;
import org.pushjobs.config.ServerRole;
import org.pushjobs.config.secrets.Secrets;
import org.pushjobs.server.audit.AuditLog;
import org.pushjobs.server.cluster.MemberInfo;
import org.pushjobs.server.cluster.Members;
import org.pushjobs.server.cluster.ProcessVertx;
import org.pushjobs.server.control.Control;
import org.pushjobs.server.control.Draining;
import org.pushjobs.server.directory.ChefServerDirectory;
import org.pushjobs.server.directory.Directory;
import org.pushjobs.server.directory.StandaloneDirectory;
import org.pushjobs.server.facts.LinesOverBus;
import org.pushjobs.server.facts.TermLocation;
import org.pushjobs.server.gateway.CommandPort;
import org.pushjobs.server.gateway.ContactLog;
import org.pushjobs.server.jobs.JobCodecs;
import org.pushjobs.server.management.HealthCheck;
import org.pushjobs.server.management.ManagementVerticle;
import org.pushjobs.server.metrics.DatabaseMetrics;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.roles.ApiRole;
import org.pushjobs.server.roles.CoordinatorRole;
import org.pushjobs.server.roles.GatewayRole;
import org.pushjobs.server.roles.GatewayWatch;
import org.pushjobs.server.roles.Membership;
import org.pushjobs.server.roles.Role;
import org.pushjobs.server.roles.Shared;
import org.pushjobs.server.store.AuditStore;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.DirectoryStore;
import org.pushjobs.server.store.MoveReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server process: what its roles have in common, and the roles, started and stopped in order. The API listens from the
 * beginning; the others begin when the database has told which cluster this is. Usable from any thread.
 */
public final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final long RETRY_MILLIS = 1_000;
    private static final long STOP_TIMEOUT_SECONDS = 8;

    private final ProcessVertx process;
    private final Vertx vertx;
    private final Database database;
    private final ServerClock serverClock;
    private final AuditLog audit;
    private final Shared shared;
    private final Optional<ApiRole> api;
    private final Optional<GatewayRole> gateway;
    private final Optional<CoordinatorRole> coordinator;
    private final ManagementVerticle management;
    private final Draining draining;
    private final Control control;
    /** A stop waits for it: what is half open cannot be closed. */
    private volatile Future<?> listening = Future.succeededFuture();

    /** The ports that are open; 0 for those of roles that the process does not have. */
    public record Ports(int api, int heartbeat, int command, int management) {}

    /**
     * A server that has not been started, as soon as the process is a member of its cluster, if it has one.
     *
     * @param machineClock which may jump
     * @return fails when a port of the cluster cannot be opened
     */
    public static Future<Server> open(ServerConfig config, Secrets secrets, ServerMetrics metrics, Clock machineClock) {
        MemberInfo self = MemberInfo.ofThisProcess(UUID.randomUUID().toString(), config.roles());
        VertxOptions options = new VertxOptions()
                .setPreferNativeTransport(true)
                // without files from the class path there is no cache directory that a killed server would leave behind
                .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false))
                .setMetricsOptions(new MetricsOptions().setEnabled(true));
        return ProcessVertx.start(config.cluster(), secrets.clusterKeys(), self, options, metrics.database())
                .map(process -> new Server(process, self, config, secrets, metrics, machineClock));
    }

    private Server(
            ProcessVertx process,
            MemberInfo self,
            ServerConfig config,
            Secrets secrets,
            ServerMetrics metrics,
            Clock machineClock) {
        this.process = Objects.requireNonNull(process, "process");
        this.vertx = process.vertx();
        this.serverClock = new ServerClock(machineClock, config.health().heartbeatInterval());
        JobCodecs.register(vertx);
        this.database = Database.open(vertx, config.database(), self.process());
        database.onTime(serverClock::databaseSays);
        process.members().ifPresent(members -> watchCluster(metrics, members));
        metrics.watch("pushjobs.database.up", "1 while the database answers, else 0", () -> database.isReady() ? 1 : 0);
        watchHosts(metrics.database());
        this.audit = new AuditLog(
                vertx, new AuditStore(database.pool()), config.management().auditLogFile(), metrics);
        this.shared = shared(self.process(), config, secrets, metrics, machineClock);
        GatewayWatch.begin(shared);
        this.api = role(ServerRole.API, () -> new ApiRole(shared, audit));
        this.gateway = role(ServerRole.GATEWAY, () -> new GatewayRole(shared, serverClock::agentSays));
        this.coordinator = role(ServerRole.COORDINATOR, () -> new CoordinatorRole(shared));
        this.draining = new Draining(vertx);
        this.control = new Control(vertx, shared, self, coordinator, gateway, draining);
        this.management = new ManagementVerticle(
                config.management(),
                metrics,
                healthChecks(),
                roles().map(Role::readiness).map(draining::over).toList());
    }

    private void watchCluster(ServerMetrics metrics, Members members) {
        metrics.watch(
                "pushjobs.cluster.members",
                "processes in the cluster, this one included",
                () -> members.all().size());
        metrics.watchTotal(
                "pushjobs.cluster.connections.refused",
                "connections to the members' port that did not show that they have the secrets",
                process::refusedConnections);
    }

    private void watchHosts(DatabaseMetrics metrics) {
        metrics.watchHosts(database.hosts(), database::usedHost);
        if (database.hosts().size() < 2) {
            return;
        }
        Map<MoveReason, Runnable> changes = new EnumMap<>(MoveReason.class);
        for (MoveReason reason : MoveReason.values()) {
            changes.put(reason, metrics.hostChanges(reason.label()));
        }
        database.onMove(reason -> changes.get(reason).run());
    }

    private Shared shared(String id, ServerConfig config, Secrets secrets, ServerMetrics metrics, Clock machineClock) {
        Clock clock = serverClock.steady();
        Directory directory = directory(config.directory(), metrics, machineClock);
        TermLocation term = new TermLocation(System::nanoTime);
        LinesOverBus.beats(vertx, term::heard);
        return new Shared(
                vertx,
                id,
                process.members(),
                config,
                secrets,
                metrics,
                clock,
                machineClock,
                database,
                directory,
                new Membership(config, secrets, database, directory, clock),
                term,
                new ContactLog());
    }

    private Directory directory(DirectoryConfig config, ServerMetrics metrics, Clock machineClock) {
        return switch (config) {
            case DirectoryConfig.Standalone(Duration cacheTime) ->
                new StandaloneDirectory(new DirectoryStore(database.pool()), cacheTime, vertx);
            case DirectoryConfig.ChefServer chefServer ->
                // it stands on this machine as a rule, and holds its requests against the clock of its own
                new ChefServerDirectory(vertx, chefServer, metrics.chefServer(), machineClock);
        };
    }

    private <R extends Role> Optional<R> role(ServerRole role, Supplier<R> maker) {
        return shared.config().roles().contains(role) ? Optional.of(maker.get()) : Optional.empty();
    }

    /** In the order in which they are stopped: requests end first, then jobs, then the ports are closed. */
    private Stream<Role> roles() {
        return Stream.<Optional<? extends Role>>of(api, coordinator, gateway).flatMap(Optional::stream);
    }

    private List<HealthCheck> healthChecks() {
        return Stream.concat(
                        Stream.of(new HealthCheck(
                                "database",
                                () -> Future.succeededFuture(database.problem()),
                                () -> database.hostDescription()
                                        .map(host -> Map.of("host", host))
                                        .orElse(Map.of()))),
                        Stream.concat(
                                process.members().stream().map(Server::membership),
                                roles().flatMap(role -> role.parts().stream()).map(draining::over)))
                .toList();
    }

    /** That others are missing is theirs to tell; this process works without them. */
    private static HealthCheck membership(Members members) {
        return new HealthCheck(
                "cluster",
                () -> Future.succeededFuture(members.isMember() ? Optional.empty() : members.problem()),
                () -> Map.of("members", members.description()));
    }

    /**
     * Starts everything.
     *
     * @return the ports, once all of it works, which may be long after the API listens; fails with the reason when it
     *     never will
     */
    public Future<Ports> start() {
        vertx.setPeriodic(ServerClock.CHECK_MILLIS, _ -> serverClock.check());
        Future<?> allListen =
                started(api).compose(_ -> vertx.deployVerticle(management)).compose(_ -> vertx.deployVerticle(control));
        listening = allListen;
        return allListen
                .compose(_ -> database.ready())
                .compose(_ -> untilDatabaseAnswers(shared.membership()::join))
                .onSuccess(_ -> joined())
                .compose(_ -> Future.all(started(gateway), started(coordinator)))
                .map(_ -> ports());
    }

    private static Future<Void> started(Optional<? extends Role> role) {
        return role.map(Role::start).orElse(Future.succeededFuture());
    }

    private Ports ports() {
        Optional<CommandPort.Ports> agents = gateway.map(role -> role.ports().result());
        return new Ports(
                api.map(ApiRole::port).orElse(0),
                agents.map(CommandPort.Ports::heartbeat).orElse(0),
                agents.map(CommandPort.Ports::command).orElse(0),
                management.actualPort());
    }

    /**
     * Stops everything within 8 s: no new requests, what happened is stored, the ports are closed. Live jobs go on in
     * another process, or at the next start.
     */
    public CompletionStage<Void> stop() {
        // not composed as Vert.x futures: those need the event loops, which end with this
        return listening
                .transform(_ -> stopRoles())
                .transform(_ -> audit.close())
                .transform(_ -> database.close())
                .timeout(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .toCompletionStage()
                .handle((_, failure) -> Optional.ofNullable(failure))
                .thenCompose(failure -> process.close()
                        .thenAccept(_ -> failure.ifPresent(cause -> {
                            throw new CompletionException(cause);
                        })));
    }

    private Future<Void> stopRoles() {
        return roles().reduce(
                        Future.<Void>succeededFuture(),
                        (before, role) -> before.transform(_ -> role.stop()),
                        (_, last) -> last);
    }

    private Future<Void> untilDatabaseAnswers(Supplier<Future<Void>> attempt) {
        return attempt.get().recover(failure -> {
            if (!ServerException.isTemporary(failure)) {
                return Future.failedFuture(failure);
            }
            LOG.warn("the cluster's identity could not be read, trying again [error: {}]", failure.getMessage());
            return vertx.timer(RETRY_MILLIS, TimeUnit.MILLISECONDS).compose(_ -> untilDatabaseAnswers(attempt));
        });
    }

    private void joined() {
        if (gateway.isEmpty()) {
            shared.membership().gatewayIsElsewhere();
        }
        switch (shared.config().directory()) {
            case DirectoryConfig.Standalone _ -> ExpiredKeys.watch(vertx, database);
            case DirectoryConfig.ChefServer _ -> {
                // the Chef server tells only with a node's next request
            }
        }
    }
}
