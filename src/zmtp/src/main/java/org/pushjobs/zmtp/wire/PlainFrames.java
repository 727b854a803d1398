package org.pushjobs.zmtp.wire;

import io.netty.buffer.ByteBuf;

/** Frames of the NULL mechanism: as they are. */
public final class PlainFrames implements FrameCodec {
    /** It has no state: one for all connections. */
    public static final PlainFrames INSTANCE = new PlainFrames();

    private PlainFrames() {}

    @Override
    public int overhead() {
        return 0;
    }

    @Override
    public int decode(int flags, int length, ByteBuf in, Content target) {
        int at = target.reserve(length);
        in.readBytes(target.array(), at, length);
        target.set(at, length);
        return flags;
    }

    @Override
    public void encode(int flags, byte[] body, ByteBuf out) {
        FrameHeader.write(flags, body.length, out);
        out.writeBytes(body);
    }

    @Override
    public void wipe() {
        // no keys
    }
}
