package org.pushjobs.server.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP forwarder on a fixed port of 127.0.0.1 that can be shut, which cuts what goes through it, and opened again. */
public final class TcpGate implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final NetClient client = vertx.createNetClient();
    private final String host;
    private final int targetPort;
    private final int port;
    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
    private Optional<NetServer> server = Optional.empty();

    /** A shut gate in front of a server. */
    public TcpGate(String host, int targetPort) {
        this.host = host;
        this.targetPort = targetPort;
        NetServer probe =
                Await.result(vertx.createNetServer().connectHandler(_ -> {}).listen(0, "127.0.0.1"));
        this.port = probe.actualPort();
        Await.result(probe.close());
    }

    public int port() {
        return port;
    }

    public void open() {
        server = Optional.of(Await.result(
                vertx.createNetServer().connectHandler(this::forward).listen(port, "127.0.0.1")));
    }

    public void shut() {
        server.ifPresent(open -> Await.result(open.close()));
        server = Optional.empty();
        sockets.forEach(NetSocket::close);
        sockets.clear();
    }

    private void forward(NetSocket near) {
        near.pause();
        Future<NetSocket> connecting = client.connect(targetPort, host);
        connecting.onFailure(_ -> near.close()).onSuccess(far -> {
            sockets.add(near);
            sockets.add(far);
            near.closeHandler(_ -> {
                sockets.remove(near);
                far.close();
            });
            far.closeHandler(_ -> {
                sockets.remove(far);
                near.close();
            });
            near.pipeTo(far);
            far.pipeTo(near);
            near.resume();
        });
    }

    @Override
    public void close() {
        Await.result(vertx.close());
    }
}
