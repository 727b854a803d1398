package org.pushjobs.zmtp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
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
    private static final int GONE_AFTER_SECONDS = PROBE_AFTER_SECONDS + PROBES * PROBE_EVERY_SECONDS;

    /** Numbers of Linux; the native transport exists for Linux only here. */
    private static final int IPPROTO_TCP = 6;

    private static final IntegerUnixChannelOption KEEP_IDLE =
            new IntegerUnixChannelOption("TCP_KEEPIDLE", IPPROTO_TCP, 4);
    private static final IntegerUnixChannelOption KEEP_INTERVAL =
            new IntegerUnixChannelOption("TCP_KEEPINTVL", IPPROTO_TCP, 5);
    private static final IntegerUnixChannelOption KEEP_COUNT =
            new IntegerUnixChannelOption("TCP_KEEPCNT", IPPROTO_TCP, 6);
    private static final IntegerUnixChannelOption USER_TIMEOUT =
            new IntegerUnixChannelOption("TCP_USER_TIMEOUT", IPPROTO_TCP, 18);

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

    /**
     * A peer that is gone without a word is noticed within {@value #GONE_AFTER_SECONDS} s, whether something is sent to it or
     * not. Each transport takes the options that are its own and leaves the others.
     */
    static void noticeWhenGone(Channel channel) {
        ChannelConfig config = channel.config();
        config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), PROBE_AFTER_SECONDS);
        config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), PROBE_EVERY_SECONDS);
        config.setOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), PROBES);
        config.setOption(KEEP_IDLE, PROBE_AFTER_SECONDS);
        config.setOption(KEEP_INTERVAL, PROBE_EVERY_SECONDS);
        config.setOption(KEEP_COUNT, PROBES);
        config.setOption(USER_TIMEOUT, GONE_AFTER_SECONDS * 1_000);
    }

    /** The IP address; empty when the channel is closed already. */
    static String remoteAddress(Channel channel) {
        SocketAddress address = channel.remoteAddress();
        return address instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : "";
    }
}
