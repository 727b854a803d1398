package org.pushjobs.server.gateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.codec.ServerMessageCodec;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.server.metrics.GatewayMetrics;
import org.pushjobs.server.metrics.PortKind;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.rejections.RejectionLog;
import org.pushjobs.server.store.NodeKey;
import org.pushjobs.server.store.ToldConfig;
import org.pushjobs.zmtp.ZmtpConnection;
import org.pushjobs.zmtp.ZmtpListener;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Frames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The command port and the heartbeat broadcast (wire-protocol.md, "Sockets"): checks what agents send and signs what they
 * are sent. Used from one event-loop context, on which it also calls its listener and serves connections; with more than
 * one gateway process other event loops serve a share of them.
 */
public final class CommandPort implements AgentPort {
    private static final Logger LOG = LoggerFactory.getLogger(CommandPort.class);

    private static final long TAKEN_CHECK_MILLIS = 10;
    private static final int TAKEN_CHECKS = 200;

    private final Vertx vertx;
    private final GatewaySettings settings;
    private final Clock clock;
    private final GatewayMetrics metrics;
    private final MessageCheck check;
    private final KeyRing keys;
    private final AgentListener listener;
    private final GatewayLoop.Shared shared;
    private final Handover handover;
    private final Context home;
    private final Map<Long, AgentConnection> connections = new ConcurrentHashMap<>();
    private final List<GatewayLoop> loops = new ArrayList<>();
    private final List<String> deployments = new ArrayList<>();
    private final SendTurns turns = new SendTurns();
    private final AtomicLong sequence = new AtomicLong();
    private volatile boolean open;

    /** The ports that were opened. */
    public record Ports(int heartbeat, int command) {}

    /** What a command port needs to know. */
    public record Setup(GatewaySettings gateway, KeyRing keys, ContactLog contacts, Clock clock, AgentTimes times) {
        public Setup {
            Objects.requireNonNull(gateway, "gateway");
            Objects.requireNonNull(keys, "keys");
            Objects.requireNonNull(contacts, "contacts");
            Objects.requireNonNull(clock, "clock");
            Objects.requireNonNull(times, "times");
        }
    }

