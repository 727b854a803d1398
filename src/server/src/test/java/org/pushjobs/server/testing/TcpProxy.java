package org.pushjobs.server.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** Stands between the code under test and a server, so that a test can make the server vanish, fall silent and return. */
public final class TcpProxy implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final NetClient client = vertx.createNetClient();
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final String host;
    private final int port;
    private final String listenHost;
    private final int listenPort;
    private final Duration delay;
    private Optional<NetServer> server = Optional.empty();

    /** The two connections of one passage. */
    private record Link(NetSocket near, NetSocket far) {
        private void close() {
            near.close();
            far.close();
        }
    }

    /** Picks a port; nothing listens on it until {@link #open}. */
    public TcpProxy(String host, int port) {
        this(host, port, "127.0.0.1", FreePort.pick(), Duration.ZERO);
    }

    /** @param delay of everything, in both directions */
    public TcpProxy(String host, int port, String listenHost, int listenPort, Duration delay) {
        this.host = host;
        this.port = port;
        this.listenHost = listenHost;
        this.listenPort = listenPort;
        this.delay = delay;
    }

    public int listenPort() {
        return listenPort;
    }

    public void open() {
        server = Optional.of(Await.result(
                vertx.createNetServer().connectHandler(this::accept).listen(listenPort, listenHost)));
    }

    private void accept(NetSocket near) {
        near.pause();
        client.connect(port, host)
                .onSuccess(far -> {
                    Link link = new Link(near, far);
                    links.add(link);
                    near.closeHandler(_ -> ended(link));
                    far.closeHandler(_ -> ended(link));
                    pass(near, far);
                    pass(far, near);
                    near.resume();
                })
                .onFailure(_ -> near.close());
    }

    private void ended(Link link) {
        links.remove(link);
        link.close();
    }

    private void pass(NetSocket from, NetSocket to) {
        if (delay.isZero()) {
            from.handler(to::write);
        } else {
            from.handler((Buffer data) -> vertx.setTimer(delay.toMillis(), _ -> to.write(data)));
        }
    }

    /** Ends all connections and refuses new ones. */
    public void cut() {
        server.ifPresent(open -> Await.result(open.close()));
        server = Optional.empty();
        Await.result(Future.join(links.stream()
                        .flatMap(link -> List.of(link.near.close(), link.far.close()).stream())
                        .toList())
                .otherwiseEmpty());
        links.clear();
    }

    /** Ends some of the connections, with what is under way on them; new ones may be made at once. */
    public void breakConnections(BooleanSupplier which) {
        links.stream().filter(_ -> which.getAsBoolean()).forEach(Link::close);
    }

    /** Passes on nothing more, without ending the connections. */
    public void freeze() {
        links.forEach(link -> {
            link.near.pause();
            link.far.pause();
        });
    }

    @Override
    public void close() {
        cut();
        Await.result(vertx.close());
    }
}
