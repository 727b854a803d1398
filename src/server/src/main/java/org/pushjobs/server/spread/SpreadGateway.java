package org.pushjobs.server.spread;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.pushjobs.server.gateway.CommandPort;
import org.pushjobs.server.gateway.HeartbeatPublisher;

/**
 * A gateway's part in the spread of agents: each second it tells where it is and how many it has, and has agents go elsewhere
 * when {@link Balance} says so. It begins when the gateway's ports are open. Made, and at work, on the event loop of the gateway.
 */
public final class SpreadGateway {
    private static final long PERIOD_MILLIS = 1_000;

    private final Vertx vertx;
    private final GatewayNews place;
    private final CommandPort port;
    private final HeartbeatPublisher heartbeats;
    private final PresentGateways gateways;
    private final Balance balance;
    private final long lifetimeMillis;
    private long lastAskedMillis;
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
        this.balance = new Balance(times.heartbeatInterval());
        this.lifetimeMillis = times.configLifetime().toMillis();
    }

    /** Goes on until the verticle on whose event loop this is called ends. */
    public void begin() {
        tell(Intake.OPEN);
        vertx.setPeriodic(PERIOD_MILLIS, _ -> balance());
    }

    private void balance() {
        long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        List<GatewayNews> others = gateways.all().stream()
                .filter(news -> !news.gateway().equals(place.gateway()))
                .toList();
        int asked = heartbeats.asked();
        int count = balance.step(now, port.connectionCount(), asked, others);
        // before the first of them comes to one that does not know it yet
        tell(count + asked > 0 || balance.isAsking() ? Intake.TOO_MANY : Intake.OPEN);
        if (count > 0) {
            heartbeats.askToFetch(count);
            lastAskedMillis = now;
        }
        boolean isInVain = others.isEmpty() || now - lastAskedMillis > lifetimeMillis;
        if (isInVain && asked > 0) {
            heartbeats.takeBack();
        }
    }

    private synchronized void tell(Intake intake) {
        if (!closed) {
            SpreadCodecs.publish(vertx, place.with(port.connectionCount(), intake));
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
