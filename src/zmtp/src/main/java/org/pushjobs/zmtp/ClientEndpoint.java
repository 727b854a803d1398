package org.pushjobs.zmtp;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import org.pushjobs.zmtp.handshake.CurveClientHandshake;
import org.pushjobs.zmtp.handshake.Handshake;
import org.pushjobs.zmtp.handshake.NullClientHandshake;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Metadata;
import org.pushjobs.zmtp.wire.SocketType;

/** One connection of a client. */
final class ClientEndpoint<U> implements Endpoint<U> {
    /** Held as long as the connection lives, because Vert.x closes the connections of a NetClient that nobody holds. */
    private final ZmtpClient client;

    private final ZmtpTarget target;
    private final EventLoopState state;
    private final U user;
    private final ZmtpListener<U> listener;
    private final Promise<ZmtpConnection<U>> promise;

    ClientEndpoint(
            ZmtpClient client,
            ZmtpTarget target,
            EventLoopState state,
            U user,
            ZmtpListener<U> listener,
            Promise<ZmtpConnection<U>> promise) {
        this.client = client;
        this.target = target;
        this.state = state;
        this.user = user;
        this.listener = listener;
        this.promise = promise;
    }

    @Override
    public SocketType type() {
        return target.type();
    }

    @Override
    public Security security() {
        return target.security();
    }

    @Override
    public Limits limits() {
        return client.limits();
    }

    @Override
    public Duration refusalDelay() {
        return Duration.ZERO;
    }

    @Override
    public ZmtpListener<U> listener() {
        return listener;
    }

    @Override
    public Handshake newHandshake(long connection) {
        Metadata metadata = new Metadata(target.type().name(), target.identity());
        return switch (target.security()) {
            case Security.CurveClient(byte[] serverKey, var keys) ->
                new CurveClientHandshake(state.curve(), serverKey, keys, metadata);
            case Security.Plain _, Security.CurveServer _ -> new NullClientHandshake(metadata);
        };
    }

    @Override
    public Future<Verdict<U>> authorise(byte[] clientKey, String address) {
        throw new IllegalStateException("a client authorises nobody");
    }

    @Override
    public U user() {
        return user;
    }

    @Override
    public void opened(ZmtpChannel<U> channel) {
        target.subscriptions().forEach(channel::subscribe);
        promise.complete(channel);
    }

    @Override
    public void dropped() {
        // the caller sees it
    }

    @Override
    public void closed(ZmtpChannel<U> channel, CloseReason reason) {
        // the listener is told
    }

    @Override
    public void refused(ZmtpChannel<U> channel, CloseReason reason) {
        promise.fail(new ZmtpRefusedException(reason));
    }
}
