package org.pushjobs.server.gateway;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.server.store.Claimant;
import org.pushjobs.server.store.NodeKey;
import org.pushjobs.server.store.NodeKeyStore;
import org.pushjobs.server.store.ToldConfig;

/**
 * The claims of keys that this process knows of, by key, by node and by claimant. No I/O and no clock: times are those of
 * {@link ServiceTime}. Usable from any thread; claims of a key are read without a lock.
 */
final class KeyClaims {
    /** The claims of each key, the newest last. */
    private final Map<String, List<NodeKey>> ofKey = new ConcurrentHashMap<>();

    /** The claims for each node by key, the newest last. */
    private final Map<NodeRef, SequencedMap<String, Held>> ofNode = new HashMap<>();

    private final Map<Owner, Set<NodeRef>> nodesOf = new HashMap<>();

    private record Held(NodeKey claim, long askedMillis) {}

    private record Owner(String orgGuid, Claimant claimant) {
        static Owner of(NodeKey claim) {
            return new Owner(claim.node().orgGuid(), claim.claimedBy());
        }
    }

    /** The claims of a key, the newest last. */
    List<NodeKey> of(String publicKey) {
        return ofKey.getOrDefault(publicKey, List.of());
    }

    /** Adds a claim that was stored some time ago, unless the same or a newer one of this key and node is known. */
    synchronized void learn(NodeKey claim, long nowMillis) {
        boolean isNew = held(claim)
                .filter(known -> !known.claim().fetchedAt().isBefore(claim.fetchedAt()))
                .isEmpty();
        if (isNew) {
            renew(claim, nowMillis);
        }
    }

    /** Adds a claim or renews it, and forgets the claimant's oldest for the node beyond the limit. */
    synchronized void renew(NodeKey claim, long nowMillis) {
        held(claim).ifPresent(old -> remove(old.claim()));
        SequencedMap<String, Held> keys = ofNode.computeIfAbsent(claim.node(), _ -> new LinkedHashMap<>());
        keys.putLast(claim.publicKey(), new Held(claim, nowMillis));
        nodesOf.computeIfAbsent(Owner.of(claim), _ -> new HashSet<>()).add(claim.node());
        List<NodeKey> claims = new ArrayList<>(of(claim.publicKey()));
        claims.add(claim);
        ofKey.put(claim.publicKey(), List.copyOf(claims));
        List<NodeKey> same = claimedBy(keys, claim.claimedBy());
        if (same.size() > NodeKeyStore.KEYS_PER_NODE) {
            remove(same.getFirst());
        }
    }

    private Optional<Held> held(NodeKey claim) {
        return Optional.ofNullable(ofNode.get(claim.node())).map(keys -> keys.get(claim.publicKey()));
    }

    /**
     * Forgets a claim.
     *
     * @return whether it was known as it is given; if not, nothing happens
     */
    synchronized boolean remove(NodeKey claim) {
        if (held(claim).filter(known -> known.claim().equals(claim)).isEmpty()) {
            return false;
        }
        SequencedMap<String, Held> keys = ofNode.get(claim.node());
        keys.remove(claim.publicKey());
        if (keys.isEmpty()) {
            ofNode.remove(claim.node());
        }
        if (claimedBy(keys, claim.claimedBy()).isEmpty()) {
            nodesOf.computeIfPresent(Owner.of(claim), (_, nodes) -> {
                nodes.remove(claim.node());
                return nodes.isEmpty() ? null : nodes;
            });
        }
        ofKey.computeIfPresent(claim.publicKey(), (_, claims) -> {
            List<NodeKey> left = claims.stream()
                    .filter(other -> !other.node().equals(claim.node()))
                    .toList();
            return left.isEmpty() ? null : left;
        });
        return true;
    }

    /** Everything that somebody has claimed in an organisation. */
    synchronized List<NodeKey> claimedBy(String orgGuid, Claimant claimant) {
        return nodesOf.getOrDefault(new Owner(orgGuid, claimant), Set.of()).stream()
                .flatMap(node -> claimedBy(ofNode.get(node), claimant).stream())
                .toList();
    }

    /** Whether this claimant has any claim for the node. */
    synchronized boolean isClaimed(NodeRef node, Claimant claimant) {
        return nodesOf.getOrDefault(new Owner(node.orgGuid(), claimant), Set.of())
                .contains(node);
    }

    private static List<NodeKey> claimedBy(SequencedMap<String, Held> keys, Claimant claimant) {
        return keys.values().stream()
                .map(Held::claim)
                .filter(claim -> claim.claimedBy().equals(claimant))
                .toList();
    }

    /** Claims that were not used since before that time; those of excused nodes count as used now. */
    synchronized List<NodeKey> unusedSince(long beforeMillis, long nowMillis, Predicate<NodeRef> excused, int atMost) {
        List<NodeKey> unused = new ArrayList<>();
        for (SequencedMap<String, Held> keys : ofNode.values()) {
            for (Map.Entry<String, Held> entry : keys.entrySet()) {
                Held held = entry.getValue();
                if (held.askedMillis() < beforeMillis) {
                    if (excused.test(held.claim().node())) {
                        entry.setValue(new Held(held.claim(), nowMillis));
                    } else if (unused.size() < atMost) {
                        unused.add(held.claim());
                    }
                }
            }
        }
        return unused;
    }

    /** The nodes for which there is a claim. */
    synchronized Set<NodeRef> nodes() {
        return Set.copyOf(ofNode.keySet());
    }

    /** What the node's agent was told last. */
    synchronized Optional<ToldConfig> told(NodeRef node) {
        return Optional.ofNullable(ofNode.get(node))
                .flatMap(keys -> keys.lastEntry().getValue().claim().told());
    }

    /** The shortest interval that any agent was told that may still live: of each node and claimant the newest key counts. */
    synchronized int shortestIntervalMillis(int otherwise) {
        return ofNode.values().stream()
                .flatMap(KeyClaims::newestOfEachClaimant)
                .flatMap(claim -> claim.told().stream())
                .mapToInt(ToldConfig::intervalMillis)
                .reduce(otherwise, Math::min);
    }

    private static Stream<NodeKey> newestOfEachClaimant(SequencedMap<String, Held> keys) {
        Map<Claimant, NodeKey> newest = HashMap.newHashMap(2);
        keys.values().forEach(held -> newest.put(held.claim().claimedBy(), held.claim()));
        return newest.values().stream();
    }

    /** All claims. */
    synchronized Collection<NodeKey> all() {
        return ofNode.values().stream()
                .flatMap(keys -> keys.values().stream())
                .map(Held::claim)
                .toList();
    }
}
