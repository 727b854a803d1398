package org.pushjobs.zmtp.handshake;

import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Commands;
import org.pushjobs.zmtp.wire.Metadata;
import org.pushjobs.zmtp.wire.PlainFrames;
import org.pushjobs.zmtp.wire.ProtocolException;

/** NULL (RFC 23): both sides send READY; this side when it has decided about the other. */
public final class NullServerHandshake implements Handshake {
    private static final byte[] NOTHING = {};

    private final Metadata metadata;
    private boolean received;

    public NullServerHandshake(Metadata metadata) {
        this.metadata = metadata;
    }

    @Override
    public byte[] begin() {
        return NOTHING;
    }

    @Override
    public Step receive(byte[] command) throws ProtocolException {
        if (received || !Commands.is(Commands.READY, command, 0, command.length)) {
            throw new ProtocolException(CloseReason.MALFORMED, "not the READY of a handshake");
        }
        received = true;
        return new Step.Authorise(
                NOTHING, Metadata.read(command, Commands.READY.length, command.length), PlainFrames.INSTANCE);
    }

    @Override
    public byte[] accept() {
        return Commands.body(Commands.READY, metadata.encode());
    }

    @Override
    public void wipe() {
        // no keys
    }
}
