package org.pushjobs.server.control;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.cluster.MemberInfo;
import org.pushjobs.server.roles.CoordinatorRole;
import org.pushjobs.server.roles.GatewayRole;
import org.pushjobs.server.roles.Shared;
import org.pushjobs.server.store.LeaseStore;

/**
 * What root, or the user whom the server runs as, can ask it and have it do on its machine, by {@link ControlSocket}; and what the
 * other servers of the cluster ask it for that. One thing at a time, on the event loop that it is deployed on.
 */
public final class Control extends VerticleBase {
    private final Shared shared;
    private final Peers peers;
    private final TakeOver takeOver;
    private final Drain drain;
    private final ThisServer self;
    private final ControlSocket socket;
    private final AtomicBoolean busy = new AtomicBoolean();

    /**
     * @param vertx that it will be deployed on
     * @param info what this process tells others of itself
     */
    public Control(
            Vertx vertx,
            Shared shared,
            MemberInfo info,
            Optional<CoordinatorRole> coordinator,
            Optional<GatewayRole> gateway,
            Draining draining) {
        this.shared = Objects.requireNonNull(shared, "shared");
        ControlFormats.register(vertx);
        this.self = new ThisServer(shared.database(), coordinator, gateway, draining);
        this.peers = new Peers(
                vertx,
                info,
                shared.members(),
                self,
                new LeaseStore(shared.database().pool()));
        this.takeOver = new TakeOver(vertx, peers, coordinator);
        this.drain = new Drain(peers, self);
        this.socket = new ControlSocket(vertx, ControlSocket.beside(shared.config()), this::handle);
    }

    /** Without the socket the server works all the same. */
    @Override
    public Future<?> start() {
        return Future.join(peers.listen(this::handOver, () -> alone(takeOver::perform)), socket.open());
    }

    @Override
    public Future<?> stop() {
        return socket.close();
    }

    /** A server may hand over while it waits for the other one to take over. */
    private Future<Void> handOver(String to) {
        return self.coordinator()
                .map(coordinator -> coordinator.handOver(to + " takes over"))
                .orElseGet(() -> Future.failedFuture(new ServerException(409, "it runs no jobs, by its roles")));
    }

    private Future<JsonObject> handle(ControlRequest request) {
        return switch (request) {
            case ControlRequest.Status _ ->
                peers.look().map(seen -> StatusDocument.of(seen, shared.clock().instant()));
            case ControlRequest.Promote _ -> outcome(takeOver::perform);
            case ControlRequest.BeginDrain(Drain.WithoutSuccessor rule, int perSecond) ->
                outcome(() -> drain.begin(rule, perSecond));
            case ControlRequest.EndDrain _ -> outcome(drain::end);
        };
    }

    private Future<JsonObject> outcome(Supplier<Future<String>> action) {
        return alone(action).map(text -> new JsonObject().put("outcome", text));
    }

    private Future<String> alone(Supplier<Future<String>> action) {
        return busy.compareAndSet(false, true)
                ? action.get().onComplete(_ -> busy.set(false))
                : Future.failedFuture(
                        new ServerException(409, "another command is under way; try again in some seconds"));
    }
}
