package org.pushjobs.server.gateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Objects;
import org.pushjobs.config.GatewayConfig;
import org.pushjobs.protocol.codec.MessageLimits;
import org.pushjobs.protocol.keys.Z85;
import org.pushjobs.server.gateway.CommandPort.Ports;
import org.pushjobs.server.metrics.GatewayMetrics;
import org.pushjobs.server.metrics.PortMetrics;
import org.pushjobs.zmtp.Authoriser;
import org.pushjobs.zmtp.ConnectionQuota;
import org.pushjobs.zmtp.Limits;
import org.pushjobs.zmtp.Security;
import org.pushjobs.zmtp.ZmtpListener;
import org.pushjobs.zmtp.ZmtpServer;
import org.pushjobs.zmtp.ZmtpServerOptions;
import org.pushjobs.zmtp.nacl.KeyPair;
import org.pushjobs.zmtp.nacl.Nacl;
import org.pushjobs.zmtp.wire.SocketType;

/**
 * The two ports as one event loop serves them; several loops share the ports' connections. What is sent to those who listen for
 * heartbeats may be sent from any thread.
 */
final class GatewayLoop {
    private static final int OVERSIZE_FACTOR = 4;
    private static final int MAX_FRAMES = 4;
    /** A negative port makes Vert.x pick a free one that all servers with this number share; the API has -1. */
    private static final int FREE_HEARTBEAT_PORT = -2;

    private static final int FREE_COMMAND_PORT = -3;

    /** Some dozens of heartbeats; an agent that does not read them misses those that follow. */
    private static final int UNREAD_HEARTBEAT_BYTES = 64 * 1024;

    /** Nobody needs to send more to the heartbeat port, and anybody may connect to it. */
    private static final int SUBSCRIPTION_BYTES = 1_024;

    private final GatewaySettings settings;
    private final Context context;
    private final RoundWatch rounds;
    private final ZmtpServer<AgentConnection> commands;
    private final ZmtpServer<Void> heartbeats;
    private final Subscribers subscribers = new Subscribers();

    /** What the loops have in common. */
    static final class Shared {
        private final GatewaySettings settings;
        private final Authoriser<AgentConnection> gate;
        private final Nacl nacl;
        private final Security security;
        private final ConnectionQuota commandQuota;
        private final ConnectionQuota heartbeatQuota;
        private final PortMetrics commandMetrics;
        private final PortMetrics heartbeatMetrics;

        Shared(GatewaySettings settings, Authoriser<AgentConnection> gate, GatewayMetrics metrics) {
            this.settings = Objects.requireNonNull(settings, "settings");
            this.gate = Objects.requireNonNull(gate, "gate");
            GatewayConfig.Connections connections = settings.config().connections();
            this.nacl = settings.crypto().nacl();
            this.security = settings.curveSecretKey()
                    .<Security>map(secret -> new Security.CurveServer(KeyPair.ofSecret(Z85.decode(secret), nacl)))
                    .orElseGet(Security.Plain::new);
            this.commandQuota = new ConnectionQuota(connections.max(), connections.maxPerAddress());
            this.heartbeatQuota = new ConnectionQuota(connections.max(), connections.maxPerAddress());
            this.commandMetrics = metrics.commandPort(commandQuota::open);
            this.heartbeatMetrics = metrics.heartbeatPort(heartbeatQuota::open);
        }

        private ZmtpServerOptions commandOptions() {
            int largest = OVERSIZE_FACTOR * settings.config().messages().maxBodySizeBytes();
            int port = settings.config().commandPort() == 0
                    ? FREE_COMMAND_PORT
                    : settings.config().commandPort();
            return ZmtpServerOptions.of(SocketType.ROUTER, settings.host(), port, security, nacl)
                    .withLimits(Limits.DEFAULT
                            .withMessages(largest, MAX_FRAMES, 2 * largest)
                            .withMaxUnwrittenBytes(2 * largest + MessageLimits.MAX_COMMIT_SIZE_BYTES));
        }

        private ZmtpServerOptions heartbeatOptions() {
            int port = settings.config().heartbeatPort() == 0
                    ? FREE_HEARTBEAT_PORT
                    : settings.config().heartbeatPort();
            return ZmtpServerOptions.of(SocketType.PUB, settings.host(), port, new Security.Plain(), nacl)
                    .withLimits(Limits.DEFAULT
                            .withMessages(SUBSCRIPTION_BYTES, 2, 2 * SUBSCRIPTION_BYTES)
                            .withMaxUnwrittenBytes(UNREAD_HEARTBEAT_BYTES));
        }
    }

    /** To be called on the context that is to serve the connections. */
    GatewayLoop(Vertx vertx, Shared shared, ZmtpListener<AgentConnection> listener) {
        this.context = vertx.getOrCreateContext();
        this.rounds = new RoundWatch(vertx, shared.settings.heartbeatInterval());
        this.commands = new ZmtpServer<>(
                vertx, shared.commandOptions(), shared.commandQuota, shared.gate, listener, shared.commandMetrics);
        this.heartbeats = new ZmtpServer<>(
                vertx,
                shared.heartbeatOptions(),
                shared.heartbeatQuota,
                Authoriser.everyone(null),
                subscribers,
                shared.heartbeatMetrics);
        this.settings = shared.settings;
    }

    /** Opens both ports; fails with the reason when one is taken. */
    Future<Ports> open() {
        return listen(heartbeats, "server_heartbeat_port", settings.config().heartbeatPort())
                .compose(_ -> listen(commands, "command_port", settings.config().commandPort()))
                .map(_ -> new Ports(heartbeats.actualPort(), commands.actualPort()));
    }

    private Future<?> listen(ZmtpServer<?> server, String setting, int port) {
        return server.listen()
                .recover(cause -> Future.failedFuture(new IllegalStateException(
                        setting + " cannot be opened at " + settings.config().listenAddress() + ":" + port + ": "
                                + cause.getMessage() + "; is another server running?",
                        cause)));
    }

    /** Sends a message to every agent that listens for heartbeats, but for those that were asked something. */
    void publish(byte[] header, byte[] body) {
        context.runOnContext(_ -> subscribers.publish(new byte[][] {header, body}, heartbeats::publish));
    }

    /** Sends a message to those who listen and were asked to fetch their configuration. */
    void publishToAsked(byte[] header, byte[] body) {
        context.runOnContext(_ -> subscribers.publishToAsked(new byte[][] {header, body}, heartbeats::publish));
    }

    /** Asks so many of those who listen to fetch their configuration. */
    void ask(int count, byte[] header, byte[] body) {
        context.runOnContext(_ -> subscribers.ask(count, new byte[][] {header, body}));
    }

    /** Asks nobody any more. */
    void takeBack() {
        context.runOnContext(_ -> subscribers.takeBack());
    }

    /** How many listen that were asked. */
    int asked() {
        return subscribers.asked();
    }

    /** How many listen that were not asked. */
    int unasked() {
        return subscribers.unasked();
    }

    RoundWatch rounds() {
        return rounds;
    }

    /** On its event loop. */
    Future<Void> close() {
        rounds.stop();
        return Future.join(commands.close(), heartbeats.close()).mapEmpty();
    }
}
