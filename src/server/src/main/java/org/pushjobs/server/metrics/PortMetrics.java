package org.pushjobs.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.pushjobs.zmtp.ZmtpStatistics;
import org.pushjobs.zmtp.wire.CloseReason;

/** What happens on one of the ZeroMQ ports. Usable from any thread; counting allocates nothing. */
public final class PortMetrics implements ZmtpStatistics {
    private final Timer handshakes;
    private final Map<CloseReason, Counter> closed;
    private final Map<CloseReason, Counter> turnedAway;
    private final Counter dropped;

    /** @param port {@code command} or {@code heartbeat} */
    PortMetrics(MeterRegistry registry, Gauges gauges, String port, Supplier<Number> open) {
        gauges.watch(
                "pushjobs.connections", Tags.of("port", port), "connections that are open or in their handshake", open);
        this.handshakes = Timer.builder("pushjobs.connections.handshakes")
                .description("handshakes that succeeded, from the accepted connection on")
                .tag("port", port)
                .register(registry);
        this.closed = counters(registry, port, "pushjobs.connections.closed", "connections that ended");
        this.turnedAway = counters(
                registry,
                port,
                "pushjobs.connections.turned.away",
                "connections that did not get past their handshake");
        this.dropped = Counter.builder("pushjobs.connections.unread.messages")
                .description("messages that were not sent because the agent does not read")
                .tag("port", port)
                .register(registry);
    }

    private static Map<CloseReason, Counter> counters(
            MeterRegistry registry, String port, String name, String description) {
        Map<CloseReason, Counter> counters = new EnumMap<>(CloseReason.class);
        for (CloseReason reason : CloseReason.values()) {
            counters.put(
                    reason,
                    Counter.builder(name)
                            .description(description)
                            .tag("port", port)
                            .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        return Collections.unmodifiableMap(counters);
    }

    @Override
    public void opened(long nanos) {
        handshakes.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void closed(CloseReason reason) {
        closed.get(reason).increment();
    }

    @Override
    public void refused(CloseReason reason) {
        turnedAway.get(reason).increment();
    }

    @Override
    public void dropped() {
        dropped.increment();
    }
}
