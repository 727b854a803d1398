package org.pushjobs.server.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.pushjobs.server.Build;

/**
 * What the server counts about itself, listed in docs/operations.md. Names are Micrometer's; Prometheus reads them as
 * {@code pushjobs_messages_received_total} and so on. No label names a node, so that the number of series does not grow with
 * the fleet. Each part of the server asks for the numbers that it keeps, so that what a process does not have has none. Usable
 * from any thread.
 */
public final class ServerMetrics {
    private static final String SECONDS = "seconds";
    private static final String BYTES = "bytes";

    private final PrometheusMeterRegistry registry;
    private final Gauges gauges;
    private final DatabaseMetrics database;
    private final Map<Class<?>, Object> parts = new ConcurrentHashMap<>();

    /** @param registry that nothing is in yet */
    public ServerMetrics(PrometheusMeterRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
        registry.config()
                // counted in nanoseconds; JvmMetrics has it in seconds
                .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"))
                .meterFilter(new Renaming(Map.of("system.cpu.count", "system.cpus")));
        this.gauges = new Gauges(registry);
        this.database = new DatabaseMetrics(registry);
        Gauge.builder("pushjobs.build.info", () -> 1)
                .description("1, the labels say what runs here")
                .tag("version", Build.version())
                .tag("java_version", Runtime.version().toString())
                .register(registry);
    }

    /** Of meters whose names Prometheus would take for something else. */
    private record Renaming(Map<String, String> names) implements MeterFilter {
        @Override
        public Meter.Id map(Meter.Id id) {
            return id.withName(names.getOrDefault(id.getName(), id.getName()));
        }
    }

    MeterRegistry registry() {
        return registry;
    }

    /** Everything, in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    private <T> T part(Class<T> type, Supplier<T> maker) {
        return type.cast(parts.computeIfAbsent(type, _ -> maker.get()));
    }

    /** For who runs jobs. */
    public JobMetrics jobs() {
        return part(JobMetrics.class, () -> new JobMetrics(registry));
    }

    /** For who has sessions of nodes. */
    public NodeMetrics nodes() {
        return part(NodeMetrics.class, () -> new NodeMetrics(registry));
    }

    /**
     * For who has the ZeroMQ ports.
     *
     * @param commands which kind of command port it is, the first time that this is called
     */
    public GatewayMetrics gateway(PortKind commands) {
        return part(GatewayMetrics.class, () -> new GatewayMetrics(registry, gauges, commands));
    }

    /** For who answers HTTP requests. */
    public HttpMetrics http() {
        return part(HttpMetrics.class, () -> new HttpMetrics(registry));
    }

    /** For who sends event feeds. */
    public FeedMetrics feeds() {
        return part(FeedMetrics.class, () -> new FeedMetrics(registry));
    }

    /** For the calls to a Chef server. */
    public DirectoryMetrics chefServer() {
        return part(DirectoryMetrics.class, () -> new DirectoryMetrics(registry));
    }

    public DatabaseMetrics database() {
        return database;
    }

    /**
     * Watches a number that somebody else keeps, until another one is given under the same name.
     *
     * @param value asked at each scrape, from any thread
     */
    public void watch(String name, String description, Supplier<Number> value) {
        gauges.watch(name, description, Tags.empty(), value);
    }

    /**
     * The same of one of several numbers of that name.
     *
     * @param label in whose value they differ
     */
    public void watch(String name, String description, String label, String labelValue, Supplier<Number> value) {
        gauges.watch(name, description, Tags.of(label, labelValue), value);
    }

    /**
     * The same of a time.
     *
     * @param name without the unit
     * @param value in seconds
     */
    public void watchSeconds(String name, String description, Supplier<Number> value) {
        gauges.watch(name, SECONDS, description, Tags.empty(), value);
    }

    /**
     * The same of something that is counted and never falls.
     *
     * @param total so far
     */
    public void watchTotal(String name, String description, Supplier<Number> total) {
        gauges.count(name, description, total);
    }

    /**
     * Watches how many entries wait in a queue, until another queue of the same name is given.
     *
     * @param depth asked at each scrape, from any thread
     */
    public void watchQueue(String queue, Supplier<Number> depth) {
        gauges.watch(
                "pushjobs.queue.depth", "entries that wait in a queue of the server", Tags.of("queue", queue), depth);
    }

    /**
     * The same of the bytes that wait in a queue, beside its entries or instead of them.
     *
     * @param bytes asked at each scrape, from any thread
     */
    public void watchQueueBytes(String queue, Supplier<Number> bytes) {
        gauges.watch(
                "pushjobs.queue", BYTES, "bytes that wait in a queue of the server", Tags.of("queue", queue), bytes);
    }
}
