package org.pushjobs.server.gateway;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Objects;
import org.pushjobs.zmtp.ZmtpListener;

/** An event loop that takes a share of the ports' connections, besides the one that the sessions of the nodes live on. */
final class GatewayLoopVerticle extends VerticleBase {
    private final GatewayLoop.Shared shared;
    private final ZmtpListener<AgentConnection> listener;
    private GatewayLoop loop;

    GatewayLoopVerticle(GatewayLoop.Shared shared, ZmtpListener<AgentConnection> listener) {
        this.shared = Objects.requireNonNull(shared, "shared");
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    @Override
    public Future<?> start() {
        loop = new GatewayLoop(vertx, shared, listener);
        return loop.open();
    }

    @Override
    public Future<?> stop() {
        return loop.close();
    }

    /** Once it is deployed. */
    GatewayLoop loop() {
        return loop;
    }
}
