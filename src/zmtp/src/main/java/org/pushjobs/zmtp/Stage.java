package org.pushjobs.zmtp;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.ProtocolException;

/** What a connection does with the bytes that come: greeting, handshake, traffic, nothing. */
interface Stage {
    /** Reads what it can; the rest stays in the buffer. */
    void read(ByteBuf in) throws ProtocolException;

    /** Why a connection is to be closed that has been in this stage for longer than it may; empty when it may stay. */
    Optional<CloseReason> overdue();

    /** Whether nothing happens until the peer does something. */
    boolean waitsForPeer();

    /** The connection ends in this stage. */
    void abandon();

    /** The connection is closed. */
    Stage CLOSED = new Stage() {
        @Override
        public void read(ByteBuf in) {
            in.skipBytes(in.readableBytes());
        }

        @Override
        public Optional<CloseReason> overdue() {
            return Optional.empty();
        }

        @Override
        public boolean waitsForPeer() {
            return false;
        }

        @Override
        public void abandon() {
            // nothing left
        }
    };
}
