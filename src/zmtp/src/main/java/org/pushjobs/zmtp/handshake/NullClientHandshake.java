package org.pushjobs.zmtp.handshake;

import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Commands;
import org.pushjobs.zmtp.wire.Metadata;
import org.pushjobs.zmtp.wire.PlainFrames;
import org.pushjobs.zmtp.wire.ProtocolException;

/** NULL (RFC 23), seen from the side that connects. */
public final class NullClientHandshake implements Handshake {
    private final Metadata metadata;

    public NullClientHandshake(Metadata metadata) {
        this.metadata = metadata;
    }

    @Override
    public byte[] begin() {
        return Commands.body(Commands.READY, metadata.encode());
    }

    @Override
    public Step receive(byte[] command) throws ProtocolException {
        if (Commands.is(Commands.ERROR, command, 0, command.length)) {
            return new Step.Refused(Commands.reason(command));
        }
        if (!Commands.is(Commands.READY, command, 0, command.length)) {
            throw new ProtocolException(CloseReason.MALFORMED, "neither READY nor ERROR");
        }
        return new Step.Ready(Metadata.read(command, Commands.READY.length, command.length), PlainFrames.INSTANCE);
    }

    @Override
    public byte[] accept() {
        throw new IllegalStateException("a client does not accept");
    }

    @Override
    public void wipe() {
        // no keys
    }
}
