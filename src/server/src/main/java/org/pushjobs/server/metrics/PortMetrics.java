package org.pushjobs.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.pushjobs.zmtp.ZmtpStatistics;
import org.pushjobs.zmtp.wire.CloseReason;

/** What happens on one of the ZeroMQ ports. Usable from any thread; counting allocates nothing. */
public final class PortMetrics implements ZmtpStatistics {
    private final Timer handshakes;
    private final CountersByLabel<CloseReason> closed;
    private final CountersByLabel<CloseReason> turnedAway;
    private final Counter dropped;

    PortMetrics(MeterRegistry registry, Gauges gauges, PortKind port, Supplier<Number> open) {
        Tags tags = Tags.of("port", port.label());
        gauges.watch("pushjobs.connections", "connections that are open or in their handshake", tags, open);
        this.handshakes = Timer.builder("pushjobs.connection.handshake.duration")
                .description("handshakes that succeeded, from the accepted connection on")
                .tags(tags)
                .register(registry);
        this.closed = counters(registry, tags, "pushjobs.connections.closed", "connections that ended", port.closed());
        this.turnedAway = counters(
                registry,
                tags,
                "pushjobs.connections.turned.away",
                "connections that did not get past their handshake",
                port.turnedAway());
        this.dropped = Counter.builder("pushjobs.connections.unread.messages")
                .description("messages that were not sent because the agent does not read")
                .tags(tags)
                .register(registry);
    }

    private static CountersByLabel<CloseReason> counters(
            MeterRegistry registry, Tags tags, String name, String description, Set<CloseReason> possible) {
        return new CountersByLabel<>(
                registry,
                new CountersByLabel.Names(name, description, tags, "reason"),
                reason -> reason.name().toLowerCase(Locale.ROOT),
                possible);
    }

    @Override
    public void opened(long nanos) {
        handshakes.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void closed(CloseReason reason) {
        closed.increment(reason);
    }

    @Override
    public void refused(CloseReason reason) {
        turnedAway.increment(reason);
    }

    @Override
    public void dropped() {
        dropped.increment();
    }
}
