package org.pushjobs.server.facts;

import java.util.List;
import java.util.Objects;

/**
 * Orders of one term for one gateway, in order and numbered, so that one that is lost is missed. Without any they show that the
 * term lives, and how far its numbers have got.
 *
 * @param epoch of the term; a gateway takes no orders of a lower one than the highest that it has heard of
 * @param gateway id of the gateway
 * @param first number of the first of them; the numbers of a term's orders for a gateway rise by one, and make a leap only
 *     before some that begin with {@link Order.WatchAll}
 * @param heard the highest session of the gateway that the term had heard of when it gave them; 0 for none. What a node has been
 *     asked over another gateway was asked before that, so that the jobs it may name are watched by now
 */
public record Orders(long epoch, String gateway, long first, long heard, List<Order> orders) {
    public Orders {
        Objects.requireNonNull(gateway, "gateway");
        orders = List.copyOf(orders);
    }
}
