package org.pushjobs.zmtp;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Greeting;
import org.pushjobs.zmtp.wire.ProtocolException;

/** Exchanges greetings. A server answers when the first bytes look like ZMTP: others learn nothing from it. */
final class GreetingStage<U> implements Stage {
    private final ZmtpChannel<U> channel;
    private final Endpoint<U> endpoint;
    private boolean sent;

    GreetingStage(ZmtpChannel<U> channel, Endpoint<U> endpoint) {
        this.channel = channel;
        this.endpoint = endpoint;
        if (endpoint.speaksFirst()) {
            send();
        }
    }

    @Override
    public void read(ByteBuf in) throws ProtocolException {
        Greeting.check(in);
        if (!sent && in.readableBytes() >= Greeting.SIGNATURE_SIZE) {
            send();
        }
        if (in.readableBytes() < Greeting.SIZE) {
            return;
        }
        Greeting greeting = Greeting.read(in);
        Security ours = endpoint.security();
        if (!greeting.mechanism().equals(ours.mechanism())) {
            throw new ProtocolException(
                    CloseReason.OTHER_MECHANISM, "mechanism of the peer is not " + ours.mechanism());
        }
        boolean sameRole = switch (ours) {
            case Security.Plain _ -> false;
            case Security.CurveServer _ -> greeting.asServer();
            case Security.CurveClient _ -> !greeting.asServer();
        };
        if (sameRole) {
            throw new ProtocolException(CloseReason.OTHER_MECHANISM, "the peer has the same role in CURVE");
        }
        HandshakeStage<U> next = new HandshakeStage<>(channel, endpoint, greeting.minor());
        channel.enter(next);
        next.begin();
    }

    private void send() {
        sent = true;
        Security ours = endpoint.security();
        channel.outbox().raw(Greeting.encode(ours.mechanism(), ours instanceof Security.CurveServer));
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
