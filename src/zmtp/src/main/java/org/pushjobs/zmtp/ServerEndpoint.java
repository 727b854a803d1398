package org.pushjobs.zmtp;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.pushjobs.zmtp.handshake.CookieKeys;
import org.pushjobs.zmtp.handshake.CurveServerHandshake;
import org.pushjobs.zmtp.handshake.Handshake;
import org.pushjobs.zmtp.handshake.NullServerHandshake;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Metadata;
import org.pushjobs.zmtp.wire.SocketType;

/** The connections of one server: those in their handshake and those that are ready. One event loop. */
final class ServerEndpoint<U> implements Endpoint<U> {
    /** How many of the oldest handshakes are looked at to find one that waits for its peer. */
    private static final int MAX_LOOKED_AT = 64;

    private final ZmtpServerOptions options;
    private final EventLoopState state;
    private final Authoriser<U> authoriser;
    private final ZmtpListener<U> listener;
    private final ZmtpStatistics statistics;
    private final ConnectionQuota quota;
    private final CookieKeys cookies;
    private final Metadata metadata;
    private final Set<ZmtpChannel<U>> handshaking = new LinkedHashSet<>();
    private final Set<ZmtpChannel<U>> ready = new LinkedHashSet<>();
    private int pendingAuthorisations;

    ServerEndpoint(
            ZmtpServerOptions options,
            EventLoopState state,
            Authoriser<U> authoriser,
            ZmtpListener<U> listener,
            ZmtpStatistics statistics,
            ConnectionQuota quota) {
        this.options = options;
        this.state = state;
        this.authoriser = authoriser;
        this.listener = listener;
        this.statistics = statistics;
        this.quota = quota;
        this.cookies = new CookieKeys(state.curve(), System::nanoTime);
        this.metadata = new Metadata(options.type().name(), new byte[0]);
    }

    void accepted(ZmtpChannel<U> channel) {
        statistics.accepted();
        handshaking.add(channel);
        if (handshaking.size() > options.handshakes().maxConcurrent()) {
            handshaking.stream()
                    .limit(MAX_LOOKED_AT)
                    .filter(ZmtpChannel::waitsForPeer)
                    .findFirst()
                    .orElse(channel)
                    .close(CloseReason.TOO_MANY_HANDSHAKES);
        }
    }

    /** The ready connections of this moment. */
    List<ZmtpChannel<U>> ready() {
        return new ArrayList<>(ready);
    }

    int readyCount() {
        return ready.size();
    }

    void closeAll() {
        List<ZmtpChannel<U>> all = ready();
        all.addAll(handshaking);
        all.forEach(channel -> channel.close(CloseReason.STOPPED));
    }

    @Override
    public SocketType type() {
        return options.type();
    }

    @Override
    public Security security() {
        return options.security();
    }

    @Override
    public Limits limits() {
        return options.limits();
    }

    @Override
    public Duration refusalDelay() {
        return options.handshakes().refusalDelay();
    }

    @Override
    public ZmtpListener<U> listener() {
        return listener;
    }

    @Override
    public Handshake newHandshake(long connection) {
        return switch (options.security()) {
            case Security.CurveServer(var keys) ->
                new CurveServerHandshake(state.curve(), keys, cookies, metadata, connection);
            case Security.Plain _, Security.CurveClient _ -> new NullServerHandshake(metadata);
        };
    }

    @Override
    public Future<Verdict<U>> authorise(byte[] clientKey, String address) {
        if (pendingAuthorisations >= options.handshakes().maxPendingAuthorisations()) {
            return Future.succeededFuture(new Verdict.RefusedForNow<>());
        }
        Future<Verdict<U>> answer = authoriser.authorise(clientKey, address);
        if (!answer.isComplete()) {
            pendingAuthorisations++;
            answer.onComplete(_ -> {
                if (state.eventLoop().inEventLoop()) {
                    pendingAuthorisations--;
                } else {
                    state.eventLoop().execute(() -> pendingAuthorisations--);
                }
            });
        }
        return answer;
    }

    @Override
    public U user() {
        throw new IllegalStateException("a server's peers are authorised");
    }

    @Override
    public void opened(ZmtpChannel<U> channel) {
        handshaking.remove(channel);
        ready.add(channel);
        statistics.opened(channel.age());
    }

    @Override
    public void dropped() {
        statistics.dropped();
    }

    @Override
    public void closed(ZmtpChannel<U> channel, CloseReason reason) {
        ready.remove(channel);
        quota.release(channel.remoteAddress());
        statistics.closed(reason);
    }

    @Override
    public void refused(ZmtpChannel<U> channel, CloseReason reason) {
        handshaking.remove(channel);
        quota.release(channel.remoteAddress());
        statistics.refused(reason);
    }
}
