package org.pushjobs.server.roles;

import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.config.DirectoryConfig;
import org.pushjobs.server.api.ApiServices;
import org.pushjobs.server.api.ApiVerticle;
import org.pushjobs.server.audit.AuditTrail;
import org.pushjobs.server.directory.DirectoryAdministration;
import org.pushjobs.server.directory.Permissions;
import org.pushjobs.server.feeds.FeedLimits;
import org.pushjobs.server.feeds.FeedSetup;
import org.pushjobs.server.jobs.AnnouncementsOverBus;
import org.pushjobs.server.jobs.JobsOverBus;
import org.pushjobs.server.management.HealthCheck;
import org.pushjobs.server.management.Readiness;
import org.pushjobs.server.management.RoleCheck;
import org.pushjobs.server.nodes.NodeStatesOverBus;
import org.pushjobs.server.store.DirectoryChanges;
import org.pushjobs.server.store.DirectoryStore;
import org.pushjobs.server.store.EventStore;
import org.pushjobs.server.store.JobStore;
import org.pushjobs.server.store.NodeKeyStore;
import org.pushjobs.server.store.OutputStore;

/**
 * Answers HTTP requests. It listens from its start, and refuses with 503 what cannot be done yet.
 */
public final class ApiRole implements Role {
    private final Shared shared;
    private final ApiVerticle api;
    private volatile Optional<String> deployment = Optional.empty();

    /** @param audit gets a line for each change that is asked for */
    public ApiRole(Shared shared, AuditTrail audit) {
        this.shared = Objects.requireNonNull(shared, "shared");
        this.api = new ApiVerticle(services(audit));
    }

    @Override
    public Future<Void> start() {
        return AnnouncementsOverBus.hearOthers(shared.vertx(), shared.process())
                .compose(_ -> shared.vertx().deployVerticle(api))
                .onSuccess(id -> deployment = Optional.of(id))
                .mapEmpty();
    }

    /** The port that it listens at. */
    public int port() {
        return api.actualPort();
    }

    @Override
    public Future<Void> stop() {
        return deployment.map(shared.vertx()::undeploy).orElse(Future.succeededFuture());
    }

    /** It needs nothing but what is looked at anyway. */
    @Override
    public List<HealthCheck> parts() {
        return List.of();
    }

    @Override
    public RoleCheck readiness() {
        return new RoleCheck("api", () -> Future.succeededFuture(Readiness.of(problem())));
    }

    private Optional<String> problem() {
        return shared.database()
                .problem()
                .or(() -> shared.membership().isReady()
                        ? Optional.empty()
                        : Optional.of("it is not known yet what agents are to be told"));
    }

    private ApiServices services(AuditTrail audit) {
        Membership membership = shared.membership();
        var pool = shared.database().pool();
        return new ApiServices(
                shared.config(),
                membership::welcome,
                membership::identity,
                membership::isReady,
                membership::isSettled,
                shared.directory(),
                new Permissions(shared.directory(), shared.config().access().read()),
                administration(),
                new JobsOverBus(shared.vertx(), shared.term()),
                new JobStore(pool),
                new NodeStatesOverBus(shared.vertx(), shared.term(), new NodeKeyStore(pool), membership::current),
                new LateAdmission(membership, shared.contacts(), shared.clock()),
                new FeedSetup(
                        new EventStore(pool),
                        new OutputStore(pool, shared.database().writes()),
                        FeedLimits.DEFAULT,
                        shared.config().feeds(),
                        shared.metrics().feeds(),
                        shared.clock()),
                shared.metrics().http(),
                audit,
                shared.clock(),
                shared.machineClock());
    }

    private Optional<DirectoryAdministration> administration() {
        var pool = shared.database().pool();
        return switch (shared.config().directory()) {
            case DirectoryConfig.Standalone _ ->
                Optional.of(new DirectoryAdministration(new DirectoryStore(pool), new DirectoryChanges(pool)));
            case DirectoryConfig.ChefServer _ -> Optional.empty();
        };
    }
}
