package org.pushjobs.zmtp.wire;

import io.netty.buffer.ByteBuf;

/** How frames look once a connection is ready: as they are, or sealed. One per connection, used on its event loop. */
public interface FrameCodec {
    /** Bytes that a sealed body is longer by. */
    int overhead();

    /**
     * Reads a body that begins at the reader index.
     *
     * @param target gets the content
     * @return {@link FrameHeader#MORE} and {@link FrameHeader#COMMAND}
     * @throws ProtocolException when it is not what the peer may send
     */
    int decode(int flags, int length, ByteBuf in, Content target) throws ProtocolException;

    /** Appends a frame. */
    void encode(int flags, byte[] body, ByteBuf out);

    /** Bytes of a frame with this much content. */
    default int encodedSize(int length) {
        int body = length + overhead();
        return FrameHeader.size(body) + body;
    }

    /** Overwrites the keys. */
    void wipe();

    /** Where a decoded frame's content is put. Reused. */
    final class Content {
        private final Frames frames;
        private int offset;
        private int length;

        Content(Frames frames) {
            this.frames = frames;
        }

        /** The place for this many bytes in {@link #array}, which may be another one afterwards. */
        public int reserve(int bytes) {
            return frames.reserve(bytes);
        }

        /** What is written to. */
        public byte[] array() {
            return frames.array();
        }

        /** Says where the content is, within the reserved place. */
        public void set(int newOffset, int newLength) {
            offset = newOffset;
            length = newLength;
        }

        int offset() {
            return offset;
        }

        int length() {
            return length;
        }
    }
}
