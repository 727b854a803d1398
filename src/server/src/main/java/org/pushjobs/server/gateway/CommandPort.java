package org.pushjobs.server.gateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.codec.AgentMessageReader;
import org.pushjobs.protocol.codec.MessageLimits;
import org.pushjobs.protocol.codec.RejectedMessageException;
import org.pushjobs.protocol.codec.RejectionReason;
import org.pushjobs.protocol.codec.ServerMessageCodec;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.protocol.message.AgentMessage;
import org.pushjobs.protocol.message.ServerMessage;
import org.pushjobs.protocol.signing.MessageHeader;
import org.pushjobs.protocol.signing.SessionKey;
import org.pushjobs.server.metrics.ServerMetrics;
import org.pushjobs.server.rejections.RejectionLog;

/**
 * The command port: checks what agents send and signs what they are sent (wire-protocol.md). Used from one event-loop
 * context, on which it also calls its listener.
 */
public final class CommandPort {
    private final ZmqLoop loop;
    private final KeyRing keys;
    private final AgentMessageReader reader;
    private final SessionKeys sessionKeys;
    private final int keyEpoch;
    private final boolean curve;
    private final Clock clock;
    private final ServerMetrics metrics;
    private final RejectionLog rejections;
    private final ContactLog contacts;
    private final AgentListener listener;
    private final Map<NodeRef, Outgoing> outgoing = new HashMap<>();

    private static final class Outgoing {
        private final SessionKey key;
        private long sequence;

        private Outgoing(SessionKey key) {
            this.key = key;
        }
    }

    /** The ports that were opened. */
    public record Ports(int heartbeat, int command) {}

    /**
     * What a command port needs to know.
     *
     * @param keyEpoch of the session keys
     */
    public record Setup(
            ZmqSettings zmq,
            MessageLimits limits,
            KeyRing keys,
            SessionKeys sessionKeys,
            int keyEpoch,
            ContactLog contacts,
            Clock clock) {
        public Setup {
            Objects.requireNonNull(zmq, "zmq");
            Objects.requireNonNull(limits, "limits");
            Objects.requireNonNull(keys, "keys");
            Objects.requireNonNull(sessionKeys, "sessionKeys");
            Objects.requireNonNull(contacts, "contacts");
            Objects.requireNonNull(clock, "clock");
        }
    }

    /** To be called on the context that is to use it. */
    public CommandPort(
            Vertx vertx, Setup setup, ServerMetrics metrics, RejectionLog rejections, AgentListener listener) {
        this.keys = setup.keys();
        this.sessionKeys = setup.sessionKeys();
        this.keyEpoch = setup.keyEpoch();
        this.curve = setup.zmq().curveSecretKey().isPresent();
        this.contacts = setup.contacts();
        this.clock = setup.clock();
        this.reader = new AgentMessageReader(setup.limits(), setup.clock());
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.rejections = Objects.requireNonNull(rejections, "rejections");
        this.listener = Objects.requireNonNull(listener, "listener");
        Context context = vertx.getOrCreateContext();
        this.loop = new ZmqLoop(
                setup.zmq(),
                keys,
                new ZapGate(keys, contacts, metrics, clock),
                batch -> context.runOnContext(_ -> receive(batch)));
        metrics.watchQueue("gateway_out", loop::waiting);
        metrics.watchQueue("gateway_in", loop::inFlight);
    }

    /** Opens both ports; fails when one is taken. */
    public Future<Ports> open() {
        return Future.fromCompletionStage(loop.start()).map(ports -> new Ports(ports.heartbeat(), ports.command()));
    }

    /** Whether the ports are open and served; usable from any thread. */
    public boolean isOpen() {
        return loop.isRunning();
    }

    /** Blocks until the sockets are closed, 5 s at most. */
    public void close() {
        loop.stop();
    }

    /** Sends a command to the agent behind a route; lost when the route is gone. */
    public void send(NodeRef node, Route route, ServerMessage message) {
        Outgoing state = outgoing.computeIfAbsent(node, ref -> new Outgoing(sessionKeys.derive(ref, keyEpoch)));
        byte[] body = ServerMessageCodec.encode(message, ++state.sequence, clock.instant());
        if (!loop.send(route, MessageHeader.hmac(body, state.key).encode(), body)) {
            metrics.messageDropped();
        }
    }

    /** Broadcasts a signed heartbeat. */
    public void broadcast(byte[] header, byte[] body) {
        if (!loop.broadcast(header, body)) {
            metrics.messageDropped();
        }
    }

    private void receive(List<Inbound> batch) {
        try {
            batch.forEach(this::receive);
        } finally {
            loop.workedOff(batch.size());
        }
    }

    private void receive(Inbound inbound) {
        Sender sender = new Sender(inbound.peer());
        try {
            if (inbound.frames().size() != 2) {
                throw new RejectedMessageException(
                        RejectionReason.WRONG_FRAME_COUNT,
                        "a message has 2 frames, not "
                                + (inbound.frames().size() == ZmqLoop.MAX_FRAMES
                                        ? "4 or more"
                                        : inbound.frames().size()));
            }
            AgentMessage message =
                    reader.read(inbound.frames().get(0), inbound.frames().get(1), sender);
            metrics.messageReceived(message);
            listener.received(sender.node(), inbound.route(), message);
        } catch (RejectedMessageException e) {
            rejected(inbound, sender, e);
        }
    }

    private void rejected(Inbound inbound, Sender sender, RejectedMessageException rejection) {
        metrics.messageRejected(rejection.reason());
        String peer = inbound.peer()
                .map(node -> node.orgName() + "/" + node.node().node())
                .orElse(inbound.route().address());
        rejections.rejected(rejection.reason(), peer, rejection.getMessage());
        Instant now = clock.instant();
        inbound.peer()
                .or(() -> sender.found)
                .ifPresent(node -> contacts.messageRejected(
                        node.node(),
                        new ContactLog.Rejection(
                                now,
                                rejection.reason(),
                                rejection.getMessage(),
                                rejection.reason() == RejectionReason.CLOCK_SKEW
                                        ? sender.behind(now)
                                        : Optional.empty())));
    }

    /** Finds out who sent a message: with CURVE the owner of the connection's key, and the message must say the same. */
    private final class Sender implements AgentMessageReader.KeyLookup {
        private final Optional<AdmittedNode> peer;
        private Optional<AdmittedNode> found = Optional.empty();
        private Optional<Instant> timestamp = Optional.empty();

        private Sender(Optional<AdmittedNode> peer) {
            this.peer = peer;
        }

        @Override
        public SessionKey keyFor(AgentMessage message) throws RejectedMessageException {
            String org = message.envelope().org();
            String node = message.envelope().node();
            AdmittedNode sender = (curve ? peer : keys.claimed(org, node))
                    .orElseThrow(() -> new RejectedMessageException(
                            RejectionReason.UNKNOWN_NODE, "the node has not fetched its configuration here"));
            if (!sender.orgName().equals(org) || !sender.node().node().equals(node)) {
                throw new RejectedMessageException(
                        RejectionReason.WRONG_NODE,
                        "the message says that it is from another node than the connection");
            }
            found = Optional.of(sender);
            timestamp = Optional.of(message.envelope().timestamp());
            return sender.sessionKey();
        }

        /** How far the message's clock is behind ours. */
        private Optional<Duration> behind(Instant now) {
            return timestamp.map(written -> Duration.between(written, now));
        }

        private NodeRef node() {
            return found.orElseThrow().node();
        }
    }
}
