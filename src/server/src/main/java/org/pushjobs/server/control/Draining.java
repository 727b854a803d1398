package org.pushjobs.server.control;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.pushjobs.server.gateway.OpenConnections;
import org.pushjobs.server.management.HealthCheck;
import org.pushjobs.server.management.Readiness;
import org.pushjobs.server.management.RoleCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this server is being drained (decision 46): what asks for its health is told so and leads others elsewhere, and then
 * the agents that are connected have to connect again, some of them each second. A restart ends it. Usable from any thread.
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

    private record Current(
            long sinceNanos,
            Optional<OpenConnections> connections,
            int perSecond,
            BooleanSupplier isNeeded,
            Runnable whenOver,
            long timer) {
        Duration age() {
            return Duration.ofNanos(System.nanoTime() - sinceNanos);
        }

        int left() {
            return connections.map(OpenConnections::left).orElse(0);
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
     * From now on.
     *
     * @param connections that end, bit by bit
     * @param perSecond so many of them
     * @param isNeeded whether this server has had to take the jobs all the same, which ends it
     * @param whenOver to be done when it ends, for whatever reason
     */
    void begin(Optional<OpenConnections> connections, int perSecond, BooleanSupplier isNeeded, Runnable whenOver) {
        end();
        long timer = vertx.setPeriodic(STEP_MILLIS, _ -> current.get().ifPresent(this::step));
        Current drain = new Current(System.nanoTime(), connections, perSecond, isNeeded, whenOver, timer);
        current.set(Optional.of(drain));
        LOG.info("this server is being drained [connections: {}, closed per second: {}]", drain.left(), perSecond);
    }

    private void step(Current drain) {
        if (drain.isNeeded().getAsBoolean()) {
            LOG.warn("nobody else has taken the jobs, this server runs them; it is not drained any more");
            end();
        } else if (drain.age().compareTo(GRACE) >= 0) {
            drain.connections().ifPresent(connections -> close(drain, connections));
        }
    }

    private static void close(Current drain, OpenConnections connections) {
        if (connections.left() > 0) {
            connections.close(drain.perSecond());
            if (connections.left() == 0) {
                LOG.info(
                        "all connections that there were have been closed [after: {} s]",
                        drain.age().toSeconds());
            }
        }
    }

    /** Nothing happens when it is not on. */
    void end() {
        current.getAndSet(Optional.empty()).ifPresent(drain -> {
            vertx.cancelTimer(drain.timer());
            drain.whenOver().run();
            LOG.info(
                    "this server is not drained any more [after: {} s]",
                    drain.age().toSeconds());
        });
    }

    /** Empty when it is not on. */
    Optional<MemberState.Drain> progress() {
        return current.get().map(drain -> new MemberState.Drain(drain.age(), drain.left()));
    }

    /** How long it takes, with connections that come to an end only by it. */
    static Duration expected(int connections, int perSecond) {
        return GRACE.plus(Duration.ofMillis(TimeUnit.SECONDS.toMillis(connections) / perSecond));
    }
}