    /** To be called on the context that is to use it. */
    public CommandPort(
            Vertx vertx, Setup setup, ServerMetrics ofServer, RejectionLog rejections, AgentListener listener) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.settings = setup.gateway();
        this.clock = setup.clock();
        boolean encrypted = settings.curveSecretKey().isPresent();
        this.metrics = ofServer.gateway(encrypted ? PortKind.COMMAND : PortKind.CLEAR_COMMAND);
        this.listener = Objects.requireNonNull(listener, "listener");
        this.keys = setup.keys();
        keys.onDeparture(this::departed);
        this.check = new MessageCheck(
                settings.config().messages(),
                setup.keys(),
                metrics,
                rejections,
                setup.contacts(),
                setup.clock(),
                setup.times());
        this.shared = new GatewayLoop.Shared(
                settings,
                encrypted
                        ? new KeyGate(setup.keys(), setup.contacts(), metrics, setup.clock())
                        : (_, _) -> Future.succeededFuture(AgentConnection.ofAnyNode()),
                metrics);
        this.home = vertx.getOrCreateContext();
        this.handover = new Handover(task -> home.runOnContext(_ -> task.run()), this::received);
        ofServer.watchQueue("gateway_in", handover::size);
        ofServer.watchQueue("gateway_out", turns::size);
    }

    /** Opens both ports; fails when one is taken. */
    public Future<Ports> open() {
        GatewayLoop first = new GatewayLoop(vertx, shared, new Connections(this::received, this::later));
        loops.add(first);
        Future<Ports> opened = first.open();
        Future<?> allOpened = opened;
        for (int i = 1; i < settings.config().processes(); i++) {
            allOpened = allOpened.compose(_ -> openAnother());
        }
        return allOpened.map(_ -> {
            open = true;
            return opened.result();
        });
    }

    private Future<?> openAnother() {
        GatewayLoopVerticle another = new GatewayLoopVerticle(shared, new Connections(handover::put, handover::put));
        return vertx.deployVerticle(another).onSuccess(id -> {
            deployments.add(id);
            loops.add(another.loop());
        });
    }

    /** Whether the ports are open and served; usable from any thread. */
    public boolean isOpen() {
        return open;
    }

    /** Costs as much as there are event loops. */
    @Override
    public long cameRoundMillis() {
        long oldest = RoundWatch.now();
        for (GatewayLoop loop : loops) {
            oldest = Math.min(oldest, loop.rounds().cameRoundMillis());
        }
        return oldest;
    }

    /** Those that there are now. From any thread. */
    public OpenConnections openConnections() {
        return new OpenConnections(
                connections.keySet(),
                id -> Optional.ofNullable(connections.get(id)).map(open -> open::close));
    }

    /** Closes the ports and all connections. */
    public Future<Void> close() {
        open = false;
        List<Future<?>> closed = new ArrayList<>();
        deployments.forEach(id -> closed.add(vertx.undeploy(id)));
        closed.add(loops.isEmpty() ? Future.succeededFuture() : loops.getFirst().close());
        return Future.join(closed).mapEmpty();
    }

    @Override
    public void send(Recipient recipient, ServerMessage message) {
        send(List.of(recipient), message);
    }

    /**
     * It is written once and signed for each of them, so they all see the same sequence number; that of the messages of one agent
     * rises all the same. Large ones take turns, see {@link SendTurns}.
     */
    @Override
    public void send(Collection<Recipient> recipients, ServerMessage message) {
        if (recipients.isEmpty()) {
            return;
        }
        byte[] body = ServerMessageCodec.encode(message, sequence.incrementAndGet(), clock.instant());
        for (Recipient recipient : recipients) {
            turns.add(recipient.route().connection(), new Outgoing(recipient, body));
        }
    }

    /** A command to a node; signed when its turn has come. */
    private final class Outgoing implements SendTurns.Message {
        private final Recipient recipient;
        private final byte[] body;

        private Outgoing(Recipient recipient, byte[] body) {
            this.recipient = recipient;
            this.body = body;
        }

        @Override
        public int bytes() {
            return body.length;
        }

        @Override
        public void send(Runnable taken) {
            Optional<AgentConnection> connection = connection(recipient);
            connection
                    .flatMap(AgentConnection::owner)
                    .filter(owner -> owner.node().equals(recipient.node()))
                    .ifPresent(owner -> connection
                            .get()
                            .send(
                                    recipient.node(),
                                    MessageHeader.hmac(body, owner.sessionKey()).encode(),
                                    body,
                                    metrics));
            if (body.length > SendTurns.SMALL_BYTES) {
                untilTaken(connection, TAKEN_CHECKS, taken);
            }
        }

        /** An agent that does not read loses its turn after 2 s; what it has not read stays bounded by its connection. */
        private void untilTaken(Optional<AgentConnection> connection, int checks, Runnable taken) {
            vertx.setTimer(TAKEN_CHECK_MILLIS, _ -> {
                if (connection.isEmpty() || checks == 0) {
                    taken.run();
                    return;
                }
                connection
                        .get()
                        .askUnwritten(bytes -> home.runOnContext(_ -> {
                            if (bytes < body.length) {
                                taken.run();
                            } else {
                                untilTaken(connection, checks - 1, taken);
                            }
                        }));
            });
        }
    }

    private Optional<AgentConnection> connection(Recipient recipient) {
        return Optional.ofNullable(connections.get(recipient.route().connection()));
    }

    @Override
    public Optional<ToldConfig> told(Recipient recipient) {
        return connection(recipient).flatMap(connection -> connection.told(recipient.node()));
    }

    @Override
    public boolean isHeldUp(Recipient recipient, long withinMillis) {
        return connection(recipient)
                .filter(connection -> connection.isHeldUp(withinMillis))
                .isPresent();
    }

    @Override
    public int shortestIntervalMillis(int atMost) {
        return keys.shortestIntervalMillis(atMost);
    }

    @Override
    public void forgetUnused(Predicate<NodeRef> atWork) {
        keys.purge(atWork)
                .onFailure(failure -> LOG.warn(
                        "unused keys could not be forgotten, trying again later [error: {}]", failure.getMessage()));
    }

    private void departed(NodeKey claim) {
        connections.values().stream()
                .filter(connection -> connection.endsWith(claim, keys))
                .forEach(AgentConnection::close);
    }

    /** What the event loops send to those who listen for heartbeats. */
    HeartbeatPort heartbeats() {
        return new HeartbeatPort(loops);
    }

    /** How many connections of agents there are; costs the same however many these are. From any thread. */
    public int connectionCount() {
        return connections.size();
    }

    @Override
    public Set<NodeRef> connectedNodes() {
        return connections.values().stream()
                .flatMap(connection -> connection.mayBeOf(keys))
                .collect(Collectors.toSet());
    }

    /**
     * Shows the agent that the encrypted channel works before it can give up hope, and to one that hears nothing else, that
     * the server is back (wire-protocol.md, "CURVE and ZAP", rule 1).
     */
    private void greet(AgentConnection agent, AdmittedNode owner) {
        byte[] body = ServerMessageCodec.encode(new ServerMessage.Ack(), sequence.incrementAndGet(), clock.instant());
        agent.greet(MessageHeader.hmac(body, owner.sessionKey()).encode(), body, metrics);
    }

    /** Not at once: a connection may end while the listener sends something over it. */
    private void later(AgentConnection from, Runnable event) {
        home.runOnContext(_ -> event.run());
    }

    private void received(AgentConnection from, NodeRef node, MessageCheck.Checked checked) {
        switch (checked) {
            case MessageCheck.Checked.InTime(AgentMessage message) -> listener.received(node, from.route(), message);
            case MessageCheck.Checked.OfWrongTime(AgentMessage message) -> listener.alive(node, from.route(), message);
            case MessageCheck.Checked.Dropped _ -> {
                // counted and logged
            }
        }
    }

    /** Gets what arrives and checks it, on the event loop on which it arrives. */
    private final class Connections implements ZmtpListener<AgentConnection> {
        private final Receiver receiver;
        private final BiConsumer<AgentConnection, Runnable> events;

        private Connections(Receiver receiver, BiConsumer<AgentConnection, Runnable> events) {
            this.receiver = receiver;
            this.events = events;
        }

        @Override
        public void opened(ZmtpConnection<AgentConnection> connection) {
            AgentConnection agent = connection.user();
            agent.opened(connection);
            connections.put(connection.id(), agent);
            if (agent.isTooLate(keys)) {
                connection.close();
                return;
            }
            agent.likelyOwner().ifPresent(owner -> greet(agent, owner));
            agent.owner()
                    .ifPresent(owner -> events.accept(agent, () -> listener.connected(owner.node(), agent.route())));
        }

        @Override
        public void message(ZmtpConnection<AgentConnection> connection, Frames frames) {
            AgentConnection agent = connection.user();
            Optional<AdmittedNode> before = agent.owner();
            MessageCheck.Checked checked = check.check(agent, frames);
            if (!(checked instanceof MessageCheck.Checked.Dropped)) {
                NodeRef sender = agent.node().node();
                before.filter(other -> !other.node().equals(sender)).ifPresent(other -> disconnected(agent, other));
                receiver.received(agent, sender, checked);
            }
        }

        private void disconnected(AgentConnection agent, AdmittedNode owner) {
            events.accept(agent, () -> listener.disconnected(owner.node(), agent.route()));
        }

        @Override
        public void closed(ZmtpConnection<AgentConnection> connection, CloseReason reason) {
            connections.remove(connection.id());
            AgentConnection agent = connection.user();
            if (open) {
                agent.owner().ifPresent(owner -> disconnected(agent, owner));
            }
        }
    }

    /** Takes a message that is authentic. */
    @FunctionalInterface
    interface Receiver {
        /** @param node that has sent it: without CURVE another may send over the same connection later */
        void received(AgentConnection from, NodeRef node, MessageCheck.Checked message);
    }
}
