package org.pushjobs.simulator.wire;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.Optional;
import org.pushjobs.protocol.keys.Z85;
import org.pushjobs.zmtp.Limits;
import org.pushjobs.zmtp.Security;
import org.pushjobs.zmtp.ZmtpClient;
import org.pushjobs.zmtp.ZmtpConnection;
import org.pushjobs.zmtp.ZmtpListener;
import org.pushjobs.zmtp.ZmtpTarget;
import org.pushjobs.zmtp.nacl.Crypto;
import org.pushjobs.zmtp.nacl.KeyPair;
import org.pushjobs.zmtp.nacl.Nacl;
import org.pushjobs.zmtp.wire.CloseReason;
import org.pushjobs.zmtp.wire.Frames;

/** Connections to the two ports of a server, with the addresses and keys of a configuration document. Any thread. */
public final class Wire {
    private static final int FRAMES = 2;

    private final Nacl nacl = Crypto.AUTO.nacl();
    private final ZmtpClient client;

    /** @param localAddress to connect from; empty leaves it to the system */
    public Wire(Vertx vertx, Optional<String> localAddress) {
        this.client = new ZmtpClient(vertx, nacl, Limits.DEFAULT, localAddress);
    }

    /** What comes over a connection; called on its event loop. */
    public interface Listener {
        void message(byte[] header, byte[] body);

        /** The connection is gone, closed by whomever. */
        void closed();
    }

    /** A new key pair; slow, not for an event loop. */
    public KeyPair newKeys() {
        return nacl.newKeyPair();
    }

    /**
     * Connects a DEALER; the future succeeds when the handshake is done.
     *
     * @param address {@code tcp://HOST:PORT}
     * @param serverKey Z85; without one the connection is in clear text
     */
    public Future<ZmtpConnection<Listener>> connectDealer(
            String address, Optional<String> serverKey, KeyPair keys, Listener listener) {
        URI uri = URI.create(address);
        Security security = serverKey
                .<Security>map(key -> new Security.CurveClient(Z85.decode(key), keys))
                .orElseGet(Security.Plain::new);
        return client.connect(ZmtpTarget.dealer(uri.getHost(), uri.getPort(), security), listener, new Pairs());
    }

    /**
     * Connects a SUB that takes everything.
     *
     * @param address {@code tcp://HOST:PORT}
     */
    public Future<ZmtpConnection<Listener>> connectSubscriber(String address, Listener listener) {
        URI uri = URI.create(address);
        return client.connect(
                ZmtpTarget.sub(uri.getHost(), uri.getPort(), new Security.Plain()), listener, new Pairs());
    }

    /** Passes on messages of two frames; the server sends no others. */
    private static final class Pairs implements ZmtpListener<Listener> {
        @Override
        public void message(ZmtpConnection<Listener> connection, Frames frames) {
            if (frames.count() == FRAMES) {
                connection.user().message(frames.copy(0), frames.copy(1));
            }
        }

        @Override
        public void closed(ZmtpConnection<Listener> connection, CloseReason reason) {
            connection.user().closed();
        }
    }
}
