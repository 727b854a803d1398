package org.pushjobs.server.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What is counted of HTTP requests. Usable from any thread. */
public final class HttpMetrics {
    private final MeterRegistry registry;
    private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();

    private record Kind(String resource, String method, int status) {}

    HttpMetrics(MeterRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
    }

    /**
     * A request was answered, or its client went away.
     *
     * @param resource one of the few there are, such as {@code /jobs/:id}; never a path that a client made up
     * @param method one of the few there are
     */
    public void answered(String resource, String method, int status, long nanos) {
        timers.computeIfAbsent(new Kind(resource, method, status), this::timer).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Kind kind) {
        return Timer.builder("pushjobs.http.request.duration")
                .description("HTTP requests and how long they took, feeds until their end")
                .tag("resource", kind.resource())
                .tag("method", kind.method())
                .tag("status", Integer.toString(kind.status()))
                .register(registry);
    }
}
