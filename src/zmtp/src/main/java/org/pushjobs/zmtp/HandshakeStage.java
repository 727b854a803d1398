package org.pushjobs.zmtp;

import io.netty.buffer.ByteBuf;
import io.vertx.core.AsyncResult;
import java.util.Optional;
import org.pushjobs.zmtp.handshake.Handshake;
import org.pushjobs.zmtp.handshake.Step;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Commands;
import org.pushjobs.zmtp.wire.FrameCodec;
import org.pushjobs.zmtp.wire.FrameHeader;
import org.pushjobs.zmtp.wire.Metadata;
import org.pushjobs.zmtp.wire.ProtocolException;

/** Carries the commands of a security mechanism to and fro until the connection is ready or refused. */
final class HandshakeStage<U> implements Stage {
    private static final int MAX_COMMAND = 2_048;
    /** What a peer may send ahead while we are busy. */
    private static final int MAX_AHEAD = 64 * 1_024;

    private static final String REFUSED = "400";

    private enum WaitingFor {
        PEER,
        ITS_TURN,
        AUTHORISER,
        THE_END
    }

    private final ZmtpChannel<U> channel;
    private final Endpoint<U> endpoint;
    private final int peerMinor;
    private final Handshake handshake;
    private WaitingFor waitingFor = WaitingFor.PEER;
    private boolean handedOver;

    HandshakeStage(ZmtpChannel<U> channel, Endpoint<U> endpoint, int peerMinor) {
        this.channel = channel;
        this.endpoint = endpoint;
        this.peerMinor = peerMinor;
        this.handshake = endpoint.newHandshake(channel.id());
    }

    void begin() {
        byte[] first = handshake.begin();
        if (first.length > 0) {
            channel.outbox().command(first);
        }
    }

    @Override
    public void read(ByteBuf in) throws ProtocolException {
        if (waitingFor != WaitingFor.PEER) {
            if (in.readableBytes() > MAX_AHEAD) {
                throw new ProtocolException(CloseReason.MALFORMED, "too much was sent during the handshake");
            }
            return;
        }
        FrameHeader header = channel.state().header();
        if (!header.read(in, MAX_COMMAND)) {
            return;
        }
        if (header.flags() != FrameHeader.COMMAND) {
            throw new ProtocolException(CloseReason.MALFORMED, "a message during the handshake");
        }
        byte[] command = new byte[header.length()];
        in.readBytes(command);
        switch (endpoint.security()) {
            case Security.Plain _ -> take(handshake.receive(command));
            case Security.CurveServer _, Security.CurveClient _ -> {
                waitingFor = WaitingFor.ITS_TURN;
                channel.state().handshakes().add(channel.remoteAddress(), () -> channel.run(() -> takeTurn(command)));
            }
        }
    }

    private void takeTurn(byte[] command) throws ProtocolException {
        if (!channel.isIn(this)) {
            return;
        }
        waitingFor = WaitingFor.PEER;
        channel.restartClock();
        take(handshake.receive(command));
        channel.readOn();
    }

    private void take(Step step) throws ProtocolException {
        switch (step) {
            case Step.Reply(byte[] command) -> channel.outbox().command(command);
            case Step.Authorise authorise -> {
                requireSuitable(authorise.peer());
                waitingFor = WaitingFor.AUTHORISER;
                endpoint.authorise(authorise.clientKey(), channel.remoteAddress())
                        .onComplete(result -> channel.runOnEventLoop(() -> decide(authorise, result)));
            }
            case Step.Ready(Metadata peer, FrameCodec codec) -> {
                requireSuitable(peer);
                open(peer, codec, endpoint.user());
            }
            case Step.Refused _ -> channel.close(CloseReason.REFUSED);
        }
    }

    private void requireSuitable(Metadata peer) throws ProtocolException {
        if (!endpoint.type().talksTo(peer.socketType())) {
            throw new ProtocolException(
                    CloseReason.OTHER_SOCKET_TYPE, "a " + endpoint.type() + " does not talk to this socket type");
        }
    }

    private void decide(Step.Authorise asked, AsyncResult<Verdict<U>> answer) throws ProtocolException {
        if (!channel.isIn(this) || waitingFor != WaitingFor.AUTHORISER) {
            return;
        }
        Verdict<U> verdict = answer.succeeded() ? answer.result() : new Verdict.RefusedForNow<>();
        switch (verdict) {
            case Verdict.Accepted<U>(U user) -> {
                channel.outbox().command(handshake.accept());
                open(asked.peer(), asked.codec(), user);
                channel.readOn();
            }
            case Verdict.RefusedForNow<U> _ -> {
                waitingFor = WaitingFor.THE_END;
                channel.refuseLater();
            }
            case Verdict.Refused<U> _ -> {
                channel.outbox().command(Commands.error(REFUSED));
                channel.close(CloseReason.REFUSED);
            }
        }
    }

    private void open(Metadata peer, FrameCodec codec, U user) {
        handedOver = true;
        channel.open(peer, codec, user, peerMinor);
    }

    @Override
    public Optional<CloseReason> overdue() {
        return switch (waitingFor) {
            case PEER -> Optional.of(CloseReason.HANDSHAKE_TIMEOUT);
            case ITS_TURN -> Optional.empty();
            case AUTHORISER, THE_END -> Optional.of(CloseReason.REFUSED_FOR_NOW);
        };
    }

    @Override
    public boolean waitsForPeer() {
        return waitingFor == WaitingFor.PEER || waitingFor == WaitingFor.THE_END;
    }

    @Override
    public void abandon() {
        if (!handedOver) {
            handshake.wipe();
        }
    }
}
