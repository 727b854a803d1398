package org.pushjobs.zmtp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import org.pushjobs.zmtp.wire.FrameCodec;
import org.pushjobs.zmtp.wire.FrameHeader;
import org.pushjobs.zmtp.wire.PlainFrames;

/**
 * What a connection has to write. Frames of one turn of the event loop are put one after the other into one buffer, which
 * is written at the end of the turn. One event loop.
 */
final class Outbox {
    private static final int FIRST_CAPACITY = 512;

    private final ChannelHandlerContext channel;
    private final FlushQueue flushes;
    private FrameCodec codec = PlainFrames.INSTANCE;
    private ByteBuf pending;
    private boolean queued;

    Outbox(ChannelHandlerContext channel, FlushQueue flushes) {
        this.channel = channel;
        this.flushes = flushes;
    }

    void use(FrameCodec newCodec) {
        codec = newCodec;
    }

    /** Bytes that the system has not taken. */
    long unwritten() {
        ChannelOutboundBuffer buffer = channel.channel().unsafe().outboundBuffer();
        return (pending == null ? 0 : pending.readableBytes()) + (buffer == null ? 0 : buffer.totalPendingWriteBytes());
    }

    /** Bytes that a message takes. */
    int size(byte[][] frames) {
        int size = 0;
        for (byte[] frame : frames) {
            size += codec.encodedSize(frame.length);
        }
        return size;
    }

    void message(byte[][] frames, int size) {
        ByteBuf out = room(size);
        for (int i = 0; i < frames.length; i++) {
            codec.encode(i < frames.length - 1 ? FrameHeader.MORE : 0, frames[i], out);
        }
    }

    /** A command of the handshake or, with the codec of the connection, one after it. */
    void command(byte[] body) {
        codec.encode(FrameHeader.COMMAND, body, room(codec.encodedSize(body.length)));
    }

    /** Bytes that are no frame. */
    void raw(byte[] bytes) {
        room(bytes.length).writeBytes(bytes);
    }

    /** Whole frames, of which this takes a reference. */
    void shared(ByteBuf frames) {
        writePending();
        channel.write(frames, channel.voidPromise());
        queue();
    }

    private ByteBuf room(int bytes) {
        if (pending == null) {
            ByteBufAllocator allocator = channel.alloc();
            pending = allocator.directBuffer(Math.max(FIRST_CAPACITY, bytes));
        }
        queue();
        return pending;
    }

    private void queue() {
        if (!queued) {
            queued = true;
            flushes.add(this);
        }
    }

    /** Hands what there is to the system. */
    void flush() {
        queued = false;
        writePending();
        channel.flush();
    }

    private void writePending() {
        if (pending != null) {
            ByteBuf out = pending;
            pending = null;
            channel.write(out, channel.voidPromise());
        }
    }

    void wipe() {
        codec.wipe();
    }
}
