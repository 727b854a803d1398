package org.pushjobs.server.control;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.pushjobs.server.gateway.DepartingAgents;
import org.pushjobs.server.management.HealthCheck;
import org.pushjobs.server.management.Readiness;
import org.pushjobs.server.management.RoleCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this server is being drained (decision 46): what asks for its health is told so and leads others elsewhere, and then
 * the agents go, some of them each second. A restart ends it. Usable from any thread.
 */
public final class Draining {
    private static final Logger LOG = LoggerFactory.getLogger(Draining.class);

    /** Longer than keepalived's check takes to notice, and the address to be elsewhere. */
    static final Duration GRACE = Duration.ofSeconds(5);

    private static final long STEP_MILLIS = 1_000;
    private static final String STATUS = "draining";
    private static final String REASON = "this server is being drained; opscode-push-jobs-server-ctl undrain ends that";

    private final Vertx vertx;
    private final AtomicReference<Optional<Current>> current = new AtomicReference<>(Optional.empty());

    /** One drain; its agents are asked for until there are some to be had, for the ports may open later. */
    private static final class Current {
        private final long sinceNanos = System.nanoTime();
        private final Supplier<Optional<DepartingAgents>> depart;
        private final BooleanSupplier isNeeded;
        private final Runnable whenOver;
        private final long timer;
        private Optional<DepartingAgents> agents = Optional.empty();
        private int perSecond;
        private boolean hadSome;
        private boolean ended;

        private Current(
                Supplier<Optional<DepartingAgents>> depart, BooleanSupplier isNeeded, Runnable whenOver, long timer) {
            this.depart = depart;
            this.isNeeded = isNeeded;
            this.whenOver = whenOver;
            this.timer = timer;
        }

        private Duration age() {
            return Duration.ofNanos(System.nanoTime() - sinceNanos);
        }

        /** Those who have come since go, too. */
        private synchronized void begin(int newPerSecond) {
            perSecond = newPerSecond;
            agents = depart.get();
        }

        private synchronized int left() {
            if (agents.isEmpty() && !ended) {
                agents = depart.get();
            }
            return agents.map(DepartingAgents::left).orElse(0);
        }

        private synchronized void step() {
            int left = left();
            if (age().compareTo(GRACE) >= 0) {
                agents.ifPresent(some -> some.go(perSecond));
            }
            if (hadSome && left == 0) {
                LOG.info("no agent is left that had to go [after: {} s]", age().toSeconds());
            }
            hadSome = left > 0;
        }

        private synchronized void end() {
            ended = true;
            agents.ifPresent(DepartingAgents::stay);
            whenOver.run();
        }
    }

    public Draining(Vertx vertx) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
    }

    // ---- for health

    /** The same, but while this server is being drained it is not to be used. */
    public RoleCheck over(RoleCheck check) {
        return new RoleCheck(
                check.role(),
                () -> isOn()
                        ? Future.succeededFuture(new Readiness(STATUS, Optional.of(REASON)))
                        : check.readiness().get());
    }

    /** The same, but while this server is being drained it is not ready. */
    public HealthCheck over(HealthCheck check) {
        return new HealthCheck(
                check.part(),
                () -> isOn()
                        ? Future.succeededFuture(Optional.of(REASON))
                        : check.problem().get(),
                check.details());
    }

    boolean isOn() {
        return current.get().isPresent();
    }

    // ---- what it does

    /**
     * From now on; where that is so already, all that are there by now are to go.
     *
     * @param depart the agents that are to go; empty while there are none yet
     * @param perSecond so many of them
     * @param isNeeded whether this server has had to take the jobs all the same, which ends it
     * @param whenOver to be done when it ends, for whatever reason
     */
    void begin(Supplier<Optional<DepartingAgents>> depart, int perSecond, BooleanSupplier isNeeded, Runnable whenOver) {
        Current drain = current.get().orElseGet(() -> {
            long timer = vertx.setPeriodic(STEP_MILLIS, _ -> current.get().ifPresent(this::step));
            Current begun = new Current(depart, isNeeded, whenOver, timer);
            current.set(Optional.of(begun));
            return begun;
        });
        drain.begin(perSecond);
        LOG.info("this server is being drained [agents: {}, to go per second: {}]", drain.left(), perSecond);
    }

    private void step(Current drain) {
        if (drain.isNeeded.getAsBoolean()) {
            LOG.warn("nobody else has taken the jobs, this server runs them; it is not drained any more");
            end();
        } else {
            drain.step();
        }
    }

    /** Nothing happens when it is not on. */
    void end() {
        current.getAndSet(Optional.empty()).ifPresent(drain -> {
            vertx.cancelTimer(drain.timer);
            drain.end();
            LOG.info(
                    "this server is not drained any more [after: {} s]",
                    drain.age().toSeconds());
        });
    }

    /** Empty when it is not on. */
    Optional<MemberState.Drain> progress() {
        return current.get().map(drain -> new MemberState.Drain(drain.age(), drain.left()));
    }

    /** How long it takes to tell so many to go. */
    static Duration expected(int agents, int perSecond) {
        return GRACE.plus(Duration.ofMillis(TimeUnit.SECONDS.toMillis(agents) / perSecond));
    }
}
