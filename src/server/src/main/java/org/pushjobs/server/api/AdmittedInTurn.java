package org.pushjobs.server.api;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import org.pushjobs.server.ServerException;

/**
 * Bounds how many requests to a resource are worked on at a time, for the one that all agents ask at once when they lost
 * their server: what people and scripts ask for meanwhile does not wait behind them. Belongs to one event loop.
 */
final class AdmittedInTurn implements Handler<RoutingContext> {
    /** Enough to keep the database's batches full. */
    private static final int AT_ONCE = 128;

    private static final int MAX_WAITING = 20_000;

    private final FairTurns turns;

    AdmittedInTurn() {
        this(new FairTurns(AT_ONCE, MAX_WAITING));
    }

    AdmittedInTurn(FairTurns turns) {
        this.turns = turns;
    }

    @Override
    public void handle(RoutingContext context) {
        context.request().pause();
        boolean admitted = turns.enter(RemoteAddress.of(context), () -> begin(context));
        if (!admitted) {
            context.request().resume();
            throw ServerException.unavailable(
                    "too many agents ask for their configuration at once [waiting: " + MAX_WAITING + "]");
        }
    }

    private void begin(RoutingContext context) {
        if (context.response().closed()) {
            // gave up while it waited
            turns.leave();
            return;
        }
        context.addEndHandler(_ -> turns.leave());
        context.next();
        // now somebody listens to the body
        context.request().resume();
    }
}
