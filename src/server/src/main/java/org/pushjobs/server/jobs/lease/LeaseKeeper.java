package org.pushjobs.server.jobs.lease;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.store.Lease;
import org.pushjobs.server.store.Leases;
import org.pushjobs.server.time.Schedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the lease whenever it is free, has it renewed, and says when a term begins and when it is over (cluster.md, "Term"), any
 * number of times. A timer sees to it that a term ends in time ({@link HeldLease}); but a timer is late where a process was
 * stopped, so whatever a term lets out asks {@link #isHeld} first.
 *
 * <p>It is long because whoever has to understand when the lease is tried for has to see all of it. Belongs to the event loop of
 * its schedule, but for {@link #isHeld} and {@link #state}.
 */
public final class LeaseKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    /** Between attempts at most. */
    private static final long PAUSE_MILLIS = 1_000;

    /** Between attempts at least. */
    private static final long SHORT_PAUSE_MILLIS = 50;

    /** Before it is taken again after it was given up, and twice as long each time. Others look once in {@link #PAUSE_MILLIS}. */
    private static final long AFTER_YIELD_MILLIS = 2 * PAUSE_MILLIS;

    private static final int MOST_DOUBLINGS = 4;

    /** Meanwhile, to see who has it now. */
    private static final long LOOK_MILLIS = 250;

    /** Longer than the store works at it. */
    private static final long MOST_TAKE_MILLIS = 30_000;

    private static final long RELEASE_MILLIS = 1_000;

    private final Schedule schedule;
    private final Leases leases;
    private final String self;
    private final EndedHolders ended;
    private final Duration lease;
    private final Listener listener;
    private final Unrenewed unrenewed;
    private volatile Optional<HeldLease> held = Optional.empty();
    /** While it is not held. */
    private volatile LeaseState state = new LeaseState.Unable("the database has not been asked yet");

    private Runnable cancelNext = () -> {};
    /** While it leaves the lease to others. */
    private Optional<Abstention> abstention = Optional.empty();

    /** Until then it lets others try first. */
    private long othersFirstNanos;

    private int yields;
    private boolean asking;
    private boolean stopped;

    /** What it is all about. */
    public interface Listener {
        /** A term begins. */
        void established(long epoch);

        /**
         * The term is over, and nothing of it may act any more.
         *
         * @param reason for people
         */
        void revoked(long epoch, String reason);
    }

    /**
     * @param self a name that no other life of a server has
     * @param ended which holders are known not to run any more
     */
    public LeaseKeeper(
            Schedule schedule, Leases leases, String self, EndedHolders ended, Duration lease, Listener listener) {
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        this.leases = Objects.requireNonNull(leases, "leases");
        this.self = Objects.requireNonNull(self, "self");
        this.ended = Objects.requireNonNull(ended, "ended");
        this.lease = Objects.requireNonNull(lease, "lease");
        this.listener = Objects.requireNonNull(listener, "listener");
        this.unrenewed = new Unrenewed(schedule);
        this.othersFirstNanos = schedule.nanos();
    }

    /** From now on it tries. */
    public void start() {
        attempt();
    }

    /** There may be something to be had: try now instead of later. */
    public void tryNow() {
        if (held.isEmpty()) {
            othersFirstNanos = schedule.nanos();
            attemptIn(0);
        }
    }

    /** Whether the term of this epoch may act. Cheap; on any thread. */
    public boolean isHeld(long epoch) {
        Optional<HeldLease> current = held;
        return current.isPresent()
                && current.get().epoch() == epoch
                && !current.get().isOver();
    }

    /** On any thread. */
    public LeaseState state() {
        return held.<LeaseState>map(HeldLease::state).orElse(state);
    }

    /** Whoever finds that the term of this epoch may not act any more has it ended by this. */
    public void endIfOver(long epoch) {
        held.filter(current -> current.epoch() == epoch).ifPresent(HeldLease::endIfOver);
    }

    /** Ends the term, if there is one, gives the lease back and tries no more. */
    public Future<Void> stop() {
        stopped = true;
        cancelNext.run();
        return held.map(current -> giveBack(current, "the server stops")).orElse(Future.succeededFuture());
    }

    /**
     * The term is of no use, or another server is to go on: ends it and lets another one try first.
     *
     * @return done, always, when the lease was given back, or could not be; at once when there is none
     */
    public Future<Void> yield(String why) {
        return held.map(current -> {
                    yields = current.wasRenewed() ? 0 : yields;
                    long pause = AFTER_YIELD_MILLIS << yields;
                    yields = Math.min(MOST_DOUBLINGS, yields + 1);
                    return giveBack(current, why).onComplete(_ -> {
                        othersFirstNanos = schedule.nanos() + TimeUnit.MILLISECONDS.toNanos(pause);
                        attemptIn(SHORT_PAUSE_MILLIS);
                    });
                })
                .orElse(Future.succeededFuture());
    }

    /**
     * From now on it leaves a lease that it does not hold to others, until {@link #compete}.
     *
     * @param patience for so long it has to be free before it is taken all the same, because there seems to be nobody else;
     *     empty when it never is
     */
    public void abstain(Optional<Duration> patience) {
        abstention = Optional.of(new Abstention(schedule, patience));
    }

    /** It tries for the lease again like any other. */
    public void compete() {
        abstention = Optional.empty();
        tryNow();
    }

    private Future<Void> giveBack(HeldLease current, String why) {
        revoke(current, why);
        return release(current.epoch());
    }

    private Future<Void> release(long epoch) {
        return schedule.within(RELEASE_MILLIS, leases.release(self, epoch))
                .onSuccess(_ -> LOG.info("the lease was given back, another server may coordinate [epoch: {}]", epoch))
                .onFailure(failure -> LOG.warn(
                        "the lease could not be given back, others wait until it ends [epoch: {}, error: {}]",
                        epoch,
                        failure.getMessage()))
                .otherwise((Void) null);
    }

    private void revoke(HeldLease current, String reason) {
        current.end();
        held = Optional.empty();
        state = new LeaseState.Unable(reason);
        if (!stopped) {
            LOG.warn("this server is not the coordinator any more [epoch: {}, reason: {}]", current.epoch(), reason);
        }
        listener.revoked(current.epoch(), reason);
    }

    // ---- taking it

    private void attemptIn(long millis) {
        cancelNext.run();
        if (!stopped) {
            cancelNext = schedule.after(millis, this::attempt);
        }
    }

    private void attempt() {
        if (asking || stopped) {
            return;
        }
        if (abstains() || othersAreFirst()) {
            look();
            return;
        }
        asking = true;
        long sent = schedule.nanos();
        schedule.within(MOST_TAKE_MILLIS, leases.take(self, lease)).onComplete(answer -> {
            asking = false;
            if (answer.failed()) {
                cannotAsk(answer.cause());
            } else if (answer.result().isPresent()) {
                taken(answer.result().get(), sent);
            } else {
                look();
            }
        });
    }

    private boolean othersAreFirst() {
        return schedule.nanos() - othersFirstNanos < 0;
    }

    private boolean abstains() {
        return abstention.filter(Abstention::lasts).isPresent();
    }

    private void cannotAsk(Throwable cause) {
        abstention.ifPresent(Abstention::isNotKnown);
        LeaseState.Unable unable = new LeaseState.Unable("the lease cannot be asked for: " + cause.getMessage());
        boolean isNew = !(state instanceof LeaseState.Unable) || !ServerException.isTemporary(cause);
        if (isNew && !unable.equals(state)) {
            LOG.warn("{}, trying until it can", unable.why());
        }
        state = unable;
        attemptIn(PAUSE_MILLIS);
    }

    private void taken(long epoch, long sentNanos) {
        HeldLease taken = new HeldLease(schedule, leases, self, lease, epoch, sentNanos, this::lost);
        if (stopped) {
            release(epoch);
        } else if (taken.isOver()) {
            confirm(epoch);
        } else {
            establish(taken);
        }
    }

    /** To take it has lasted so long that it counts only if it can be renewed. */
    private void confirm(long epoch) {
        long sent = schedule.nanos();
        leases.renew(self, epoch, lease).onComplete(answer -> {
            if (answer.failed()) {
                cannotAsk(answer.cause());
            } else if (answer.result()) {
                taken(epoch, sent);
            } else {
                attemptIn(SHORT_PAUSE_MILLIS);
            }
        });
    }

    private void establish(HeldLease taken) {
        cancelNext.run();
        held = Optional.of(taken);
        LOG.info("this server is the coordinator [epoch: {}]", taken.epoch());
        taken.begin();
        listener.established(taken.epoch());
    }

    private void lost(String reason) {
        revoke(held.orElseThrow(), reason);
        attemptIn(SHORT_PAUSE_MILLIS);
    }

    // ---- while somebody else has it

    private void look() {
        leases.current().onComplete(answer -> {
            if (stopped) {
                return;
            }
            if (answer.failed()) {
                cannotAsk(answer.cause());
            } else {
                wait(answer.result());
            }
        });
    }

    private void wait(Lease found) {
        found.holder()
                .map(holder -> whyLost(holder, found))
                .orElse(Future.succeededFuture(Optional.empty()))
                .onSuccess(lost -> {
                    if (!stopped) {
                        wait(found, lost);
                    }
                });
    }

    /** @param lost why it counts no more although its time is not over; empty when it counts */
    private void wait(Lease found, Optional<String> lost) {
        boolean free = lost.isPresent() || found.left().isZero();
        abstention.ifPresent(rule -> rule.saw(free));
        if (free && abstains()) {
            state = new LeaseState.Unable("nobody has the lease, and this server is drained and leaves it to others");
            attemptIn(PAUSE_MILLIS);
        } else if (free && othersAreFirst()) {
            attemptIn(Math.clamp(schedule.millisUntil(othersFirstNanos) + 1, 1, LOOK_MILLIS));
        } else {
            lost.ifPresentOrElse(reason -> end(found, reason), () -> standBy(found));
        }
    }

    private void end(Lease found, String reason) {
        String holder = found.holder().orElseThrow();
        LOG.info(
                "the coordinator is gone and its lease ends now [coordinator: {}, epoch: {}, reason: {}]",
                LeaseHolder.shown(holder),
                found.epoch(),
                reason);
        leases.release(holder, found.epoch()).onComplete(released -> {
            if (released.succeeded()) {
                attemptIn(0);
            } else {
                cannotAsk(released.cause());
            }
        });
    }

    /** Why the lease of another holder counts no more although its time is not over; empty when it counts. */
    private Future<Optional<String>> whyLost(String holder, Lease found) {
        Optional<String> notRenewed = Optional.of(
                        "it was not renewed for longer than any lease lasts; the database's clock was set back")
                .filter(_ -> unrenewed.isOver(holder, found));
        return ended.whyEnded(holder).otherwise(Optional.empty()).map(reason -> reason.or(() -> notRenewed));
    }

    private void standBy(Lease found) {
        found.holder().map(LeaseHolder::shown).ifPresent(coordinator -> {
            LeaseState.Elsewhere elsewhere = new LeaseState.Elsewhere(coordinator, found.epoch());
            if (!elsewhere.equals(state)) {
                LOG.info(
                        "another server is the coordinator, this one stands by [coordinator: {}, epoch: {}]",
                        coordinator,
                        found.epoch());
            }
            state = elsewhere;
        });
        attemptIn(Math.clamp(found.left().toMillis() + 1, SHORT_PAUSE_MILLIS, PAUSE_MILLIS));
    }
}
