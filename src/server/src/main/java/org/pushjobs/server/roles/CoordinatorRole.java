package org.pushjobs.server.roles;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.pushjobs.config.ServerRole;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.config.Extensions;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.cluster.MemberChange;
import org.pushjobs.server.cluster.Members;
import org.pushjobs.server.gateway.KeyRing;
import org.pushjobs.server.jobs.AnnouncementsOverBus;
import org.pushjobs.server.jobs.CoordinatorVerticle;
import org.pushjobs.server.jobs.Term;
import org.pushjobs.server.jobs.TermAge;
import org.pushjobs.server.jobs.directory.DownNodes;
import org.pushjobs.server.jobs.directory.Gateways;
import org.pushjobs.server.jobs.directory.ToldConfigs;
import org.pushjobs.server.jobs.lease.EndedHolders;
import org.pushjobs.server.jobs.lease.LeaseState;
import org.pushjobs.server.management.HealthCheck;
import org.pushjobs.server.management.Readiness;
import org.pushjobs.server.management.RoleCheck;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.FencedWrites;
import org.pushjobs.server.store.JobStore;
import org.pushjobs.server.store.LeaseStore;
import org.pushjobs.server.store.OutputStore;
import org.pushjobs.server.store.ToldConfig;

/** Runs the jobs while this process has the lease, and stands by to do so while another one has it. */
public final class CoordinatorRole implements Role {
    private static final Duration MOST_STORE_LAG = Duration.ofSeconds(10);

    private final Shared shared;
    private final CoordinatorVerticle coordinator;
    private volatile Optional<String> deployment = Optional.empty();

    public CoordinatorRole(Shared shared) {
        this.shared = Objects.requireNonNull(shared, "shared");
        this.coordinator = new CoordinatorVerticle(shared.vertx(), setup(shared));
        watch(shared.metrics());
    }

    private static CoordinatorVerticle.Setup setup(Shared shared) {
        Database database = shared.database();
        var config = shared.config();
        LeaseStore leases = new LeaseStore(database.leases());
        return new CoordinatorVerticle.Setup(
                shared.process(),
                shared.members()
                        .<EndedHolders>map(members -> new EndedMembers(members, leases))
                        .orElse(EndedHolders.OF_THIS_MACHINE),
                new Term.Settings(
                        config.agents().serverName(),
                        config.jobs(),
                        config.health().heartbeatInterval(),
                        config.agents()
                                .extensions()
                                .map(Extensions::maxOutputBytes)
                                .orElse(0),
                        config.agents()
                                .extensions()
                                .map(Extensions::maxTailBytes)
                                .orElse(0),
                        config.gateway().messages().maxBodySizeBytes()),
                config.coordinator().lease(),
                leases,
                epoch -> new FencedWrites(database.writes(), epoch),
                new JobStore(database.pool()),
                new OutputStore(database.pool(), database.writes()),
                gateways(shared),
                told(shared.membership()),
                new AnnouncementsOverBus(shared.vertx(), shared.process()),
                shared.metrics().jobs(),
                shared.clock());
    }

    private static Gateways gateways(Shared shared) {
        Optional<Set<String>> own =
                Optional.of(shared.config().roles().contains(ServerRole.GATEWAY) ? Set.of(shared.process()) : Set.of());
        return () -> shared.members().map(Members::gateways).orElse(own);
    }

    private static ToldConfigs told(Membership membership) {
        return new ToldConfigs() {
            @Override
            public int intervalMillis(NodeRef node) {
                return told(node).map(ToldConfig::intervalMillis).orElse(0);
            }

            @Override
            public boolean isElsewhere(NodeRef node) {
                return told(node).filter(told -> !membership.isCurrent(told)).isPresent();
            }

            @Override
            public Set<NodeRef> nodes() {
                return keys().map(KeyRing::nodes).orElse(Set.of());
            }

            private Optional<ToldConfig> told(NodeRef node) {
                return keys().flatMap(keys -> keys.told(node));
            }

            private Optional<KeyRing> keys() {
                return Optional.ofNullable(membership.joined().result()).map(Membership.Joined::keys);
            }
        };
    }

