package org.pushjobs.server.spread;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.pushjobs.server.gateway.CommandPort;
import org.pushjobs.server.gateway.DepartingAgents;
import org.pushjobs.server.gateway.HeartbeatPublisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gateway's part in the spread of agents: each second it tells where it is and how many it has, and has agents go elsewhere
 * when {@link Balance} says so, or all of them while it is being drained. It begins when the gateway's ports are open. Made, and
 * at work, on the event loop of the gateway.
 */
public final class SpreadGateway {
    private static final Logger LOG = LoggerFactory.getLogger(SpreadGateway.class);
    private static final long PERIOD_MILLIS = 1_000;

    private final Vertx vertx;
    private final Context home;
    private final GatewayNews place;
    private final CommandPort port;
    private final HeartbeatPublisher heartbeats;
    private final PresentGateways gateways;
    private final Times times;
    private final Balance balance;
    private long lastAskedMillis;
    /** Whose agents are all to go; empty while it is not being drained. Changed under this. */
    private volatile Optional<Departure> departure = Optional.empty();

    /** Nothing is told after that. Guarded by this. */
    private boolean closed;

    /**
     * @param heartbeatInterval of the agents
     * @param configLifetime after which an agent has fetched its configuration without being asked
     */
    public record Times(Duration heartbeatInterval, Duration configLifetime) {
        public Times {
            Objects.requireNonNull(heartbeatInterval, "heartbeatInterval");
            Objects.requireNonNull(configLifetime, "configLifetime");
        }
    }

    /** @param place what it tells, but for the number of its agents */
    public SpreadGateway(
            Vertx vertx,
            GatewayNews place,
            CommandPort port,
            HeartbeatPublisher heartbeats,
            PresentGateways gateways,
            Times times) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.place = Objects.requireNonNull(place, "place");
        this.port = Objects.requireNonNull(port, "port");
        this.heartbeats = Objects.requireNonNull(heartbeats, "heartbeats");
        this.gateways = Objects.requireNonNull(gateways, "gateways");
        this.times = Objects.requireNonNull(times, "times");
        this.balance = new Balance(times.heartbeatInterval());
        this.home = vertx.getOrCreateContext();
    }

    /** Goes on until the verticle on whose event loop this is called ends. */
    public void begin() {
        tell(Intake.OPEN);
        vertx.setPeriodic(PERIOD_MILLIS, _ -> departure.ifPresentOrElse(_ -> tell(Intake.CLOSED), this::balance));
    }

    private static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private void balance() {
        long now = now();
        List<GatewayNews> others = gateways.takingBeside(place.gateway());
        int asked = heartbeats.asked();
        int count = balance.step(now, port.connectionCount(), asked, others);
        // before the first of them comes to one that does not know it yet
        tell(count + asked > 0 || balance.isAsking() ? Intake.TOO_MANY : Intake.OPEN);
        if (count > 0) {
            heartbeats.askToFetch(count);
            lastAskedMillis = now;
        }
        boolean isInVain = others.isEmpty()
                || now - lastAskedMillis > times.configLifetime().toMillis();
        if (isInVain && asked > 0) {
            heartbeats.takeBack();
        }
    }

    private synchronized void tell(Intake intake) {
        if (!closed) {
            SpreadCodecs.publish(
                    vertx, place.with(port.connectionCount(), departure.isPresent() ? Intake.CLOSED : intake));
        }
    }

    /**
     * From now on agents are told of this gateway only where there is no other one, and its own go when they are told to. From any
     * thread.
     */
    public synchronized DepartingAgents depart() {
        Departure begun = new Departure();
        departure = Optional.of(begun);
        tell(Intake.CLOSED);
        return begun;
    }

    /** The agents of this gateway, which is being drained. */
    private final class Departure implements DepartingAgents {
        private final Emptying emptying = new Emptying(times.heartbeatInterval(), now());
        /** Whether it was said that there is no other gateway. */
        private boolean stuck;

        /** Those who were asked go within an interval, or when their command has ended. */
        @Override
        public void go(int atMost) {
            home.runOnContext(_ -> ask(atMost));
        }

        private void ask(int atMost) {
            if (departure.filter(this::equals).isEmpty()) {
                return;
            }
            int others = gateways.takingBeside(place.gateway()).size();
            sayWhetherStuck(others);
            int count = emptying.step(now(), heartbeats.unasked(), atMost, others);
            if (count > 0) {
                heartbeats.askToFetch(count);
            } else if (others == 0 && heartbeats.asked() > 0) {
                heartbeats.takeBack();
            }
        }

        private void sayWhetherStuck(int others) {
            boolean isStuck = others == 0 && left() > 0;
            if (isStuck && !stuck) {
                LOG.warn(
                        "there is no other gateway for the agents of this one, which is being drained; they stay [agents: {}]",
                        left());
            }
            stuck = isStuck;
        }

        @Override
        public int left() {
            return port.connectionCount();
        }

        @Override
        public void stay() {
            end(this);
        }
    }

    private synchronized void end(Departure ended) {
        if (departure.filter(ended::equals).isPresent()) {
            departure = Optional.empty();
            tell(Intake.OPEN);
            home.runOnContext(_ -> heartbeats.takeBack());
        }
    }

    /** Where agents are told to connect to it, host and port for commands; no other gateway may be there. */
    public String place() {
        return place.place();
    }

    /** The gateway takes no agents any more, because it is about to stop. From any thread. */
    public synchronized void close() {
        tell(Intake.CLOSED);
        closed = true;
    }
}
