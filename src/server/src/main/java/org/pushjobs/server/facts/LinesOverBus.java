package org.pushjobs.server.facts;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.Objects;
import java.util.function.Consumer;

/** {@link Lines} over the event bus, in one process or between several. Usable from any thread. */
public final class LinesOverBus implements Lines {
    private static final String BEATS = "pushjobs.term.beats";

    private final Vertx vertx;

    public LinesOverBus(Vertx vertx) {
        this.vertx = Objects.requireNonNull(vertx, "vertx");
    }

    private static String factsOf(long epoch) {
        return "pushjobs.term." + epoch + ".facts";
    }

    private static String ordersOf(String gateway) {
        return "pushjobs.gateway." + gateway + ".orders";
    }

    // ---- sending

    @Override
    public void send(Facts facts) {
        Cut.parts(facts).forEach(part -> FactCodecs.FACTS.send(vertx, factsOf(facts.epoch()), part));
    }

    @Override
    public void send(Orders orders) {
        Cut.parts(orders).forEach(part -> FactCodecs.ORDERS.send(vertx, ordersOf(orders.gateway()), part));
    }

    @Override
    public void publish(TermBeat beat) {
        FactCodecs.BEAT.publish(vertx, BEATS, beat);
    }

    // ---- receiving

    /** What gateways state for a term. */
    public static MessageConsumer<?> facts(Vertx vertx, long epoch, Consumer<Facts> term) {
        Joined<Facts> joined = Joined.facts();
        return FactCodecs.FACTS.consumer(
                vertx, factsOf(epoch), (_, part) -> joined.add(part).ifPresent(term));
    }

    /** What terms order a gateway. */
    public static MessageConsumer<?> orders(Vertx vertx, String gateway, Consumer<Orders> obey) {
        Joined<Orders> joined = Joined.orders();
        return FactCodecs.ORDERS.consumer(
                vertx, ordersOf(gateway), (_, part) -> joined.add(part).ifPresent(obey));
    }

    /** That terms are there. */
    public static MessageConsumer<?> beats(Vertx vertx, Consumer<TermBeat> listener) {
        return FactCodecs.BEAT.consumer(vertx, BEATS, (_, beat) -> listener.accept(beat));
    }
}
