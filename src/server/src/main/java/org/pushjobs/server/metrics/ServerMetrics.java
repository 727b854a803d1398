package org.pushjobs.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.pushjobs.protocol.codec.AgentMessageCodec;
import org.pushjobs.protocol.codec.RejectionReason;
import org.pushjobs.protocol.message.AgentMessage;

/**
 * What the server counts about itself, listed in docs/operations.md. Names are Micrometer's; Prometheus reads them as
 * {@code pushjobs_messages_received_total} and so on. No label names a node, so that the number of series does not grow with
 * the fleet. Usable from any thread; counting allocates nothing.
 */
public final class ServerMetrics {
    /** Messages from agents that passed all checks, by {@code type}. */
    public static final String MESSAGES_RECEIVED = "pushjobs.messages.received";

    /** Messages from agents that were dropped, by {@code reason}; every reason is there from the start. */
    public static final String MESSAGES_REJECTED = "pushjobs.messages.rejected";

    /** Messages to agents that were dropped because their agent does not read. */
    public static final String MESSAGES_DROPPED = "pushjobs.messages.dropped";

    /** Readers of event feeds at the moment. */
    public static final String FEED_READERS = "pushjobs.feeds.readers";

    /** Readers of event feeds that were cut off because they did not read, or may not any more. */
    public static final String FEED_READERS_CUT = "pushjobs.feeds.readers.cut";

    private final PrometheusMeterRegistry registry;
    private final Gauges gauges;
    private final Map<String, Counter> received = new ConcurrentHashMap<>();
    private final Map<RejectionReason, Counter> rejected;
    private final Counter dropped;
    private final AtomicInteger feedReaders = new AtomicInteger();
    private final Counter feedReadersCut;
    private final Counter refusedForNow;
    private final Counter refused;
    private final AtomicInteger availableNodes = new AtomicInteger();
    private final AtomicInteger unavailableNodes = new AtomicInteger();
    private final JobMetrics jobs;
    private final HttpMetrics http;
    private final DatabaseMetrics database;

    public ServerMetrics(PrometheusMeterRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.gauges = new Gauges(registry);
        Map<RejectionReason, Counter> counters = new EnumMap<>(RejectionReason.class);
        for (RejectionReason reason : RejectionReason.values()) {
            counters.put(
                    reason,
                    Counter.builder(MESSAGES_REJECTED)
                            .description("messages from agents that broke a rule and were dropped")
                            .tag("reason", reason.label())
                            .register(registry));
        }
        this.rejected = Collections.unmodifiableMap(counters);
        this.dropped = Counter.builder(MESSAGES_DROPPED)
                .description("messages to agents that were dropped because the agent does not read")
                .register(registry);
        Gauge.builder(FEED_READERS, feedReaders, AtomicInteger::get)
                .description("readers of event feeds")
                .register(registry);
        this.feedReadersCut = Counter.builder(FEED_READERS_CUT)
                .description("readers of event feeds that were cut off")
                .register(registry);
        this.refusedForNow = refusals("300");
        this.refused = refusals("400");
        watchNodes("available", availableNodes);
        watchNodes("unavailable", unavailableNodes);
        this.jobs = new JobMetrics(registry);
        this.http = new HttpMetrics(registry);
        this.database = new DatabaseMetrics(registry);
    }

    private Counter refusals(String status) {
        return Counter.builder("pushjobs.connections.refused")
                .description("connections to the command port whose key is not known, by the status of the answer")
                .tag("status", status)
                .register(registry);
    }

    private void watchNodes(String availability, AtomicInteger count) {
        Gauge.builder("pushjobs.nodes", count, AtomicInteger::get)
                .description("nodes that have a session")
                .tag("availability", availability)
                .strongReference(true)
                .register(registry);
    }

    MeterRegistry registry() {
        return registry;
    }

    /** Everything, in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    public JobMetrics jobs() {
        return jobs;
    }

    public HttpMetrics http() {
        return http;
    }

    public DatabaseMetrics database() {
        return database;
    }

    /** Somebody began to read a feed. */
    public void feedOpened() {
        feedReaders.incrementAndGet();
    }

    /** A reader of a feed is gone, for whatever reason. */
    public void feedClosed() {
        feedReaders.decrementAndGet();
    }

    /** A reader of a feed was cut off; {@link #feedClosed} is called, too. */
    public void feedCut() {
        feedReadersCut.increment();
    }

    /** A message passed all checks. */
    public void messageReceived(AgentMessage message) {
        received.computeIfAbsent(AgentMessageCodec.typeOf(message), this::receivedCounter)
                .increment();
    }

    private Counter receivedCounter(String type) {
        return Counter.builder(MESSAGES_RECEIVED)
                .description("messages from agents that passed all checks")
                .tag("type", type)
                .register(registry);
    }

    /**
     * One of the ZeroMQ ports.
     *
     * @param port {@code command} or {@code heartbeat}
     * @param open its connections, asked at each scrape, from any thread
     */
    public PortMetrics port(String port, Supplier<Number> open) {
        return new PortMetrics(registry, gauges, port, open);
    }

    /** A message to an agent was dropped because the agent does not read. */
    public void messageDropped() {
        dropped.increment();
    }

    /** A message from an agent was dropped. */
    public void messageRejected(RejectionReason reason) {
        rejected.get(reason).increment();
    }

    /** For the calls to a Chef server; to be asked for once. */
    public DirectoryMetrics chefServer() {
        return new DirectoryMetrics(registry);
    }

    /** A connection was refused in a way that makes the agent try again. */
    public void connectionRefusedForNow() {
        refusedForNow.increment();
    }

    /** A connection was refused for good. */
    public void connectionRefused() {
        refused.increment();
    }

    /** How many nodes have a session. */
    public void nodes(int available, int unavailable) {
        availableNodes.set(available);
        unavailableNodes.set(unavailable);
    }

    /**
     * Watches a number that somebody else keeps, until another one is given under the same name.
     *
     * @param value asked at each scrape, from any thread
     */
    public void watch(String name, String description, Supplier<Number> value) {
        gauges.watch(name, Tags.empty(), description, value);
    }

    /**
     * Watches how much waits in a queue, until another queue of the same name is given.
     *
     * @param depth asked at each scrape, from any thread
     */
    public void watchQueue(String queue, Supplier<Number> depth) {
        gauges.watch("pushjobs.queue.depth", Tags.of("queue", queue), "what waits in a queue of the server", depth);
    }
}
