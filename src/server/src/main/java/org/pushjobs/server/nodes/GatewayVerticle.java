package org.pushjobs.server.nodes;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.pushjobs.config.HealthConfig;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.bus.Registrations;
import org.pushjobs.server.facts.LinesOverBus;
import org.pushjobs.server.facts.Orders;
import org.pushjobs.server.facts.TermBeat;
import org.pushjobs.server.gateway.AgentListener;
import org.pushjobs.server.gateway.CommandPort;
import org.pushjobs.server.gateway.ContactLog;
import org.pushjobs.server.gateway.HeartbeatPublisher;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.store.ToldConfig;
import org.pushjobs.server.time.Schedule;

/** The event loop of the {@link NodeSessions}: opens the ports, sends heartbeats, and connects the sessions to the bus. */
public final class GatewayVerticle extends VerticleBase {
    /** The term tells a gateway of which it hears late the same as any other. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Setup setup;
    private final Promise<Void> jobsKnown = Promise.promise();
    private NodeSessions sessions;
    private CommandPort port;

    /** Makes the command port on the context of the verticle. */
    public interface PortFactory {
        CommandPort commandPort(AgentListener listener);

        /** What the node's newest configuration said, also while the ports are not open. */
        Optional<ToldConfig> lastTold(NodeRef node);

        /** @param opened the ports, which the agents hear of */
        HeartbeatPublisher heartbeats(CommandPort port, CommandPort.Ports opened);
    }

    /**
     * What it needs to know.
     *
     * @param gateway its id, another one in each life
     * @param maxBodySizeBytes largest message that every agent takes
     */
    public record Setup(
            String gateway,
            HealthConfig health,
            int maxBodySizeBytes,
            PortFactory ports,
            ContactLog contacts,
            ServerMetrics metrics,
            Clock clock) {
        public Setup {
            Objects.requireNonNull(gateway, "gateway");
            Objects.requireNonNull(health, "health");
            Objects.requireNonNull(ports, "ports");
            Objects.requireNonNull(contacts, "contacts");
            Objects.requireNonNull(metrics, "metrics");
            Objects.requireNonNull(clock, "clock");
        }
    }

    public GatewayVerticle(Setup setup) {
        this.setup = Objects.requireNonNull(setup, "setup");
    }

    /** Where questions to a gateway are answered. */
    static String questionsOf(String gateway) {
        return "pushjobs.gateway." + gateway + ".questions";
    }

    /** Obeys orders and answers questions; the ports stay closed until {@link #openPorts}. */
    @Override
    public Future<?> start() {
        sessions = new NodeSessions(new NodeSessions.Setup(
                setup.gateway(),
                setup.health(),
                setup.maxBodySizeBytes(),
                this::makePort,
                setup.ports()::lastTold,
                setup.contacts(),
                setup.metrics(),
                setup.clock(),
                Schedule.of(vertx),
                new LinesOverBus(vertx)));
        String gateway = setup.gateway();
        return Registrations.settled(
                "the gateway",
                PATIENCE,
                List.of(
                        LinesOverBus.orders(vertx, gateway, this::obey),
                        LinesOverBus.beats(vertx, sessions::heard),
                        NodeCodecs.QUERY_OF_GATEWAY.consumer(vertx, questionsOf(gateway), this::answer)));
    }

    private void obey(Orders orders) {
        sessions.arrived(orders);
        if (sessions.areJobsKnown()) {
            jobsKnown.tryComplete();
        }
    }

    /** There was such a term before this gateway listened. From any thread, once it is deployed. */
    public void heard(TermBeat beat) {
        context.runOnContext(_ -> sessions.heard(beat));
    }

    /** Succeeds when a term has told which jobs are live. */
    public Future<Void> jobsKnown() {
        return jobsKnown.future();
    }

    /** Answered by the event loop of the sessions. From any thread, once it is deployed. */
    public Future<Void> comesRound() {
        Promise<Void> answer = Promise.promise();
        context.runOnContext(_ -> answer.complete());
        return answer.future();
    }

    /** How many nodes have a session here and are connected. From any thread, once it is deployed. */
    public int nodesHere() {
        return sessions.nodesHere();
    }

    private CommandPort makePort(AgentListener listener) {
        port = setup.ports().commandPort(listener);
        return port;
    }

    /**
     * Opens the ports; to be called once. Usable from any thread.
     *
     * @return the ports; fails when one is taken
     */
    public Future<CommandPort.Ports> openPorts() {
        Promise<CommandPort.Ports> opened = Promise.promise();
        context.runOnContext(_ -> open().onComplete(opened));
        return opened.future();
    }

    private Future<CommandPort.Ports> open() {
        return port.open().onSuccess(opened -> {
            HeartbeatPublisher heartbeats = setup.ports().heartbeats(port, opened);
            heartbeats.publish();
            sessions.begin();
            publishAtPace(heartbeats, sessions.pace());
        });
    }

    private void publishAtPace(HeartbeatPublisher heartbeats, long pace) {
        long beats = Math.max(1, NodeSessions.KEYS_PERIOD.toMillis() / pace);
        AtomicLong left = new AtomicLong(beats);
        vertx.setPeriodic(pace, timer -> {
            heartbeats.publish();
            if (left.decrementAndGet() == 0) {
                long newPace = sessions.pace();
                left.set(beats);
                if (newPace != pace) {
                    vertx.cancelTimer(timer);
                    publishAtPace(heartbeats, newPace);
                }
            }
        });
    }

    @Override
    public Future<?> stop() {
        sessions.end();
        return port.close();
    }

    private void answer(Message<Object> message, NodeQuery.OfGateway question) {
        List<NodeFacts> facts = switch (question) {
            case NodeQuery.FactsOfNode(NodeRef ref) -> List.of(sessions.facts(ref));
            case NodeQuery.FactsOfOrganisation(String orgGuid, Set<String> names) -> sessions.facts(orgGuid, names);
        };
        NodeCodecs.FACTS.reply(message, facts);
    }
}
