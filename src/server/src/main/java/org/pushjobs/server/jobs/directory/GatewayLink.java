package org.pushjobs.server.jobs.directory;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.facts.Facts;
import org.pushjobs.server.facts.Lines;
import org.pushjobs.server.facts.Order;
import org.pushjobs.server.facts.Orders;
import org.pushjobs.server.facts.Sequence;
import org.pushjobs.server.time.Schedule;

/**
 * A term's end of the line to one gateway: tells facts that are next from those that are missing, and numbers orders. Orders of
 * one moment go together. Belongs to the term's event loop.
 */
final class GatewayLink {
    /** More than a term gives. The numbers of orders are never used again, or a lost beginning would look like its repetition. */
    private static final long ORDERS_OF_A_LINK = 1L << 32;

    /** So often at most it is asked for all facts. */
    private static final long ASK_AGAIN_MILLIS = 500;

    private final long epoch;
    private final String gateway;
    private final Lines lines;
    private final Schedule schedule;
    private final Sequence facts = new Sequence();
    private final Set<NodeRef> nodes = new LinkedHashSet<>();
    private List<Order> waiting = new ArrayList<>();
    private long nextOrder;
    private boolean soon;
    private long heardNanos;
    private long listenedMillis;
    private long firstListenedMillis;
    private long askAgainNanos;
    private long heardSession;
    private boolean known;

    /** @param number of links that this term had before */
    GatewayLink(long epoch, String gateway, int number, Lines lines, Schedule schedule) {
        this.epoch = epoch;
        this.gateway = gateway;
        this.lines = lines;
        this.schedule = schedule;
        this.nextOrder = number * ORDERS_OF_A_LINK + 1;
        this.heardNanos = schedule.nanos();
        this.askAgainNanos = heardNanos;
    }

    String gateway() {
        return gateway;
    }

    /** The nodes that the directory has there. */
    Set<NodeRef> nodes() {
        return nodes;
    }

    /** For how long it had listened to its agents when it told everything for the first time. */
    long firstListenedMillis() {
        return firstListenedMillis;
    }

    /** For how long it has listened to its agents, when it last said so. */
    long listenedMillis() {
        return listenedMillis;
    }

    long silentMillis() {
        return (schedule.nanos() - heardNanos) / 1_000_000;
    }

    /** Whether it has told all that it has. */
    boolean isKnown() {
        return known;
    }

    /** Something of it has arrived. */
    void heard(Facts batch) {
        heardNanos = schedule.nanos();
        listenedMillis = batch.listenedMillis();
    }

    /** The batch tells everything. Orders begin anew, whatever of the earlier ones has arrived. */
    void beginWith(Facts batch, List<Order.Watched> liveJobs) {
        if (!known) {
            known = true;
            firstListenedMillis = batch.listenedMillis();
        }
        facts.beginWith(batch.first(), batch.facts().size());
        begin(liveJobs);
    }

    private void begin(List<Order.Watched> liveJobs) {
        waiting = new ArrayList<>();
        order(new Order.WatchAll(liveJobs));
    }

    /** Whether what has arrived is next; where something before it is missing, everything is asked for. */
    boolean isNext(Facts batch, Supplier<List<Order.Watched>> liveJobs) {
        return switch (facts.arrived(batch.first(), batch.facts().size())) {
            case NEXT -> true;
            case REPEATED -> false;
            case GAP -> {
                askForAll(liveJobs);
                yield false;
            }
        };
    }

    private void askForAll(Supplier<List<Order.Watched>> liveJobs) {
        if (schedule.nanos() - askAgainNanos >= 0) {
            askAgainNanos = schedule.nanos() + ASK_AGAIN_MILLIS * 1_000_000;
            if (!known) {
                begin(liveJobs.get());
            }
            order(new Order.TellAll());
        }
    }

    /** The node's session was heard of. */
    void heardOf(long session) {
        heardSession = Math.max(heardSession, session);
    }

    void order(Order order) {
        waiting.add(order);
        if (!soon) {
            soon = true;
            schedule.soon(() -> {
                if (soon) {
                    flush();
                }
            });
        }
    }

    /** Also without an order it shows that the term lives, and what the gateway may miss. */
    void flush() {
        soon = false;
        List<Order> orders = waiting;
        waiting = new ArrayList<>();
        long first = nextOrder;
        nextOrder += orders.size();
        lines.send(new Orders(epoch, gateway, first, heardSession, orders));
    }
}
