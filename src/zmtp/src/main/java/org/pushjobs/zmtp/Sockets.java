package org.pushjobs.zmtp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** The way from a Vert.x socket to the Netty channel beneath it. */
final class Sockets {
    /** For files sent from disk, which we never do. */
    private static final String CHUNKED_WRITER = "chunkedWriter";

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

    /** The IP address; empty when the channel is closed already. */
    static String remoteAddress(Channel channel) {
        SocketAddress address = channel.remoteAddress();
        return address instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : "";
    }
}
