package org.pushjobs.server.jobs.directory;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.facts.Departure;
import org.pushjobs.server.facts.Standing;

/**
 * Counts the nodes that cannot take part in jobs by why, as far as one term knows it: how they stand, and how those that no
 * gateway has any more have left. Bounded. Belongs to the term's event loop, but for {@link #count}.
 */
public final class DownNodes {
    static final int MOST_DEPARTED = 50_000;

    /** How nodes left that no gateway has. */
    private final Map<NodeRef, Reason> departed = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<NodeRef, Reason> eldest) {
            return size() > MOST_DEPARTED;
        }
    };

    private Set<NodeRef> knownBefore = Set.of();
    private volatile Optional<Map<Reason, Integer>> counts = Optional.empty();

    /** Why a node is down; what people are told of it may say more (see {@code UnavailableReason}). */
    public enum Reason {
        IN_REHAB,
        CLOCK_SKEW,
        DISCONNECTED,
        WENT_SILENT,
        AGENT_STOPPED,
        DUPLICATE_AGENTS,
        /** Its agent was told how to connect, and nothing was heard of it since the term began. */
        NOT_HEARD;

        /** Name in the metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** No gateway has the node any more. */
    void left(NodeRef node, Departure how) {
        departed.remove(node);
        departed.put(node, reason(how));
    }

    private static Reason reason(Departure how) {
        return switch (how) {
            case SILENT, RESTARTED -> Reason.WENT_SILENT;
            case STOPPED -> Reason.AGENT_STOPPED;
            case CONTESTED -> Reason.DUPLICATE_AGENTS;
        };
    }

    private static Optional<Reason> reason(Standing standing) {
        return switch (standing) {
            case AVAILABLE -> Optional.empty();
            case REHAB -> Optional.of(Reason.IN_REHAB);
            case WRONG_TIME -> Optional.of(Reason.CLOCK_SKEW);
            case DISCONNECTED, UNREACHABLE -> Optional.of(Reason.DISCONNECTED);
            case HELD, CONNECTED -> Optional.of(Reason.WENT_SILENT);
        };
    }

    /**
     * Counts anew; costs as much as there are nodes.
     *
     * @param attached the nodes that a gateway has
     * @param known those whose agents have asked for their configuration and are not forgotten
     * @param standing of one that a gateway has
     */
    void count(Collection<NodeRef> attached, Set<NodeRef> known, Function<NodeRef, Optional<Standing>> standing) {
        departed.keySet().removeIf(node -> standing.apply(node).isPresent() || isForgotten(node, known));
        knownBefore = known;
        Set<NodeRef> all = new HashSet<>(known);
        all.addAll(attached);
        all.addAll(departed.keySet());
        Map<Reason, Integer> counted = new EnumMap<>(Reason.class);
        for (NodeRef node : all) {
            standing.apply(node)
                    .map(DownNodes::reason)
                    .orElseGet(() -> Optional.of(departed.getOrDefault(node, Reason.NOT_HEARD)))
                    .ifPresent(reason -> counted.merge(reason, 1, Integer::sum));
        }
        counts = Optional.of(counted);
    }

    private boolean isForgotten(NodeRef node, Set<NodeRef> known) {
        return knownBefore.contains(node) && !known.contains(node);
    }

    /** How many are down for that reason; empty until they were counted. Usable from any thread. */
    public Optional<Integer> count(Reason reason) {
        return counts.map(counted -> counted.getOrDefault(reason, 0));
    }
}
