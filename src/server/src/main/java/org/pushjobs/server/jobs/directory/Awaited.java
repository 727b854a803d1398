package org.pushjobs.server.jobs.directory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.pushjobs.protocol.NodeRef;

/**
 * Nodes that no gateway has, and may come back: after a take-over, and when a gateway is gone. Time counts while the gateways
 * listen, so that a server that was stopped for a while does not take its nodes for gone. Belongs to the term's event loop.
 */
final class Awaited {
    private static final int GRACE_INTERVALS = 6;
    private static final long GRACE_EXTRA_MILLIS = 5_000;
    /** However short the intervals are: the way back may be long for other reasons than heartbeats. */
    private static final long LEAST_GRACE_MILLIS = 30_000;

    private final ToldConfigs told;
    private final int intervalMillis;
    private final Predicate<NodeRef> isBack;
    private final Predicate<NodeRef> isWatched;
    private final Consumer<Collection<NodeRef>> over;
    private List<Wait> waits = new ArrayList<>();
    /** Each node is in one wait at most. */
    private final Map<NodeRef, Wait> waitOf = new HashMap<>();
    /** Nodes of jobs that begin while the term is new join it, as long as it is not over. */
    private Optional<Wait> ofNewTerm;
    /** Those that have come while it was not over. */
    private Set<NodeRef> came = new HashSet<>();

    private final class Wait {
        private final Set<NodeRef> nodes;
        /** They were waited for longer, because they had to ask for their configuration first. */
        private final Set<NodeRef> wereElsewhere;

        private long graceMillis;
        /** What each gateway had listened when the wait began, or when it was first heard. */
        private final Map<String, Long> since = new HashMap<>();

        private Wait(Set<NodeRef> nodes, Set<NodeRef> wereElsewhere, Collection<GatewayLink> gateways) {
            gateways.stream()
                    .filter(GatewayLink::isKnown)
                    .forEach(link -> since.put(link.gateway(), link.listenedMillis()));
            this.nodes = nodes;
            this.wereElsewhere = wereElsewhere;
            this.graceMillis = graceMillis(nodes);
        }

        /** By the longest interval that one of them was told: a silent agent may be one that has yet to send. */
        private long graceMillis(Collection<NodeRef> nodes) {
            int longest = nodes.stream().mapToInt(told::intervalMillis).reduce(intervalMillis, Math::max);
            return Math.max(LEAST_GRACE_MILLIS, GRACE_INTERVALS * (long) longest + GRACE_EXTRA_MILLIS);
        }

        private void joins(NodeRef node) {
            nodes.add(node);
            graceMillis = Math.max(graceMillis, graceMillis(List.of(node)));
        }

        /** Whether it began at the same moment, as far as gateways have told, and lasts as long. */
        private boolean isLike(Wait other) {
            return since.equals(other.since)
                    && graceMillis == other.graceMillis
                    && wereElsewhere.equals(other.wereElsewhere);
        }

        private boolean isOver(Collection<GatewayLink> gateways) {
            return gateways.stream()
                    .filter(GatewayLink::isKnown)
                    .mapToLong(link -> link.listenedMillis()
                            - since.computeIfAbsent(link.gateway(), _ -> link.firstListenedMillis()))
                    .min()
                    .stream()
                    .anyMatch(listened -> listened >= graceMillis);
        }
    }

    /**
     * @param intervalMillis between heartbeats, for nodes of which nothing is known
     * @param isBack whether a gateway has the node
     * @param isWatched whether a job is live in which the node takes part
     * @param over gets those that take part in one and did not come in time
     */
    Awaited(
            ToldConfigs told,
            int intervalMillis,
            Predicate<NodeRef> isBack,
            Predicate<NodeRef> isWatched,
            Consumer<Collection<NodeRef>> over) {
        this.told = Objects.requireNonNull(told, "told");
        this.intervalMillis = intervalMillis;
        this.isBack = Objects.requireNonNull(isBack, "isBack");
        this.isWatched = Objects.requireNonNull(isWatched, "isWatched");
        this.over = Objects.requireNonNull(over, "over");
        this.ofNewTerm = Optional.of(new Wait(new LinkedHashSet<>(), Set.of(), List.of()));
        waits.add(ofNewTerm.get());
    }

    /** A node is heard. */
    void came(NodeRef node) {
        if (ofNewTerm.isPresent()) {
            came.add(node);
        }
    }

    /**
     * No gateway has the node, but it is likely to come: its gateway was lost, or the term is new and has not heard it yet, while
     * its agent was told where to come.
     *
     * @return whether that is so; then it is waited for
     */
    boolean awaitIfExpected(NodeRef node) {
        if (!waitOf.containsKey(node)
                && ofNewTerm.isPresent()
                && !came.contains(node)
                && told.intervalMillis(node) > 0) {
            ofNewTerm.get().joins(node);
            waitOf.put(node, ofNewTerm.get());
        }
        return waitOf.containsKey(node);
    }

    /** Time begins anew for a node that was waited for already: it had come back. */
    void await(Collection<NodeRef> nodes, Collection<GatewayLink> gateways) {
        if (!nodes.isEmpty()) {
            nodes.forEach(this::forget);
            add(new Wait(new LinkedHashSet<>(nodes), Set.of(), gateways));
        }
    }

    /** It has left: nobody expects it any more. */
    void forget(NodeRef node) {
        Optional.ofNullable(waitOf.remove(node)).ifPresent(wait -> wait.nodes.remove(node));
    }

    /** Nodes that leave at the same moment share a wait: they may be thousands, and all waits are looked at again and again. */
    private void add(Wait wait) {
        Wait shared = waits.isEmpty() || !waits.getLast().isLike(wait) ? wait : waits.getLast();
        if (shared == wait) {
            waits.add(wait);
        } else {
            shared.nodes.addAll(wait.nodes);
        }
        wait.nodes.forEach(node -> waitOf.put(node, shared));
    }

    /** To be called again and again. */
    void check(Collection<GatewayLink> gateways) {
        List<Wait> ended = waits.stream().filter(wait -> wait.isOver(gateways)).toList();
        if (!ended.isEmpty()) {
            waits = new ArrayList<>(
                    waits.stream().filter(wait -> !ended.contains(wait)).toList());
            if (ofNewTerm.filter(ended::contains).isPresent()) {
                ofNewTerm = Optional.empty();
                came = Set.of();
            }
            ended.forEach(wait -> end(wait, gateways));
        }
    }

    /**
     * Those that have not come back are lost, but for agents that were told other addresses: they come when they have fetched
     * their configuration, and get the usual time once they have.
     */
    private void end(Wait wait, Collection<GatewayLink> gateways) {
        Set<NodeRef> elsewhere = new LinkedHashSet<>();
        Set<NodeRef> still = new LinkedHashSet<>();
        List<NodeRef> lost = new ArrayList<>();
        wait.nodes.forEach(waitOf::remove);
        wait.nodes.stream().filter(isWatched).filter(node -> !isBack.test(node)).forEach(node -> {
            if (told.isElsewhere(node)) {
                elsewhere.add(node);
                still.add(node);
            } else if (wait.wereElsewhere.contains(node)) {
                still.add(node);
            } else {
                lost.add(node);
            }
        });
        if (!still.isEmpty()) {
            add(new Wait(still, elsewhere, gateways));
        }
        over.accept(lost);
    }
}