    /** Once for the process, whatever terms there are; without one there is nothing to read. */
    private void watch(ServerMetrics metrics) {
        metrics.watch(
                "pushjobs.coordinator.active",
                "1 while this process runs the jobs, else 0",
                () -> coordinator.term().isPresent() ? 1 : 0);
        metrics.watchSeconds(
                "pushjobs.coordinator.lease.age",
                "time since the lease was last renewed",
                () -> coordinator.leaseAge().map(CoordinatorRole::seconds).orElse(Double.NaN));
        metrics.watchSeconds(
                "pushjobs.store.lag",
                "age of the oldest change of a job that is not stored",
                ofTerm(term -> seconds(term.backlogAge())));
        metrics.watchQueue("store", ofTerm(Term::waitingJobs));
        metrics.watchQueueBytes("results", ofTerm(Term::waitingResultBytes));
        metrics.watchQueueBytes("output", ofTerm(Term::waitingOutputBytes));
        for (DownNodes.Reason reason : DownNodes.Reason.values()) {
            metrics.watch(
                    "pushjobs.nodes.down",
                    "nodes that cannot take part in jobs, by why",
                    "reason",
                    reason.label(),
                    ofTerm(term -> term.nodesDown(reason)));
        }
    }

    private Supplier<Number> ofTerm(Function<Term, Number> number) {
        return () -> coordinator.term().map(number).orElse(Double.NaN);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    @Override
    public Future<Void> start() {
        return shared.vertx()
                .deployVerticle(coordinator)
                .onSuccess(id -> {
                    deployment = Optional.of(id);
                    shared.members()
                            .ifPresent(members -> members.listen(shared.vertx().getOrCreateContext(), this::changed));
                })
                .compose(_ -> coordinator.settled());
    }

    /** The lease of one that has left may be free, or be so soon. */
    private void changed(MemberChange change) {
        switch (change) {
            case MemberChange.Left _ -> coordinator.tryNow();
            case MemberChange.Joined _ -> {
                // it may have the lease, which is in the database
            }
        }
    }

    // ---- for who moves the jobs to another server

    /** The term that this process has, when its jobs are loaded. */
    public Optional<TermAge> term() {
        return coordinator.termAge();
    }

    /** See {@link CoordinatorVerticle#handOver}. */
    public Future<Void> handOver(String why) {
        return deployment
                .map(_ -> coordinator.handOver(why))
                .orElseGet(() -> Future.failedFuture(new ServerException(409, "it has not started yet")));
    }

    /** See {@link CoordinatorVerticle#abstain}. */
    public void abstain(Optional<Duration> patience) {
        deployment.ifPresent(_ -> coordinator.abstain(patience));
    }

    /** See {@link CoordinatorVerticle#compete}. */
    public void compete() {
        deployment.ifPresent(_ -> coordinator.compete());
    }

    /** There may be a lease to be had: it is tried for now instead of later. */
    public void tryNow() {
        deployment.ifPresent(_ -> coordinator.tryNow());
    }

    @Override
    public Future<Void> stop() {
        return deployment.map(shared.vertx()::undeploy).orElse(Future.succeededFuture());
    }

    @Override
    public List<HealthCheck> parts() {
        return List.of(
                new HealthCheck(
                        "coordinator",
                        () -> state().map(state -> readiness(state).problem())),
                new HealthCheck("store", this::storeProblem));
    }

    @Override
    public RoleCheck readiness() {
        return new RoleCheck("coordinator", () -> state().map(this::readiness));
    }

    private Future<LeaseState> state() {
        return deployment
                .map(_ -> coordinator.state())
                .orElseGet(() -> Future.succeededFuture(new LeaseState.Unable("the database was not there yet")));
    }

    private Readiness readiness(LeaseState state) {
        return switch (state) {
            case LeaseState.Held _ -> new Readiness("active", Optional.empty());
            case LeaseState.Elsewhere _ ->
                shared.database()
                        .problem()
                        .map(CoordinatorRole::unable)
                        .orElse(new Readiness("standby", Optional.empty()));
            case LeaseState.Unable(String why) -> unable(why);
        };
    }

    private static Readiness unable(String why) {
        return new Readiness("not able", Optional.of(why));
    }

    /** While there is no term here, that is the problem, or another process's. */
    private Future<Optional<String>> storeProblem() {
        return deployment
                .map(_ -> coordinator.ask(Term::storeLag))
                .orElse(Future.succeededFuture(Optional.empty()))
                .map(lag -> lag.filter(found -> found.compareTo(MOST_STORE_LAG) > 0)
                        .map(found -> "changes of jobs have waited for " + found.toSeconds()
                                + " s to be stored, at most " + MOST_STORE_LAG.toSeconds() + " s are good"));
    }
}
