package org.pushjobs.zmtp;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Optional;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Commands;
import org.pushjobs.zmtp.wire.FrameCodec;
import org.pushjobs.zmtp.wire.Frames;
import org.pushjobs.zmtp.wire.Inbox;
import org.pushjobs.zmtp.wire.ProtocolException;
import org.pushjobs.zmtp.wire.SocketType;

/** Messages and commands of a ready connection (RFC 23, "traffic"; RFC 37 for PING and SUBSCRIBE). */
final class TrafficStage<U> extends Inbox implements Stage {
    private static final long SECOND_MILLIS = 1_000;
    private static final int MINOR_WITH_PING = 1;
    private static final int SUBSCRIBE = 1;
    private static final int CANCEL = 0;

    private final ZmtpChannel<U> channel;
    private final ZmtpListener<U> listener;
    private final SocketType type;
    private final FrameCodec codec;
    private final int peerMinor;
    private final Subscriptions subscriptions;
    private boolean hasSubscribed;
    private boolean heard;
    private int silentSeconds;
    private int ttl;

    TrafficStage(ZmtpChannel<U> channel, Endpoint<U> endpoint, FrameCodec codec, int peerMinor) {
        this.channel = channel;
        this.listener = endpoint.listener();
        this.type = endpoint.type();
        this.codec = codec;
        this.peerMinor = peerMinor;
        this.subscriptions = new Subscriptions(endpoint.limits().maxSubscriptions());
    }

    @Override
    public void read(ByteBuf in) throws ProtocolException {
        heard = true;
        channel.state().reader().read(in, codec, this);
    }

    @Override
    public boolean wantsMore() {
        return channel.isReading();
    }

    @Override
    public boolean takesLargeFrame() {
        return channel.takesLargeFrame();
    }

    @Override
    public void message(Frames frames) throws ProtocolException {
        if (type == SocketType.PUB) {
            subscription(frames);
        } else {
            listener.message(channel, frames);
        }
    }

    /** The form of ZMTP 3.0; other messages to a PUB are thrown away. */
    private void subscription(Frames frames) throws ProtocolException {
        if (frames.count() != 1 || frames.length(0) == 0) {
            return;
        }
        int at = frames.offset(0);
        byte[] prefix = Arrays.copyOfRange(frames.array(), at + 1, at + frames.length(0));
        switch (frames.array()[at]) {
            case SUBSCRIBE -> subscribed(prefix);
            case CANCEL -> subscriptions.remove(prefix);
            default -> {
                // not a subscription
            }
        }
    }

    private void subscribed(byte[] prefix) throws ProtocolException {
        subscriptions.add(prefix);
        if (!hasSubscribed) {
            hasSubscribed = true;
            listener.subscribed(channel);
        }
    }

    /** Unknown commands are thrown away, as libzmq does it. */
    @Override
    public void command(byte[] array, int offset, int length) throws ProtocolException {
        if (Commands.is(Commands.PING, array, offset, length)) {
            byte[] pong = Commands.pong(array, offset, length);
            ttl = Commands.ttl(array, offset);
            channel.answer(pong);
        } else if (type == SocketType.PUB && Commands.is(Commands.SUBSCRIBE, array, offset, length)) {
            subscribed(data(Commands.SUBSCRIBE, array, offset, length));
        } else if (type == SocketType.PUB && Commands.is(Commands.CANCEL, array, offset, length)) {
            subscriptions.remove(data(Commands.CANCEL, array, offset, length));
        }
    }

    private static byte[] data(byte[] name, byte[] array, int offset, int length) {
        return Arrays.copyOfRange(array, offset + name.length, offset + length);
    }

    boolean wants(byte[] firstFrame) {
        return subscriptions.match(firstFrame);
    }

    /** Asks for messages in the form that the peer's version knows. */
    void subscribe(byte[] prefix) {
        if (peerMinor >= MINOR_WITH_PING) {
            channel.outbox().command(Commands.body(Commands.SUBSCRIBE, prefix));
        } else {
            byte[] message = new byte[1 + prefix.length];
            message[0] = SUBSCRIBE;
            System.arraycopy(prefix, 0, message, 1, prefix.length);
            channel.send(message);
        }
    }

    /** Called once a second. */
    void second(Silence silence) {
        silentSeconds = heard || channel.isHeldUp(SECOND_MILLIS) ? 0 : silentSeconds + 1;
        heard = false;
        boolean tooLong = silence.closeAfterSeconds() > 0 && silentSeconds >= silence.closeAfterSeconds();
        // One second more than the peer asks for, because the first one may have been a short one.
        boolean outlived = ttl > 0 && (silentSeconds - 1) * 10 >= ttl;
        if (tooLong || outlived) {
            channel.close(CloseReason.SILENT);
        } else if (silence.pingAfterSeconds() > 0
                && silentSeconds == silence.pingAfterSeconds()
                && peerMinor >= MINOR_WITH_PING) {
            channel.answer(Commands.ping());
        }
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
        codec.wipe();
    }
}
