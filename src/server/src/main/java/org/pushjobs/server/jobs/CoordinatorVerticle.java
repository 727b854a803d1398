package org.pushjobs.server.jobs;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.bus.WireCodecs;
import org.pushjobs.server.facts.LinesOverBus;
import org.pushjobs.server.jobs.directory.Gateways;
import org.pushjobs.server.jobs.directory.ToldConfigs;
import org.pushjobs.server.jobs.lease.EndedHolders;
import org.pushjobs.server.jobs.lease.LeaseHolder;
import org.pushjobs.server.jobs.lease.LeaseKeeper;
import org.pushjobs.server.jobs.lease.LeaseState;
import org.pushjobs.server.metrics.JobMetrics;
import org.pushjobs.server.store.Leases;
import org.pushjobs.server.store.OutputEnds;
import org.pushjobs.server.store.TermReads;
import org.pushjobs.server.store.TermWrites;
import org.pushjobs.server.time.Schedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loop of the coordinator: keeps the lease, and has a {@link Term} while it is held (cluster.md, "Term"). Undeploying
 * it lets what has happened be stored, and then another process take over at once.
 */
public final class CoordinatorVerticle extends VerticleBase implements LeaseKeeper.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorVerticle.class);

    /** Where it is told that the lease was given back. */
    private static final String RELEASED = "pushjobs.coordinator.released";

    private static final long SETTLING_CHECK_MILLIS = 10;

    private final Setup setup;
    private final Promise<Void> settled = Promise.promise();
    private final Promise<Void> drained = Promise.promise();
    private final Schedule schedule;
    private final LeaseKeeper keeper;
    private volatile Optional<Active> active = Optional.empty();
    private Optional<MessageConsumer<?>> released = Optional.empty();
    /** Jobs are crashed, where that is wanted, by the start of a process and not by an outage of the database. */
    private boolean hadTerm;

    /** A term that has not ended, and whether its jobs are loaded. */
    private record Active(Term term, TermOverBus bus, FileSpill spill, long sinceNanos, boolean isEstablished) {
        private Active established() {
            return new Active(term, bus, spill, sinceNanos, true);
        }
    }

    /**
     * What it works with.
     *
     * @param process its id, another one in each life
     * @param ended which holders of the lease run no more
     * @param lease how long others wait for it
     * @param writes of the term of an epoch
     * @param gateways which there are
     */
    public record Setup(
            String process,
            EndedHolders ended,
            Term.Settings settings,
            Duration lease,
            Leases leases,
            LongFunction<TermWrites> writes,
            TermReads reads,
            OutputEnds outputEnds,
            Gateways gateways,
            ToldConfigs told,
            Announcements announcements,
            JobMetrics metrics,
            Clock clock) {
        public Setup {
            Objects.requireNonNull(process, "process");
            Objects.requireNonNull(ended, "ended");
            Objects.requireNonNull(settings, "settings");
            Objects.requireNonNull(lease, "lease");
            Objects.requireNonNull(leases, "leases");
            Objects.requireNonNull(writes, "writes");
            Objects.requireNonNull(reads, "reads");
            Objects.requireNonNull(outputEnds, "outputEnds");
            Objects.requireNonNull(gateways, "gateways");
            Objects.requireNonNull(told, "told");
            Objects.requireNonNull(announcements, "announcements");
            Objects.requireNonNull(metrics, "metrics");
            Objects.requireNonNull(clock, "clock");
        }
    }

    /** @param vertx that it will be deployed on */
    public CoordinatorVerticle(Vertx vertx, Setup setup) {
        this.setup = Objects.requireNonNull(setup, "setup");
        this.schedule = Schedule.of(vertx);
        this.keeper = new LeaseKeeper(
                schedule,
                setup.leases(),
                LeaseHolder.ofThisProcess(setup.process()).name(),
                setup.ended(),
                setup.lease(),
                this);
    }

    @Override
    public Future<?> start() {
        released = Optional.of(WireCodecs.TEXT.consumer(vertx, RELEASED, (_, _) -> keeper.tryNow()));
        keeper.start();
        settle();
        return Future.succeededFuture();
    }

    /** Until the jobs are loaded here or somewhere else. */
    private void settle() {
        boolean isElsewhere = keeper.state() instanceof LeaseState.Elsewhere;
        if (isElsewhere || active.filter(Active::isEstablished).isPresent()) {
            settled.tryComplete();
        } else if (!settled.future().isComplete()) {
            schedule.after(SETTLING_CHECK_MILLIS, this::settle);
        }
    }

    // ---- the term

    @Override
    public void established(long epoch) {
        setup.metrics().tookOver();
        FileSpill spill = new FileSpill(vertx);
        Term term = new Term(new Term.Setup(
                epoch,
                hadTerm ? setup.settings().resuming() : setup.settings(),
                () -> keeper.isHeld(epoch),
                schedule,
                setup.clock(),
                new LinesOverBus(vertx),
                setup.gateways(),
                setup.told(),
                setup.reads(),
                setup.writes().apply(epoch),
                setup.outputEnds(),
                spill,
                setup.announcements(),
                setup.metrics()));
        TermOverBus bus = new TermOverBus(vertx, schedule, term, () -> keeper.isHeld(epoch));
        active = Optional.of(new Active(term, bus, spill, schedule.nanos(), false));
        // gateways answer what it says when it begins
        bus.open().onSuccess(_ -> active.filter(now -> now.term() == term).ifPresent(_ -> establish(term)));
    }

    private void establish(Term term) {
        term.establish()
                .onComplete(answer -> active.filter(now -> now.term() == term).ifPresent(now -> {
                    if (answer.succeeded()) {
                        hadTerm = true;
                        active = Optional.of(now.established());
                    } else {
                        notEstablished(answer.cause());
                    }
                }));
    }

    private void notEstablished(Throwable cause) {
        if (!ServerException.isTemporary(cause)) {
            LOG.error("the live jobs cannot be loaded", cause);
            settled.tryFail(cause);
        }
        keeper.yield("the live jobs cannot be loaded: " + cause.getMessage());
    }

    @Override
    public void revoked(long epoch, String reason) {
        active.ifPresent(now -> {
            now.bus().close();
            now.term().revoke();
            vertx.executeBlocking(() -> {
                now.spill().close();
                return null;
            });
        });
        active = Optional.empty();
        drained.tryComplete();
    }

    /** Waits until what happened so far is stored, 4 s at most. The live jobs stay live and go on in the next term. */
    @Override
    public Future<?> stop() {
        active.ifPresentOrElse(now -> now.term().drain().onComplete(_ -> drained.tryComplete()), drained::tryComplete);
        return drained.future()
                .transform(_ -> released.map(MessageConsumer::unregister).orElse(Future.succeededFuture()))
                .transform(_ -> keeper.stop())
                .onSuccess(_ -> WireCodecs.TEXT.publish(vertx, RELEASED, ""));
    }

    // ---- what it is told; from any thread, once it is deployed

    /**
     * Another server is to go on: what has happened so far is stored, then the lease is given back. This one takes it again
     * only when no other one does within some seconds.
     *
     * @param why for the log
     * @return done when the lease was given back; fails when this process does not have it
     */
    public Future<Void> handOver(String why) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(_ -> active.map(now -> handOver(now.term(), why))
                .orElseGet(() -> Future.failedFuture(new ServerException(409, "it does not run the jobs")))
                .onComplete(done));
        return done.future();
    }

    private Future<Void> handOver(Term term, String why) {
        LOG.info(
                "what happened in jobs is stored before the lease is given back [epoch: {}, why: {}]",
                term.epoch(),
                why);
        return term.drain()
                .compose(_ -> active.filter(now -> now.term() == term).isPresent()
                        ? keeper.yield(why)
                        : Future.succeededFuture());
    }

    /** See {@link LeaseKeeper#abstain}. */
    public void abstain(Optional<Duration> patience) {
        context.runOnContext(_ -> keeper.abstain(patience));
    }

    /** See {@link LeaseKeeper#compete}. */
    public void compete() {
        context.runOnContext(_ -> keeper.compete());
    }

    /** There may be a lease to be had: it is tried for now instead of later. */
    public void tryNow() {
        context.runOnContext(_ -> keeper.tryNow());
    }

    // ---- what is known of it; from any thread

    /** Succeeds when the jobs are loaded, here or in another process; fails when they never will be. */
    public Future<Void> settled() {
        return settled.future();
    }

    /** Whether this process has the term. Answered by its event loop, once it is deployed. */
    public Future<LeaseState> state() {
        Promise<LeaseState> answer = Promise.promise();
        context.runOnContext(_ -> answer.complete(
                keeper.state() instanceof LeaseState.Held
                                && active.filter(Active::isEstablished).isEmpty()
                        ? new LeaseState.Unable("the live jobs are not known yet")
                        : keeper.state()));
        return answer.future();
    }

    /** Asks the term, when its jobs are loaded. Answered by its event loop, once it is deployed. */
    public <T> Future<Optional<T>> ask(Function<Term, T> question) {
        Promise<Optional<T>> answer = Promise.promise();
        context.runOnContext(_ -> answer.complete(term().map(question)));
        return answer.future();
    }

    /** The term, when its jobs are loaded. */
    public Optional<Term> term() {
        return active.filter(Active::isEstablished).map(Active::term);
    }

    /** Empty when there is none, or its jobs are not loaded. */
    public Optional<TermAge> termAge() {
        long now = System.nanoTime();
        return active.filter(Active::isEstablished)
                .flatMap(term -> keeper.state() instanceof LeaseState.Held held
                        ? Optional.of(new TermAge(
                                held.epoch(),
                                Duration.ofNanos(now - term.sinceNanos()),
                                Duration.ofNanos(now - held.renewedNanos()),
                                Duration.ofNanos(held.untilNanos() - now)))
                        : Optional.empty());
    }

    /** Since the lease was last renewed; empty when it is not held. */
    public Optional<Duration> leaseAge() {
        return keeper.state() instanceof LeaseState.Held held
                ? Optional.of(Duration.ofNanos(System.nanoTime() - held.renewedNanos()))
                : Optional.empty();
    }
}
