package org.pushjobs.server.facts;

import io.vertx.core.eventbus.EventBus;
import java.util.Objects;
import org.pushjobs.server.bus.LocalCodec;

/** {@link Lines} within one process. Usable from any thread. */
public final class LinesOverBus implements Lines {
    /** Every {@link TermBeat} is published here. */
    public static final String BEATS = "pushjobs.term.beats";

    private final EventBus bus;

    public LinesOverBus(EventBus bus) {
        this.bus = Objects.requireNonNull(bus, "bus");
    }

    /** Where a term gets {@link Facts}. */
    public static String factsOf(long epoch) {
        return "pushjobs.term." + epoch + ".facts";
    }

    /** Where a gateway gets {@link Orders}. */
    public static String ordersOf(String gateway) {
        return "pushjobs.gateway." + gateway + ".orders";
    }

    @Override
    public void send(Facts facts) {
        bus.send(factsOf(facts.epoch()), facts, LocalCodec.options());
    }

    @Override
    public void send(Orders orders) {
        bus.send(ordersOf(orders.gateway()), orders, LocalCodec.options());
    }

    @Override
    public void publish(TermBeat beat) {
        bus.publish(BEATS, beat, LocalCodec.options());
    }
}
