package org.pushjobs.server.api;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.pushjobs.server.ServerException;

/**
 * Holds requests while the server is not ready, for up to {@value #HOLD_SECONDS} s, instead of having them refused at once:
 * after a 503 real agents ask for their configuration again only two minutes later (wire-protocol.md, "CURVE and ZAP", rule 4).
 * Those beyond {@value #MAX_HELD} are not held. The next handler has to resume the request. Belongs to one event loop.
 *
 * <p>Neither are requests that say {@code Prefer: wait=0} (RFC 7240), as our agents do that ask whether the server has moved,
 * because they cannot connect to its ports (docs/agent.md). They are refused at once, and also for a while after the server
 * became ready: such an agent may have looked just before the ports were opened. It finds them before it asks again.
 */
final class HeldUntilReady implements Handler<RoutingContext> {
    private static final long HOLD_SECONDS = 4;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final int MAX_HELD = 20_000;
    private static final String PREFER = "Prefer";
    private static final String DOES_NOT_WAIT = "wait=0";

    private final BooleanSupplier ready;
    private final BooleanSupplier settled;
    /** In the order in which their time is up. */
    private final Queue<Held> held = new ArrayDeque<>();

    private record Held(RoutingContext context, long untilNanos) {}

    /** @param settled see {@link ApiServices} */
    HeldUntilReady(BooleanSupplier ready, BooleanSupplier settled) {
        this.ready = Objects.requireNonNull(ready, "ready");
        this.settled = Objects.requireNonNull(settled, "settled");
    }

    @Override
    public void handle(RoutingContext context) {
        boolean waits = !doesNotWait(context.request());
        if (!waits && !settled.getAsBoolean()) {
            throw ServerException.unavailable(
                    "the server is only starting, look whether its ports for agents can be reached now");
        }
        if (!waits || held.size() >= MAX_HELD || ready.getAsBoolean() && held.isEmpty()) {
            context.next();
            return;
        }
        context.request().pause();
        held.add(new Held(context, System.nanoTime() + TimeUnit.SECONDS.toNanos(HOLD_SECONDS)));
        if (held.size() == 1) {
            lookAgain(context.vertx());
        }
    }

    private static boolean doesNotWait(HttpServerRequest request) {
        return request.headers().getAll(PREFER).stream()
                .flatMap(preferences -> Stream.of(preferences.split(",")))
                .anyMatch(preference -> preference.strip().equalsIgnoreCase(DOES_NOT_WAIT));
    }

    private void lookAgain(Vertx vertx) {
        vertx.setTimer(LOOK_AGAIN.toMillis(), _ -> {
            while (!held.isEmpty()
                    && (ready.getAsBoolean() || System.nanoTime() - held.peek().untilNanos() >= 0)) {
                goOn(held.remove().context());
            }
            if (!held.isEmpty()) {
                lookAgain(vertx);
            }
        });
    }

    private static void goOn(RoutingContext context) {
        if (!context.response().closed()) {
            context.next();
        }
    }
}
