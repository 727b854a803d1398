package org.pushjobs.zmtp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.nio.NioChannelOption;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import jdk.net.ExtendedSocketOptions;

/** The way from a Vert.x socket to the Netty channel beneath it. */
final class Sockets {
    /** For files sent from disk, which we never do. */
    private static final String CHUNKED_WRITER = "chunkedWriter";

    private static final int PROBE_AFTER_SECONDS = 15;
    private static final int PROBE_EVERY_SECONDS = 5;
    private static final int PROBES = 3;

    private Sockets() {}

    static ChannelHandlerContext handlerContext(NetSocket socket) {
        return ((NetSocketInternal) socket).channelHandlerContext();
    }

    /** Puts a handler where it gets the bytes before Vert.x does. */
    static void install(ZmtpChannel<?> handler, ChannelHandlerContext vertxHandler) {
        ChannelPipeline pipeline = vertxHandler.pipeline();
        if (pipeline.get(CHUNKED_WRITER) != null) {
            pipeline.remove(CHUNKED_WRITER);
        }
        pipeline.addBefore(vertxHandler.name(), "zmtp", handler);
    }

    /** A peer that is gone without a word is noticed within {@value #PROBE_AFTER_SECONDS} s + 3 x 5 s, if nothing is sent to it. */
    static void probeSoon(Channel channel) {
        channel.config().setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), PROBE_AFTER_SECONDS);
        channel.config().setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), PROBE_EVERY_SECONDS);
        channel.config().setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), PROBES);
    }

    /** The IP address; empty when the channel is closed already. */
    static String remoteAddress(Channel channel) {
        SocketAddress address = channel.remoteAddress();
        return address instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : "";
    }
}
