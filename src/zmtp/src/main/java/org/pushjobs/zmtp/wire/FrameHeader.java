package org.pushjobs.zmtp.wire;

import io.netty.buffer.ByteBuf;

/** Reads and writes what is before a frame's body: flags and length (RFC 23, "framing"). One thread, reused. */
public final class FrameHeader {
    /** Another frame of the message follows. */
    public static final int MORE = 1;

    /** The frame is a command. */
    public static final int COMMAND = 4;

    private static final int LONG = 2;
    private static final int SHORT_HEADER = 2;
    private static final int LONG_HEADER = 9;
    private static final int LONGEST_SHORT = 255;

    private int flags;
    private int length;
    private int size;

    /** Bytes of the header of a body. */
    public static int size(int length) {
        return length > LONGEST_SHORT ? LONG_HEADER : SHORT_HEADER;
    }

    /** Writes the header of a body. */
    public static void write(int flags, int length, ByteBuf out) {
        if (length > LONGEST_SHORT) {
            out.writeByte(flags | LONG).writeLong(length);
        } else {
            out.writeByte(flags).writeByte(length);
        }
    }

    /**
     * Reads the next header when its whole body has come as well; else leaves the bytes where they are.
     *
     * @return whether the body now begins at the reader index
     * @throws ProtocolException when the header is wrong or the body longer than that, known before it has come
     */
    public boolean read(ByteBuf in, int maxLength) throws ProtocolException {
        return look(in, maxLength) && take(in);
    }

    /**
     * Looks at the next header, and leaves the bytes where they are.
     *
     * @return whether it has come
     * @throws ProtocolException when it is wrong or the body longer than that
     */
    boolean look(ByteBuf in, int maxLength) throws ProtocolException {
        int readable = in.readableBytes();
        if (readable == 0) {
            return false;
        }
        int start = in.readerIndex();
        int first = in.getByte(start);
        if ((first & ~(MORE | LONG | COMMAND)) != 0 || (first & (MORE | COMMAND)) == (MORE | COMMAND)) {
            throw new ProtocolException(CloseReason.MALFORMED, "wrong frame flags");
        }
        size = (first & LONG) == 0 ? SHORT_HEADER : LONG_HEADER;
        if (readable < size) {
            return false;
        }
        long body = size == SHORT_HEADER ? in.getUnsignedByte(start + 1) : in.getLong(start + 1);
        if (body < 0 || body > maxLength) {
            throw new ProtocolException(CloseReason.FRAME_TOO_LARGE, "a frame of more than " + maxLength + " bytes");
        }
        flags = first & (MORE | COMMAND);
        length = (int) body;
        return true;
    }

    /** Takes the header that was looked at when its whole body has come; returns whether it has. */
    boolean take(ByteBuf in) {
        if (in.readableBytes() - size < length) {
            return false;
        }
        in.skipBytes(size);
        return true;
    }

    /** {@link #MORE} and {@link #COMMAND} of the frame last read or looked at. */
    public int flags() {
        return flags;
    }

    /** Bytes of the body of the frame last read or looked at. */
    public int length() {
        return length;
    }
}
