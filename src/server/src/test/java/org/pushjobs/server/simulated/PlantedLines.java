package org.pushjobs.server.simulated;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.server.facts.Fact;
import org.pushjobs.server.facts.Facts;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.facts.Orders;

/** What a gateway does wrong at its end of the lines to the term, where that is {@linkplain Plant planted}. */
final class PlantedLines {
    private final Set<Plant> plants;
    private long epoch;
    private long next;

    PlantedLines(Set<Plant> plants) {
        this.plants = plants;
    }

    /** What is told to the term. */
    Facts told(Facts facts) {
        return plants.contains(Plant.REPORTS_ARE_FORGOTTEN)
                ? new Facts(
                        facts.gateway(),
                        facts.epoch(),
                        facts.first(),
                        facts.whole(),
                        facts.listenedMillis(),
                        facts.facts().stream().map(PlantedLines::forgotten).toList())
                : facts;
    }

    /** Something that says nothing in place of what was said to an earlier term. */
    private static Fact forgotten(Fact fact) {
        return fact instanceof Fact.Said said && said.repeated()
                ? new Fact.Detached(said.node(), -1, "", Optional.empty())
                : fact;
    }

    /** What is heard of the term. */
    Orders heard(Orders orders) {
        List<Order> list = orders.orders();
        boolean begins = orders.epoch() != epoch || !list.isEmpty() && list.getFirst() instanceof Order.WatchAll;
        long first = begins ? orders.first() : next;
        epoch = orders.epoch();
        next = first + list.size();
        return plants.contains(Plant.LOST_ORDERS_ARE_NOT_MISSED)
                ? new Orders(orders.epoch(), orders.gateway(), first, orders.heard(), list)
                : orders;
    }
}
