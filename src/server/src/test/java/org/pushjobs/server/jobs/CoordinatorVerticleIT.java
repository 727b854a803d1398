package org.pushjobs.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pushjobs.config.DatabaseConfig;
import org.pushjobs.config.JobRecovery;
import org.pushjobs.config.JobsConfig;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.JobSpec;
import org.pushjobs.server.facts.Capabilities;
import org.pushjobs.server.facts.Fact;
import org.pushjobs.server.facts.Facts;
import org.pushjobs.server.facts.LinesOverBus;
import org.pushjobs.server.facts.Standing;
import org.pushjobs.server.facts.TermLocation;
import org.pushjobs.server.jobs.directory.ToldConfigs;
import org.pushjobs.server.jobs.lease.EndedHolders;
import org.pushjobs.server.jobs.lease.LeaseState;
import org.pushjobs.server.jobs.model.JobTerms;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.store.Database;
import org.pushjobs.server.store.FencedWrites;
import org.pushjobs.server.store.JobStore;
import org.pushjobs.server.store.Lease;
import org.pushjobs.server.store.LeaseStore;
import org.pushjobs.server.store.Leases;
import org.pushjobs.server.store.OutputStore;
import org.pushjobs.server.testing.Await;
import org.pushjobs.server.testing.PostgresExtension;

/** Coordinators that take turns, in one JVM and on real PostgreSQL; what a gateway would state is of one node that is silent. */
@ExtendWith(PostgresExtension.class)
class CoordinatorVerticleIT {
    private static final Duration LEASE = Duration.ofSeconds(1);
    /** It is kept on a busy machine. */
    private static final Duration LONG_LEASE = Duration.ofSeconds(30);

    private static final String ORG = "00112233445566778899aabbccddeeff";

    private final Vertx vertx = Vertx.vertx();
    private final TermLocation location = new TermLocation(System::nanoTime);
    private final JobsOverBus jobs = new JobsOverBus(vertx, location);
    private final List<Long> beats = new CopyOnWriteArrayList<>();
    private final List<String> deployments = new ArrayList<>();
    private final ServerMetrics metrics = new ServerMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    private Database database;

    /** A lease whose answers can be kept from a coordinator, as by a network that broke. */
    private static final class Breakable implements Leases {
        private final Leases leases;
        private volatile boolean broken;

        private Breakable(Leases leases) {
            this.leases = leases;
        }

        private <T> Future<T> unlessBroken(Future<T> answer) {
            return broken ? Promise.<T>promise().future() : answer;
        }

        @Override
        public Future<Optional<Long>> take(String holder, Duration lease) {
            return unlessBroken(leases.take(holder, lease));
        }

        @Override
        public Future<Boolean> renew(String holder, long epoch, Duration lease) {
            return unlessBroken(leases.renew(holder, epoch, lease));
        }

        @Override
        public Future<Void> release(String holder, long epoch) {
            return leases.release(holder, epoch);
        }

        @Override
        public Future<Lease> current() {
            return leases.current();
        }
    }

    @BeforeEach
    void open(DatabaseConfig.External config) {
        JobCodecs.register(vertx);
        database = Database.open(vertx, config);
        Await.result(database.ready());
        LinesOverBus.beats(vertx, beat -> {
            long epoch = beat.epoch();
            state(epoch, !beats.contains(epoch));
            location.heard(beat);
            beats.add(epoch);
        });
    }

    private void state(long epoch, boolean isNew) {
        Fact.Attached node = new Fact.Attached(
                new NodeRef(ORG, "web-1"), 1, "agent", Standing.AVAILABLE, Capabilities.PLAIN, Instant.now(), 0);
        new LinesOverBus(vertx)
                .send(new Facts("gateway", epoch, isNew ? 1 : 2, isNew, 0, isNew ? List.of(node) : List.of()));
    }

    @AfterEach
    void close() {
        deployments.forEach(id -> Await.result(vertx.undeploy(id)));
        Await.result(database.close());
        Await.result(vertx.close());
    }

    private CoordinatorVerticle coordinator(Leases leases) {
        return coordinator(leases, LEASE, JobRecovery.RESUME);
    }

    private CoordinatorVerticle coordinator(Leases leases, Duration lease, JobRecovery recovery) {
        return new CoordinatorVerticle(
                vertx,
                new CoordinatorVerticle.Setup(
                        UUID.randomUUID().toString(),
                        EndedHolders.OF_THIS_MACHINE,
                        new Term.Settings(
                                "test",
                                new JobsConfig(
                                        Duration.ofSeconds(60),
                                        Duration.ofHours(1),
                                        Duration.ofSeconds(30),
                                        recovery,
                                        Duration.ZERO),
                                Duration.ofMillis(200),
                                0,
                                16_384,
                                65_536),
                        lease,
                        leases,
                        epoch -> new FencedWrites(database.writes(), epoch),
                        new JobStore(database.pool()),
                        new OutputStore(database.pool(), database.writes()),
                        () -> Optional.of(Set.of("gateway")),
                        new ToldConfigs() {
                            @Override
                            public int intervalMillis(NodeRef node) {
                                return 0;
                            }

                            @Override
                            public boolean isElsewhere(NodeRef node) {
                                return false;
                            }

                            @Override
                            public Set<NodeRef> nodes() {
                                return Set.of();
                            }
                        },
                        new AnnouncementsOverBus(vertx, "process"),
                        metrics.jobs(),
                        Clock.systemUTC()));
    }

