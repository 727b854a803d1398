package org.pushjobs.server.facts;

import java.util.List;
import java.util.Objects;

/**
 * Facts of one gateway for one term, in order and numbered, so that one that is lost is missed. Without any they show that the
 * gateway lives, and how far its numbers have got.
 *
 * @param gateway id of the gateway; another one in each of its lives
 * @param epoch of the term that they are for
 * @param first number of the first of them, from 1 in each term
 * @param whole whether they begin with all nodes that the gateway has, so that they hold whatever came before
 * @param listenedMillis for how long the gateway has listened to its agents
 */
public record Facts(String gateway, long epoch, long first, boolean whole, long listenedMillis, List<Fact> facts) {
    public Facts {
        Objects.requireNonNull(gateway, "gateway");
        facts = List.copyOf(facts);
    }
}
