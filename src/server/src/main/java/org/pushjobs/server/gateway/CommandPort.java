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
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.codec.MessageLimits;
import org.pushjobs.protocol.codec.ServerMessageCodec;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.protocol.signing.MessageHeader;
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
public final class CommandPort {
    private static final Logger LOG = LoggerFactory.getLogger(CommandPort.class);

    private final Vertx vertx;
    private final GatewaySettings settings;
    private final Clock clock;
    private final ServerMetrics metrics;
    private final MessageCheck check;
    private final KeyRing keys;
    private final AgentListener listener;
    private final GatewayLoop.Shared shared;
    private final Handover handover;
    private final Map<Long, AgentConnection> connections = new ConcurrentHashMap<>();
    private final List<GatewayLoop> loops = new ArrayList<>();
    private final List<String> deployments = new ArrayList<>();
    private long sequence;
    private volatile boolean open;

    /** The ports that were opened. */
    public record Ports(int heartbeat, int command) {}

    /** What a command port needs to know. */
    public record Setup(GatewaySettings gateway, MessageLimits limits, KeyRing keys, ContactLog contacts, Clock clock) {
        public Setup {
            Objects.requireNonNull(gateway, "gateway");
            Objects.requireNonNull(limits, "limits");
            Objects.requireNonNull(keys, "keys");
            Objects.requireNonNull(contacts, "contacts");
            Objects.requireNonNull(clock, "clock");
        }
    }

    /** To be called on the context that is to use it. */
    public CommandPort(
            Vertx vertx, Setup setup, ServerMetrics metrics, RejectionLog rejections, AgentListener listener) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
        this.settings = setup.gateway();
        this.clock = setup.clock();
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.listener = Objects.requireNonNull(listener, "listener");
        this.keys = setup.keys();
        keys.onDeparture(this::departed);
        this.check =
                new MessageCheck(setup.limits(), setup.keys(), metrics, rejections, setup.contacts(), setup.clock());
        this.shared = new GatewayLoop.Shared(
                settings,
                settings.curveSecretKey().isPresent()
                        ? new KeyGate(setup.keys(), setup.contacts(), metrics, setup.clock())
                        : (_, _) -> Future.succeededFuture(AgentConnection.ofAnyNode()),
                metrics);
        Context home = vertx.getOrCreateContext();
        this.handover = new Handover(task -> home.runOnContext(_ -> task.run()), this::received);
        metrics.watchQueue("gateway_in", handover::size);
    }

    /** Opens both ports; fails when one is taken. */
    public Future<Ports> open() {
        GatewayLoop first = new GatewayLoop(vertx, shared, new Connections(this::received));
        loops.add(first);
        Future<Ports> opened = first.open();
        Future<?> allOpened = opened;
        for (int i = 1; i < settings.sizes().processes(); i++) {
            allOpened = allOpened.compose(_ -> openAnother());
        }
        return allOpened.map(_ -> {
            open = true;
            return opened.result();
        });
    }

    private Future<?> openAnother() {
        GatewayVerticle another = new GatewayVerticle(shared, new Connections(handover::put));
        return vertx.deployVerticle(another).onSuccess(id -> {
            deployments.add(id);
            loops.add(another.loop());
        });
    }

    /** Whether the ports are open and served; usable from any thread. */
    public boolean isOpen() {
        return open;
    }

    /** Closes the ports and all connections. */
    public Future<Void> close() {
        open = false;
        List<Future<?>> closed = new ArrayList<>();
        deployments.forEach(id -> closed.add(vertx.undeploy(id)));
        closed.add(loops.isEmpty() ? Future.succeededFuture() : loops.getFirst().close());
        return Future.join(closed).mapEmpty();
    }

    /** Sends a command to the agent behind a route; lost when the route is gone. */
    public void send(Route route, ServerMessage message) {
        send(List.of(route), message);
    }

    /**
     * Sends the same command to the agents behind many routes; lost where the route is gone. It is written once and signed
     * for each of them, so they all see the same sequence number; that of the messages of one agent rises all the same.
     */
    public void send(Collection<Route> routes, ServerMessage message) {
        if (routes.isEmpty()) {
            return;
        }
        byte[] body = ServerMessageCodec.encode(message, ++sequence, clock.instant());
        for (Route route : routes) {
            AgentConnection connection = connections.get(route.connection());
            if (connection != null) {
                byte[] header =
                        MessageHeader.hmac(body, connection.node().sessionKey()).encode();
                connection.send(header, body, metrics);
            }
        }
    }

    /** What the agent behind a route was told when it connected; empty when that is not known, or it is gone. */
    public Optional<ToldConfig> told(Route route) {
        return Optional.ofNullable(connections.get(route.connection())).flatMap(AgentConnection::told);
    }

    /** The shortest heartbeat interval that an agent may live by, in milliseconds; at most the given one. */
    public int shortestIntervalMillis(int atMost) {
        return keys.shortestIntervalMillis(atMost);
    }

    /**
     * Forgets nodes that have not asked for their configuration for long; to be called at least once a minute.
     *
     * @param atWork nodes that ask only when their job has ended; called on the caller's thread
     */
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

    /** Broadcasts a signed heartbeat. */
    public void broadcast(byte[] header, byte[] body) {
        loops.forEach(loop -> loop.publish(header, body));
    }

    private void received(AgentConnection from, NodeRef node, AgentMessage message) {
        listener.received(node, from.route(), message);
    }

    /** Gets what arrives and checks it, on the event loop on which it arrives. */
    private final class Connections implements ZmtpListener<AgentConnection> {
        private final Receiver receiver;

        private Connections(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void opened(ZmtpConnection<AgentConnection> connection) {
            AgentConnection agent = connection.user();
            agent.opened(connection);
            connections.put(connection.id(), agent);
            if (agent.isTooLate(keys)) {
                connection.close();
            }
        }

        @Override
        public void message(ZmtpConnection<AgentConnection> connection, Frames frames) {
            AgentConnection agent = connection.user();
            check.check(agent, frames)
                    .ifPresent(message -> receiver.received(agent, agent.node().node(), message));
        }

        @Override
        public void closed(ZmtpConnection<AgentConnection> connection, CloseReason reason) {
            connections.remove(connection.id());
        }
    }

    /** Takes a message that has passed the checks. */
    @FunctionalInterface
    interface Receiver {
        /** @param node that has sent it: without CURVE another may send over the same connection later */
        void received(AgentConnection from, NodeRef node, AgentMessage message);
    }
}
