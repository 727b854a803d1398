package org.pushjobs.zmtp.handshake;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.FrameCodec;
import org.pushjobs.zmtp.wire.FrameHeader;
import org.pushjobs.zmtp.wire.ProtocolException;

/**
 * MESSAGE commands (RFC 26): each frame sealed with the key of the connection and the next number of its side. The flags
 * of the frame are the first byte in the box; the outer frame has none, as libzmq does it.
 */
final class CurveFrames implements FrameCodec {
    private static final int NONCE_AT = Curve.MESSAGE.length;
    private static final int BOX_AT = NONCE_AT + Curve.SHORT_NONCE;
    private static final int CONTENT_AT = BOX_AT + Curve.MAC + 1;
    private static final long MESSAGE_NAME = Curve.getLong(Curve.MESSAGE, 0);
    private static final int SEALED_MORE = 1;
    private static final int SEALED_COMMAND = 2;

    private final Curve curve;
    private final byte[] key;
    private final byte[] sendPrefix;
    private final byte[] receivePrefix;
    private long sent;
    private long received;

    private CurveFrames(Curve curve, byte[] key, byte[] sendPrefix, byte[] receivePrefix, long sent, long received) {
        this.curve = curve;
        this.key = key;
        this.sendPrefix = sendPrefix;
        this.receivePrefix = receivePrefix;
        this.sent = sent;
        this.received = received;
    }

    /** @param received the client's last nonce */
    static CurveFrames ofServer(Curve curve, byte[] key, long received) {
        return new CurveFrames(curve, key, Curve.SERVER_MESSAGE_NONCE, Curve.CLIENT_MESSAGE_NONCE, 0, received);
    }

    /**
     * @param sent our last nonce
     */
    static CurveFrames ofClient(Curve curve, byte[] key, long sent) {
        return new CurveFrames(curve, key, Curve.CLIENT_MESSAGE_NONCE, Curve.SERVER_MESSAGE_NONCE, sent, 0);
    }

    /** READY: sealed as the first of the server's numbers. */
    byte[] ready(byte[] name, byte[] metadata) {
        int box = name.length + Curve.SHORT_NONCE;
        byte[] command = Arrays.copyOf(name, box + Curve.MAC + metadata.length);
        Curve.putLong(++sent, command, name.length);
        System.arraycopy(metadata, 0, command, box + Curve.MAC, metadata.length);
        curve.seal(key, Curve.READY_NONCE, sent, command, box, metadata.length);
        return command;
    }

    /** Opens READY in place and says where its content begins. */
    int openReady(byte[] name, byte[] command) throws ProtocolException {
        int box = name.length + Curve.SHORT_NONCE;
        Curve.requireCommand(name, box + Curve.MAC, command);
        acceptNumber(Curve.getLong(command, name.length));
        Curve.requireOpened(curve.open(key, Curve.READY_NONCE, received, command, box, command.length - box), "READY");
        return box + Curve.MAC;
    }

    @Override
    public int overhead() {
        return CONTENT_AT;
    }

    @Override
    public int decode(int flags, int length, ByteBuf in, Content target) throws ProtocolException {
        int start = in.readerIndex();
        if (length < CONTENT_AT || in.getLong(start) != MESSAGE_NAME) {
            throw new ProtocolException(CloseReason.MALFORMED, "not a MESSAGE");
        }
        acceptNumber(in.getLong(start + NONCE_AT));
        int sealed = length - BOX_AT;
        int at = target.reserve(sealed);
        byte[] array = target.array();
        in.skipBytes(BOX_AT);
        in.readBytes(array, at, sealed);
        Curve.requireOpened(curve.open(key, receivePrefix, received, array, at, sealed), "MESSAGE");
        int sealedFlags = array[at + Curve.MAC];
        target.set(at + Curve.MAC + 1, sealed - Curve.MAC - 1);
        return ((sealedFlags & SEALED_MORE) != 0 ? FrameHeader.MORE : 0)
                | ((sealedFlags & SEALED_COMMAND) != 0 ? FrameHeader.COMMAND : 0);
    }

    @Override
    public void encode(int flags, byte[] body, ByteBuf out) {
        int sealed = Curve.MAC + 1 + body.length;
        byte[] space = curve.space(sealed);
        space[Curve.MAC] = (byte) (((flags & FrameHeader.MORE) != 0 ? SEALED_MORE : 0)
                | ((flags & FrameHeader.COMMAND) != 0 ? SEALED_COMMAND : 0));
        System.arraycopy(body, 0, space, Curve.MAC + 1, body.length);
        sent++;
        curve.seal(key, sendPrefix, sent, space, 0, 1 + body.length);
        FrameHeader.write(0, BOX_AT + sealed, out);
        out.writeLong(MESSAGE_NAME).writeLong(sent).writeBytes(space, 0, sealed);
    }

    private void acceptNumber(long number) throws ProtocolException {
        if (Long.compareUnsigned(number, received) <= 0) {
            throw new ProtocolException(CloseReason.STALE_NONCE, "a nonce that does not rise");
        }
        received = number;
    }

    @Override
    public void wipe() {
        Curve.wipe(key);
    }
}
