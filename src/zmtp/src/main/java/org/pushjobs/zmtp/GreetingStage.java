package org.pushjobs.zmtp;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Greeting;
import org.pushjobs.zmtp.wire.ProtocolException;

/** Exchanges greetings. Both sides send theirs at once, as those of libzmq do. */
final class GreetingStage<U> implements Stage {
    private final ZmtpChannel<U> channel;
    private final Endpoint<U> endpoint;

    GreetingStage(ZmtpChannel<U> channel, Endpoint<U> endpoint) {
        this.channel = channel;
        this.endpoint = endpoint;
        Security ours = endpoint.security();
        channel.outbox().raw(Greeting.encode(ours.mechanism(), ours instanceof Security.CurveServer));
    }

    @Override
    public void read(ByteBuf in) throws ProtocolException {
        Greeting.check(in);
        if (in.readableBytes() < Greeting.SIZE) {
            return;
        }
        Greeting greeting = Greeting.read(in);
        Security ours = endpoint.security();
        if (!greeting.mechanism().equals(ours.mechanism())) {
            throw new ProtocolException(
                    CloseReason.OTHER_MECHANISM, "mechanism of the peer is not " + ours.mechanism());
        }
        // A CURVE server of libzmq does not say that it is one: the other direction cannot be checked.
        if (ours instanceof Security.CurveServer && greeting.asServer()) {
            throw new ProtocolException(CloseReason.OTHER_MECHANISM, "the peer is a CURVE server, too");
        }
        HandshakeStage<U> next = new HandshakeStage<>(channel, endpoint, greeting.minor());
        channel.enter(next);
        next.begin();
    }

    @Override
    public Optional<CloseReason> overdue() {
        return Optional.of(CloseReason.HANDSHAKE_TIMEOUT);
    }

    @Override
    public boolean waitsForPeer() {
        return true;
    }

    @Override
    public void abandon() {
        // no keys yet
    }
}