    private String deploy(CoordinatorVerticle coordinator) {
        String id = Await.result(vertx.deployVerticle(coordinator));
        deployments.add(id);
        Await.result(coordinator.settled());
        return id;
    }

    private Leases leases() {
        return new LeaseStore(database.leases());
    }

    /** A job that stays live, since its node does not vote. */
    private Future<String> start() {
        JobSpec spec =
                new JobSpec("true", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
        return jobs.start(new JobRequest(ORG, "alice", new JobTerms(spec, List.of("web-1"), 1, 3600)));
    }

    private long epoch() {
        return beats.getLast();
    }

    @Test
    void secondOneStandsByAndTakesOverAtOnceWhenTheFirstIsStopped() {
        CoordinatorVerticle first = coordinator(leases(), LONG_LEASE, JobRecovery.RESUME);
        String firstId = deploy(first);
        CoordinatorVerticle second = coordinator(leases(), LONG_LEASE, JobRecovery.RESUME);
        deploy(second);
        assertThat(Await.result(first.state())).isInstanceOf(LeaseState.Held.class);
        assertThat(Await.result(second.state())).isInstanceOf(LeaseState.Elsewhere.class);
        assertThat(second.term()).isEmpty();
        assertThat(second.leaseAge()).isEmpty();

        deployments.remove(firstId);
        Future<Void> stopped = vertx.undeploy(firstId);
        Await.result(stopped);
        // asked while nobody has the term, or the second one has it already
        String job = Await.result(start());

        assertThat(job).isNotEmpty();
        assertThat(Await.result(second.state())).isInstanceOf(LeaseState.Held.class);
        assertThat(first.term()).isEmpty();
        assertThat(second.leaseAge().orElseThrow()).isLessThan(LONG_LEASE);
    }

    @Test
    void oneThatCannotRenewEndsItsTermAndTheOtherOneGoesOnWithItsJobs() {
        Breakable breakable = new Breakable(leases());
        CoordinatorVerticle first = coordinator(breakable);
        deploy(first);
        CoordinatorVerticle second = coordinator(leases());
        deploy(second);
        long before = epoch();
        String job = Await.result(start());

        breakable.broken = true;
        Await.until("the second one has the term", () -> second.term().isPresent());

        assertThat(first.term()).isEmpty();
        Await.until("it tells so", () -> epoch() > before);
        Await.until(
                "the second one is asked",
                () -> location.current().filter(epoch -> epoch > before).isPresent());
        assertThat(Await.result(jobs.liveIds())).containsExactly(job);
        assertThat(Await.result(start())).isNotEmpty();
    }

    @Test
    void termBeginsAndEndsAnyNumberOfTimesInOneProcess() {
        Breakable breakable = new Breakable(leases());
        CoordinatorVerticle coordinator = coordinator(breakable);
        deploy(coordinator);

        for (int turn = 0; turn < 10; turn++) {
            long epoch = epoch();
            breakable.broken = true;
            Await.until(
                    "the term has ended",
                    () -> coordinator
                            .term()
                            .filter(term -> term.epoch() == epoch)
                            .isEmpty());
            breakable.broken = false;
            Await.until("another one is there", () -> coordinator.term().isPresent() && epoch() > epoch);
            assertThat(Await.result(start())).isNotEmpty();
        }

        Await.until("everything is stored", () -> Await.result(jobs.storeLag()).isZero());
        assertThat(beats).isSorted();
    }

    @Test
    void whereJobsAreToCrashAtTheStartTheyGoOnInLaterTermsOfTheSameProcess() {
        CoordinatorVerticle earlier = coordinator(leases());
        String id = deploy(earlier);
        Await.result(start());
        deployments.remove(id);
        Await.result(vertx.undeploy(id));
        Breakable breakable = new Breakable(leases());
        CoordinatorVerticle coordinator = coordinator(breakable, LEASE, JobRecovery.CRASH);
        deploy(coordinator);
        Await.until("the new term is asked", () -> Await.result(jobs.liveIds()).isEmpty());
        String job = Await.result(start());

        long epoch = epoch();
        breakable.broken = true;
        Await.until("the term has ended", () -> coordinator.term().isEmpty());
        breakable.broken = false;
        Await.until("another one is there", () -> coordinator.term().isPresent() && epoch() > epoch);

        assertThat(Await.result(jobs.liveIds())).containsExactly(job);
    }

    @Test
    void whoCannotHaveTheLeaseSaysWhy() {
        Await.result(database.pool().query("drop table coordinator_lease").execute());
        CoordinatorVerticle coordinator = coordinator(leases());
        deployments.add(Await.result(vertx.deployVerticle(coordinator)));

        awaitUnable(coordinator, "coordinator_lease");
    }

    @Test
    void whoCannotLoadTheLiveJobsSaysWhyAndDoesWhenItCan() {
        Await.result(database.pool()
                .query("alter table jobs rename column quorum to lost")
                .execute());
        CoordinatorVerticle coordinator = coordinator(leases());
        deployments.add(Await.result(vertx.deployVerticle(coordinator)));
        awaitUnable(coordinator, "quorum");
        assertThat(coordinator.settled().isComplete()).isFalse();

        Await.result(database.pool()
                .query("alter table jobs rename column lost to quorum")
                .execute());

        Await.result(coordinator.settled());
        assertThat(coordinator.term()).isPresent();
    }

    private static void awaitUnable(CoordinatorVerticle coordinator, String reason) {
        Await.until(
                "it says why",
                () -> Await.result(coordinator.state()) instanceof LeaseState.Unable unable
                        && unable.why().contains(reason));
    }
}
