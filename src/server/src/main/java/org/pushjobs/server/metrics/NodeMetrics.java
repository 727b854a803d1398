package org.pushjobs.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** How many nodes have a session here. Usable from any thread. */
public final class NodeMetrics {
    private final AtomicInteger available = new AtomicInteger();
    private final AtomicInteger unavailable = new AtomicInteger();

    NodeMetrics(MeterRegistry registry) {
        watch(registry, "available", available);
        watch(registry, "unavailable", unavailable);
    }

    private static void watch(MeterRegistry registry, String availability, AtomicInteger count) {
        Gauge.builder("pushjobs.nodes", count, AtomicInteger::get)
                .description("nodes that have a session")
                .tag("availability", availability)
                .strongReference(true)
                .register(registry);
    }

    /** How many there are now. */
    public void sessions(int availableNodes, int unavailableNodes) {
        available.set(availableNodes);
        unavailable.set(unavailableNodes);
    }
}
