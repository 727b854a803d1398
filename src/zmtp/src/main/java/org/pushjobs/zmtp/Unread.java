package org.pushjobs.zmtp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** The bytes of a connection that were not enough for a step. Nothing as long as whole frames arrive. One event loop. */
final class Unread {
    private ByteBuf kept;

    boolean isEmpty() {
        return kept == null;
    }

    /** What was kept and what has arrived, to be read and given back by {@link #keep} or {@link #drop}. */
    ByteBuf with(ByteBuf arrived) {
        if (kept == null) {
            return arrived;
        }
        kept.writeBytes(arrived);
        arrived.release();
        return kept;
    }

    /** What was kept; only when that is not empty. */
    ByteBuf kept() {
        return kept;
    }

    /** Keeps what has not been read of a buffer. */
    void keep(ByteBuf in, ByteBufAllocator allocator) {
        if (!in.isReadable()) {
            drop(in);
        } else if (in == kept) {
            in.discardReadBytes();
        } else {
            kept = allocator.directBuffer(in.readableBytes());
            kept.writeBytes(in);
            in.release();
        }
    }

    /** Throws a buffer away. */
    void drop(ByteBuf in) {
        in.release();
        kept = null;
    }
}
