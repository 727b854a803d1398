package org.pushjobs.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.pushjobs.protocol.codec.AgentMessageCodec;
import org.pushjobs.protocol.codec.RejectionReason;
import org.pushjobs.protocol.message.AgentMessage;

/** What is counted of messages and connections of agents. Usable from any thread; counting allocates nothing. */
public final class GatewayMetrics {
    /** Messages from agents that passed all checks, by {@code type}. */
    public static final String MESSAGES_RECEIVED = "pushjobs.messages.received";

    /** Messages from agents that were dropped, by {@code reason}. */
    public static final String MESSAGES_REJECTED = "pushjobs.messages.rejected";

    private static final String FOR_NOW = "300";
    private static final String FOR_GOOD = "400";

    private final MeterRegistry registry;
    private final Gauges gauges;
    private final PortKind commands;
    private final CountersByLabel<String> received;
    private final CountersByLabel<RejectionReason> rejected;
    private final CountersByLabel<String> refused;
    private final Counter dropped;

    GatewayMetrics(MeterRegistry registry, Gauges gauges, PortKind commands) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.gauges = Objects.requireNonNull(gauges, "gauges");
        this.commands = Objects.requireNonNull(commands, "commands");
        boolean encrypted = commands == PortKind.COMMAND;
        this.received = new CountersByLabel<>(
                registry,
                names(MESSAGES_RECEIVED, "messages from agents that passed all checks", "type"),
                Function.identity(),
                List.of());
        // who is not told by a key cannot be another one than he says
        Set<RejectionReason> reasons = encrypted
                ? EnumSet.allOf(RejectionReason.class)
                : EnumSet.complementOf(EnumSet.of(RejectionReason.WRONG_NODE));
        this.rejected = new CountersByLabel<>(
                registry,
                names(MESSAGES_REJECTED, "messages from agents that broke a rule and were dropped", "reason"),
                RejectionReason::label,
                reasons);
        this.refused = new CountersByLabel<>(
                registry,
                names(
                        "pushjobs.connections.refused",
                        "connections to the command port whose key is not known, by the status of the answer",
                        "status"),
                Function.identity(),
                encrypted ? List.of(FOR_NOW, FOR_GOOD) : List.of());
        this.dropped = Counter.builder("pushjobs.messages.dropped")
                .description("messages to agents that were dropped because the agent does not read")
                .register(registry);
    }

    private static CountersByLabel.Names names(String name, String description, String label) {
        return new CountersByLabel.Names(name, description, Tags.empty(), label);
    }

    /** @param open connections to the command port, asked at each scrape, from any thread */
    public PortMetrics commandPort(Supplier<Number> open) {
        return new PortMetrics(registry, gauges, commands, open);
    }

    /** @param open connections to the heartbeat port, asked at each scrape, from any thread */
    public PortMetrics heartbeatPort(Supplier<Number> open) {
        return new PortMetrics(registry, gauges, PortKind.HEARTBEAT, open);
    }

    /** A message passed all checks. */
    public void messageReceived(AgentMessage message) {
        received.increment(AgentMessageCodec.typeOf(message));
    }

    /** A message from an agent was dropped. */
    public void messageRejected(RejectionReason reason) {
        rejected.increment(reason);
    }

    /** A message to an agent was dropped because the agent does not read. */
    public void messageDropped() {
        dropped.increment();
    }

    /** A connection was refused in a way that makes the agent try again. */
    public void connectionRefusedForNow() {
        refused.increment(FOR_NOW);
    }

    /** A connection was refused for good. */
    public void connectionRefused() {
        refused.increment(FOR_GOOD);
    }
}
