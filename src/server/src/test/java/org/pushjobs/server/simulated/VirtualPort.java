package org.pushjobs.server.simulated;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.server.gateway.AgentListener;
import org.pushjobs.server.gateway.AgentPort;
import org.pushjobs.server.gateway.Recipient;
import org.pushjobs.server.gateway.Route;
import org.pushjobs.server.store.ToldConfig;

/** The ports of one life of a gateway: greets whoever connects, and tells the time of messages that are of another time. */
final class VirtualPort implements AgentPort {
    private static final long ROUND_MILLIS = 100;
    /** An agent that comes back later than this may be a stranger, who is aborted before he is given anything. */
    private static final long FORGOTTEN_MILLIS = 3_000;

    private final World world;
    private final Timeline timeline;
    private final SplittableRandom random;
    private final VirtualProcess process;
    private final HostClock clock;
    private final PlantedPort planted;
    private final AgentListener listener;
    private final Map<Long, VirtualConnection> connections = new LinkedHashMap<>();
    private final Map<VirtualAgent, Long> heard = new HashMap<>();
    private final Map<VirtualAgent, Long> left = new LinkedHashMap<>();
    private final List<SaidOnce> saidOnce = new ArrayList<>();
    private long lastConnection;
    private long cameRoundMillis;
    private long heartbeatMillis = Long.MIN_VALUE / 2;

    private record SaidOnce(VirtualAgent agent, AgentMessage message) {}

    VirtualPort(World world, SplittableRandom random, VirtualProcess process, HostClock clock, AgentListener listener) {
        this.world = world;
        this.timeline = world.timeline();
        this.random = random;
        this.process = process;
        this.clock = clock;
        this.planted = new PlantedPort(world.plants(), process);
        this.listener = listener;
        this.cameRoundMillis = timeline.millis();
        process.every(ROUND_MILLIS, () -> cameRoundMillis = timeline.millis());
        process.every(World.INTERVAL_MILLIS, () -> heartbeatMillis = timeline.millis());
    }

    PlantedPort planted() {
        return planted;
    }

    VirtualProcess process() {
        return process;
    }

    /** When those who have a connection heard the last heartbeat of this server. */
    long heartbeatMillis() {
        return heartbeatMillis;
    }

    /** An agent wants to connect; it hears of it when the handshake is done. */
    void connect(VirtualAgent agent, AgentLink link) {
        process.arrive(() -> {
            lastConnection++;
            VirtualConnection made =
                    new VirtualConnection(world, random.split(), agent, this, new Route(lastConnection, "192.0.2.1"));
            connections.put(lastConnection, made);
            agent.connected(made, link);
            made.toAgent(new ServerMessage.Ack());
            process.after(random.nextInt(10), () -> {
                if (connections.containsKey(made.route().connection())) {
                    listener.connected(agent.ref(), made.route());
                }
            });
        });
    }

    void received(VirtualConnection from, AgentMessage message, VirtualAgent.Time time) {
        if (!connections.containsKey(from.route().connection())) {
            from.agent().lost(message);
            return;
        }
        clock.agentSays(from.agent(), message.envelope().timestamp());
        switch (time) {
            case RIGHT -> {
                from.agent().wasHeard();
                long before = heard.getOrDefault(from.agent(), Long.MIN_VALUE / 2);
                if (timeline.millis() - before > FORGOTTEN_MILLIS
                        && !from.agent().isBusy()) {
                    from.agent().disturbed(History.Disturbance.NEW_HERE);
                }
                heard.put(from.agent(), timeline.millis());
                planted.heard(from, message);
                listener.received(from.agent().ref(), from.route(), message);
            }
            case AHEAD, BEHIND -> {
                from.agent().lost(message);
                listener.alive(from.agent().ref(), from.route(), message);
            }
        }
    }

    /** Who has a connection here, or had one at that time or later. */
    List<VirtualAgent> agentsSince(long millis) {
        Set<VirtualAgent> agents = new LinkedHashSet<>();
        connections.values().forEach(connection -> agents.add(connection.agent()));
        left.forEach((agent, leftMillis) -> {
            if (leftMillis >= millis) {
                agents.add(agent);
            }
        });
        return List.copyOf(agents);
    }

    void disconnected(VirtualConnection ended) {
        left.put(ended.agent(), timeline.millis());
        if (connections.remove(ended.route().connection()) != null) {
            planted.lastWord(ended)
                    .ifPresent(word -> listener.received(ended.agent().ref(), ended.route(), word));
            listener.disconnected(ended.agent().ref(), ended.route());
        }
    }

    /** A message has come to this process, which may not have read it. */
    void hasGot(VirtualAgent agent, AgentMessage message) {
        if (VirtualAgent.isSaidOnce(message)) {
            saidOnce.add(new SaidOnce(agent, message));
        }
    }

    /** The process has ended, and with it all connections, and what agents have said and nobody has stored. */
    void end() {
        saidOnce.stream()
                .filter(said -> !world.database()
                        .tables()
                        .hasEnded(
                                said.message().jobId().orElseThrow(),
                                said.agent().ref().node()))
                .forEach(said -> said.agent().lost(said.message()));
        List.copyOf(connections.values()).forEach(connection -> connection.breakOff(random.nextInt(200), 0));
    }

    /** Those that are not broken. */
    List<VirtualConnection> open() {
        return connections.values().stream()
                .filter(connection -> !connection.isBroken())
                .toList();
    }

    // ---- for the sessions

    @Override
    public void send(Recipient recipient, ServerMessage message) {
        Optional.ofNullable(connections.get(recipient.route().connection()))
                .filter(connection -> connection.agent().ref().equals(recipient.node()))
                .ifPresent(connection -> {
                    connection.toAgent(message);
                    planted.sent(connection, message);
                });
    }

    @Override
    public void send(Collection<Recipient> recipients, ServerMessage message) {
        recipients.forEach(recipient -> send(recipient, message));
    }

    @Override
    public Optional<ToldConfig> told(Recipient recipient) {
        return Optional.of(World.TOLD);
    }

    @Override
    public boolean isHeldUp(Recipient recipient, long withinMillis) {
        return false;
    }

    @Override
    public Set<NodeRef> connectedNodes() {
        Set<NodeRef> nodes = new LinkedHashSet<>();
        connections.values().forEach(connection -> nodes.add(connection.agent().ref()));
        return nodes;
    }

    @Override
    public long cameRoundMillis() {
        return cameRoundMillis;
    }

    @Override
    public int shortestIntervalMillis(int atMost) {
        return atMost;
    }

    @Override
    public void forgetUnused(Predicate<NodeRef> atWork) {
        // their keys do not matter here
    }
}
