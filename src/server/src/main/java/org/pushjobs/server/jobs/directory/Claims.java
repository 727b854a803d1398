package org.pushjobs.server.jobs.directory;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.facts.Fact;

/**
 * What gateways say of nodes that the directory has at another one. A gateway says once how a node stands, so what is not believed
 * now must be kept: when the other gateway turns out not to have the node any more, it is here. Belongs to the term's event loop.
 */
final class Claims {
    private final Map<NodeRef, Map<GatewayLink, Claim>> claims = new LinkedHashMap<>();

    /** @param heardNanos when the gateway heard the node last before it said so; as the term's schedule tells time */
    record Claim(GatewayLink link, Fact.Attached fact, long heardNanos) {
        private boolean speaks() {
            return Attachment.speaks(fact);
        }
    }

    /** The gateway says this now, whatever it said before. */
    void note(Claim claim) {
        claims.computeIfAbsent(claim.fact().node(), _ -> new LinkedHashMap<>()).put(claim.link(), claim);
    }

    /** The gateway does not have the node, or it is known to be there. */
    void forget(NodeRef node, GatewayLink link) {
        claims.computeIfPresent(node, (_, ofNode) -> {
            ofNode.remove(link);
            return ofNode.isEmpty() ? null : ofNode;
        });
    }

    /** The session of the node at this gateway has ended. */
    void forget(NodeRef node, GatewayLink link, long session) {
        of(node, link).filter(claim -> claim.fact().session() == session).ifPresent(_ -> forget(node, link));
    }

    /** The gateway has these nodes and no others. */
    void keepOnly(Set<NodeRef> nodes, GatewayLink link) {
        claims.entrySet().removeIf(entry -> {
            if (!nodes.contains(entry.getKey())) {
                entry.getValue().remove(link);
            }
            return entry.getValue().isEmpty();
        });
    }

    private Optional<Claim> of(NodeRef node, GatewayLink link) {
        return Optional.ofNullable(claims.getOrDefault(node, Map.of()).get(link));
    }

    /** Whether another gateway hears the node, as it seems. */
    boolean isHeardElsewhere(NodeRef node) {
        return claims.getOrDefault(node, Map.of()).values().stream().anyMatch(Claim::speaks);
    }

    /** Who most likely has the node: one to which it speaks, and of these the one that heard it last. */
    Optional<Claim> best(NodeRef node) {
        return claims.getOrDefault(node, Map.of()).values().stream()
                .max(Comparator.comparing(Claim::speaks).thenComparingLong(Claim::heardNanos));
    }
}
