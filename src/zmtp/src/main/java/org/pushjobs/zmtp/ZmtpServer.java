package org.pushjobs.zmtp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.FrameHeader;
import org.pushjobs.zmtp.wire.PlainFrames;
import org.pushjobs.zmtp.wire.SocketType;

/**
 * A ROUTER or PUB on a TCP port. It and its connections live on the event loop of the context it is made on. Several of
 * them in one Vert.x that listen on the same port share its connections; {@link ConnectionQuota} is what they have in
 * common.
 *
 * @param <U> what the application ties to a connection
 */
public final class ZmtpServer<U> {
    private static final String EVERY_ADDRESS = "*";

    private final ContextInternal context;
    private final ZmtpServerOptions options;
    private final ConnectionQuota quota;
    private final ZmtpStatistics statistics;
    private final EventLoopState state;
    private final ServerEndpoint<U> endpoint;
    private final Fanout<U> fanout;
    private final NetServer server;
    private ScheduledFuture<?> clock;

    /** On the context that is to serve the connections. */
    public ZmtpServer(
            Vertx vertx,
            ZmtpServerOptions options,
            ConnectionQuota quota,
            Authoriser<U> authoriser,
            ZmtpListener<U> listener,
            ZmtpStatistics statistics) {
        this.context = ((VertxInternal) vertx).getOrCreateContext();
        this.options = Objects.requireNonNull(options, "options");
        this.quota = Objects.requireNonNull(quota, "quota");
        this.statistics = Objects.requireNonNull(statistics, "statistics");
        this.state =
                new EventLoopState(context.nettyEventLoop(), options.nacl(), options.limits(), options.handshakes());
        this.endpoint = new ServerEndpoint<>(
                options,
                state,
                Objects.requireNonNull(authoriser, "authoriser"),
                Objects.requireNonNull(listener, "listener"),
                statistics,
                quota);
        this.fanout = new Fanout<>(state.eventLoop());
        this.server = vertx.createNetServer(new NetServerOptions()
                        .setHost(options.host().equals(EVERY_ADDRESS) ? "0.0.0.0" : options.host())
                        .setPort(options.port())
                        .setAcceptBacklog(options.backlog())
                        .setTcpKeepAlive(true))
                .connectHandler(this::accept);
    }

    /** Opens the port; fails when it is taken. */
    public Future<ZmtpServer<U>> listen() {
        return context.<ZmtpServer<U>>future(promise -> context.runOnContext(_ -> server.listen()
                .<ZmtpServer<U>>map(_ -> {
                    clock = state.eventLoop().scheduleAtFixedRate(this::second, 1, 1, TimeUnit.SECONDS);
                    return this;
                })
                .onComplete(promise)));
    }

    /** The port that it listens on. */
    public int actualPort() {
        return server.actualPort();
    }

    /** Where it and its connections live. */
    public Context context() {
        return context;
    }

    /** Connections of this server that are ready. Its event loop only. */
    public int connections() {
        return endpoint.readyCount();
    }

    /** Connections that would get a message with this first frame. Its event loop only. */
    public int subscribers(byte[] firstFrame) {
        return (int) endpoint.ready().stream()
                .filter(connection -> connection.wants(firstFrame))
                .count();
    }

    /** Closes the port and all connections. */
    public Future<Void> close() {
        return context.future(promise -> context.runOnContext(_ -> {
            if (clock != null) {
                clock.cancel(false);
            }
            fanout.clear();
            endpoint.closeAll();
            server.close().onComplete(promise);
        }));
    }

    private void accept(NetSocket socket) {
        ChannelHandlerContext channel = Sockets.handlerContext(socket);
        Sockets.noticeWhenGone(channel.channel());
        String address = Sockets.remoteAddress(channel.channel());
        quota.take(address)
                .ifPresentOrElse(
                        reason -> {
                            channel.close();
                            statistics.refused(reason);
                        },
                        () -> {
                            ZmtpChannel<U> connection = new ZmtpChannel<>(endpoint, state, context, channel, address);
                            endpoint.accepted(connection);
                            Sockets.install(connection, channel);
                            if (!channel.channel().isActive()) {
                                connection.close(CloseReason.CLOSED_BY_PEER);
                            }
                        });
    }

    private void second() {
        endpoint.ready().forEach(connection -> connection.second(options.silence()));
    }

    /**
     * Sends a message to all peers of a PUB that have subscribed to it; those that do not read miss it. Many peers get it
     * over several turns of the event loop, so the arrays must not be changed afterwards. Its event loop only.
     *
     * @throws IllegalStateException when it is a ROUTER, or on another thread
     */
    public void publish(byte[]... frames) {
        publish(_ -> true, frames);
    }

    /**
     * The same for some of the peers.
     *
     * @param whom asked on the event loop when it is the peer's turn
     */
    public void publish(Predicate<? super ZmtpConnection<U>> whom, byte[]... frames) {
        if (!state.eventLoop().inEventLoop()) {
            throw new IllegalStateException("a server may be used on its event loop only; see context()");
        }
        if (options.type() != SocketType.PUB) {
            throw new IllegalStateException("only a PUB publishes");
        }
        switch (options.security()) {
            case Security.Plain _ -> publishPlain(whom, frames);
            case Security.CurveServer _, Security.CurveClient _ ->
                fanout.add(
                        endpoint.ready(),
                        connection -> {
                            if (connection.wants(frames[0]) && whom.test(connection)) {
                                connection.send(frames);
                            }
                        },
                        () -> {});
        }
    }

    private void publishPlain(Predicate<? super ZmtpConnection<U>> whom, byte[][] frames) {
        int size = 0;
        for (byte[] frame : frames) {
            size += PlainFrames.INSTANCE.encodedSize(frame.length);
        }
        ByteBuf encoded = Unpooled.directBuffer(size);
        for (int i = 0; i < frames.length; i++) {
            PlainFrames.INSTANCE.encode(i < frames.length - 1 ? FrameHeader.MORE : 0, frames[i], encoded);
        }
        fanout.add(
                endpoint.ready(),
                connection -> {
                    if (connection.wants(frames[0]) && whom.test(connection)) {
                        connection.sendShared(encoded.retainedDuplicate());
                    }
                },
                encoded::release);
    }
}
