package org.pushjobs.server.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between the code under test and a server, so that a test can make the server vanish, fall silent and return. */
public final class TcpProxy implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final NetClient client = vertx.createNetClient();
    private final List<NetSocket> sockets = new CopyOnWriteArrayList<>();
    private final String host;
    private final int port;
    private final int listenPort;
    private Optional<NetServer> server = Optional.empty();

    /** Picks a port; nothing listens on it until {@link #open}. */
    public TcpProxy(String host, int port) {
        this.host = host;
        this.port = port;
        this.listenPort = FreePort.pick();
    }

    public int listenPort() {
        return listenPort;
    }

    public void open() {
        server = Optional.of(Await.result(
                vertx.createNetServer().connectHandler(this::accept).listen(listenPort, "127.0.0.1")));
    }

    private void accept(NetSocket near) {
        near.pause();
        sockets.add(near);
        client.connect(port, host)
                .onSuccess(far -> {
                    sockets.add(far);
                    near.pipeTo(far);
                    far.pipeTo(near);
                })
                .onFailure(_ -> near.close());
    }

    /** Ends all connections and refuses new ones. */
    public void cut() {
        server.ifPresent(open -> Await.result(open.close()));
        server = Optional.empty();
        Await.result(
                Future.join(sockets.stream().map(NetSocket::close).toList()).otherwiseEmpty());
        sockets.clear();
    }

    /** Passes on nothing more, without ending the connections. */
    public void freeze() {
        sockets.forEach(NetSocket::pause);
    }

    @Override
    public void close() {
        cut();
        Await.result(vertx.close());
    }
}
