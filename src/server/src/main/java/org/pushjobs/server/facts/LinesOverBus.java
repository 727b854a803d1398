package org.pushjobs.server.facts;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

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
        parts(facts, Cut::parts).forEach(part -> FactCodecs.FACTS.send(vertx, factsOf(facts.epoch()), part));
    }

    @Override
    public void send(Orders orders) {
        parts(orders, Cut::parts).forEach(part -> FactCodecs.ORDERS.send(vertx, ordersOf(orders.gateway()), part));
    }

    /** In a process that is alone nothing is too large. */
    private <B> List<Part<B>> parts(B batch, Function<B, List<Part<B>>> cut) {
        return vertx.isClustered() ? cut.apply(batch) : List.of(Part.whole(batch));
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
