package org.pushjobs.zmtp;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.pushjobs.zmtp.nacl.Nacl;
import org.pushjobs.zmtp.wire.CloseReason;

/**
 * Makes DEALER and SUB connections, many of them: each lives on the event loop of the context that asked for it and needs
 * no thread or timer of its own. It does not reconnect by itself. Any thread.
 */
public final class ZmtpClient {
    private final VertxInternal vertx;
    private final Nacl nacl;
    private final Limits limits;
    private final NetClient client;
    private final Map<EventLoop, EventLoopState> states = new ConcurrentHashMap<>();

    /**
     * @param localAddress IP address to connect from; empty leaves it to the system. One address has about 28,000 ports
     *     for one server
     */
    public ZmtpClient(Vertx vertx, Nacl nacl, Limits limits, Optional<String> localAddress) {
        this.vertx = (VertxInternal) vertx;
        this.nacl = Objects.requireNonNull(nacl, "nacl");
        this.limits = Objects.requireNonNull(limits, "limits");
        NetClientOptions options = new NetClientOptions()
                .setConnectTimeout((int) limits.handshakeTimeout().toMillis());
        localAddress.ifPresent(options::setLocalAddress);
        this.client = vertx.createNetClient(options);
    }

    /**
     * Connects and does the handshake.
     *
     * @param user what is tied to the connection
     * @return fails with {@link ZmtpRefusedException} when the handshake does, with another exception when there is no
     *     connection at all. When it succeeds, {@link ZmtpListener#opened} is called as well
     */
    public <U> Future<ZmtpConnection<U>> connect(ZmtpTarget target, U user, ZmtpListener<U> listener) {
        ContextInternal context = vertx.getOrCreateContext();
        Promise<ZmtpConnection<U>> promise = context.promise();
        EventLoopState state = states.computeIfAbsent(
                context.nettyEventLoop(),
                eventLoop -> new EventLoopState(eventLoop, nacl, limits, HandshakeLimits.DEFAULT));
        ClientEndpoint<U> endpoint = new ClientEndpoint<>(this, target, state, user, listener, promise);
        context.runOnContext(_ -> client.connect(target.port(), target.host())
                .onSuccess(socket -> start(socket, context, state, endpoint))
                .onFailure(promise::fail));
        return promise.future();
    }

    private static <U> void start(
            NetSocket socket, ContextInternal context, EventLoopState state, ClientEndpoint<U> endpoint) {
        ChannelHandlerContext channel = Sockets.handlerContext(socket);
        ZmtpChannel<U> connection =
                new ZmtpChannel<>(endpoint, state, context, channel, Sockets.remoteAddress(channel.channel()));
        Sockets.install(connection, channel);
        if (!channel.channel().isActive()) {
            connection.close(CloseReason.CLOSED_BY_PEER);
        }
    }

    Limits limits() {
        return limits;
    }

    /** Closes all connections. */
    public Future<Void> close() {
        return client.close();
    }
}
