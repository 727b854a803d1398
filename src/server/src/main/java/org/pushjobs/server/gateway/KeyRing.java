package org.pushjobs.server.gateway;

import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.store.Claimant;
import org.pushjobs.server.store.NodeKey;
import org.pushjobs.server.store.NodeKeys;
import org.pushjobs.server.store.ToldConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which CURVE keys may connect and which nodes claimed them: what the database has, kept in memory (architecture.md, "ZAP and
 * connections"). A key goes when the directory no longer knows who claimed it, when newer ones of the same claimant displace
 * it, or when it was not used for {@value #LIFETIMES} lifetimes of a configuration in which this process could be asked. Session
 * keys are derived when a connection needs them. It is one class because revocation races with all else that it does. Usable
 * from any thread.
 */
public final class KeyRing {
    /** Lifetimes of a configuration after which a node that never asked again is forgotten. */
    static final int LIFETIMES = 3;

    private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);
    private static final int PURGED_AT_ONCE = 500;

    private final Setup setup;
    private final KeyClaims claims = new KeyClaims();
    private final UnclaimedNodes unclaimed;
    private final List<Consumer<NodeKey>> departures = new CopyOnWriteArrayList<>();
    /** Who spoke last with a key that several nodes have claimed. */
    private final Map<String, NodeRef> speakers = new ConcurrentHashMap<>();
    /** Rises whenever keys are revoked: what was asked of the database before may be out of date. */
    private final AtomicLong revocations = new AtomicLong();

    /**
     * What a key ring works with.
     *
     * @param keyEpoch of the cluster
     * @param configLifetime after which agents fetch their configuration again
     * @param clients asked for nodes in clear text that have no claim
     */
    public record Setup(
            NodeKeys store,
            SessionKeys sessionKeys,
            int keyEpoch,
            Duration configLifetime,
            ServiceTime time,
            ClientLookUp clients,
            Clock clock) {
        public Setup {
            Objects.requireNonNull(store, "store");
            Objects.requireNonNull(sessionKeys, "sessionKeys");
            Objects.requireNonNull(configLifetime, "configLifetime");
            Objects.requireNonNull(time, "time");
            Objects.requireNonNull(clients, "clients");
            Objects.requireNonNull(clock, "clock");
        }
    }

    private KeyRing(Setup setup) {
        this.setup = Objects.requireNonNull(setup, "setup");
        this.unclaimed = new UnclaimedNodes(this::findInClearText, setup.clock());
    }

    /** Loads the stored keys. */
    public static Future<KeyRing> load(Setup setup) {
        KeyRing ring = new KeyRing(setup);
        return setup.store().all().map(keys -> {
            ring.learn(keys);
            return ring;
        });
    }

    private void learn(List<NodeKey> stored) {
        long now = setup.time().millis();
        stored.forEach(claim -> claims.learn(claim, now));
    }

    /** Calls the listener, on any thread, with each claim that was revoked or has lapsed, once it no longer counts. */
    void onDeparture(Consumer<NodeKey> listener) {
        departures.add(listener);
    }

    /** See {@link NodeAdmission#admit}. */
    public Future<Void> admit(NodeKey key) {
        long seen = revocations.get();
        return setup.store().put(key).compose(_ -> {
            if (revocations.get() == seen) {
                claims.renew(key, setup.time().millis());
                return Future.succeededFuture();
            }
            // somebody was revoked meanwhile: what is stored counts
            return lookUp(key.publicKey())
                    .compose(_ -> isClaimed(key.publicKey(), key.node())
                            ? Future.succeededFuture()
                            : Future.failedFuture(ServerException.unavailable(
                                    "the keys of '" + key.node().node() + "' were revoked just now; ask again")));
        });
    }

    /** See {@link NodeAdmission#revoke}. */
    public void revoke(String orgGuid, Claimant claimant) {
        List<NodeKey> gone = claims.claimedBy(orgGuid, claimant);
        if (gone.isEmpty()) {
            return;
        }
        forget(orgGuid, claimant);
        setup.store()
                .revoke(orgGuid, claimant, setup.clock().instant())
                .onComplete(_ -> forget(orgGuid, claimant))
                .onFailure(failure -> LOG.warn(
                        "revoked keys could not be removed from the database, they are when their node asks again or they"
                                + " lapse [org: {}, claimed by: {}, error: {}]",
                        gone.getFirst().orgName(),
                        claimant.text(),
                        failure.getMessage()));
    }

    /** See {@link NodeAdmission#revocations}. */
    public long revocations() {
        return revocations.get();
    }

    /**
     * Keys were revoked, by this or another process, and are gone from the database.
     *
     * @param whose see {@link org.pushjobs.server.store.Database#onKeysRevoked}
     */
    public void revoked(String whose) {
        int space = whose.indexOf(' ');
        try {
            forget(whose.substring(0, Math.max(space, 0)), Claimant.parse(whose.substring(space + 1)));
        } catch (IllegalArgumentException e) {
            LOG.warn("the database told something strange about revoked keys [error: {}]", e.getMessage());
        }
    }

    private void forget(String orgGuid, Claimant claimant) {
        List<NodeKey> gone = claims.claimedBy(orgGuid, claimant);
        revocations.incrementAndGet();
        gone.forEach(this::depart);
        if (!gone.isEmpty()) {
            LOG.info(
                    "keys revoked, the directory does not have who claimed them [org: {}, claimed by: {}, keys: {}]",
                    gone.getFirst().orgName(),
                    claimant.text(),
                    gone.size());
        }
    }

    private void depart(NodeKey claim) {
        if (claims.remove(claim)) {
            speakers.remove(claim.publicKey());
            departures.forEach(listener -> listener.accept(claim));
        }
    }

    /** Compares with the database after a time in which nothing was heard from it. */
    public Future<Void> refresh() {
        long seen = revocations.get();
        Collection<NodeKey> before = claims.all();
        return setup.store().all().compose(stored -> {
            if (revocations.get() != seen) {
                return refresh();
            }
            Set<List<Object>> known = new HashSet<>();
            stored.forEach(claim -> known.add(List.of(claim.publicKey(), claim.node())));
            before.stream()
                    .filter(claim -> !known.contains(List.of(claim.publicKey(), claim.node())))
                    .forEach(this::depart);
            learn(stored);
            return Future.succeededFuture();
        });
    }

    /**
     * Forgets the nodes that should have asked for their configuration and have not for long. To be called at least once a
     * minute.
     *
     * @param excused nodes that cannot ask, because they are at work
     */
    Future<Void> purge(Predicate<NodeRef> excused) {
        speakers.keySet().removeIf(key -> !isShared(key));
        long now = setup.time().millis();
        long before = now - LIFETIMES * setup.configLifetime().toMillis();
        List<NodeKey> unused = claims.unusedSince(before, now, excused, PURGED_AT_ONCE);
        if (unused.isEmpty() || !setup.time().isRunning()) {
            return Future.succeededFuture();
        }
        return setup.store().purge(unused).map(staying -> {
            learn(staying);
            unused.forEach(this::depart);
            LOG.info("keys forgotten that were not used for long [keys: {}]", unused.size() - staying.size());
            return null;
        });
    }

    /** Whether somebody has claimed this key. */
    boolean isClaimed(String publicKey) {
        return !claims.of(publicKey).isEmpty();
    }

    /** Whether this key was claimed for this node. */
    boolean isClaimed(String publicKey, NodeRef node) {
        return claims.of(publicKey).stream().anyMatch(claim -> claim.node().equals(node));
    }

    /** Whether this claimant has any claim for the node. */
    boolean isClaimed(NodeRef node, Claimant claimant) {
        return claims.isClaimed(node, claimant);
    }

    /** Who is at the other end of a connection with this key: who spoke with it last, or else the newest claimant. */
    Optional<AdmittedNode> find(String publicKey) {
        List<NodeKey> found = claims.of(publicKey);
        Optional<NodeRef> speaker = Optional.ofNullable(speakers.get(publicKey));
        return found.stream()
                .filter(claim -> speaker.filter(claim.node()::equals).isPresent())
                .findFirst()
                .or(() -> found.isEmpty() ? Optional.empty() : Optional.of(found.getLast()))
                .map(this::admitted);
    }

    /** Whether several nodes have claimed this key. */
    boolean isShared(String publicKey) {
        return claims.of(publicKey).size() > 1;
    }

    /** The nodes that have claimed this key. */
    Stream<NodeRef> claimants(String publicKey) {
        return claims.of(publicKey).stream().map(NodeKey::node);
    }

    /** The node of that name, if it has claimed this key. */
    Optional<AdmittedNode> claimant(String publicKey, String orgName, String node) {
        return claims.of(publicKey).stream()
                .filter(claim ->
                        claim.orgName().equals(orgName) && claim.node().node().equals(node))
                .findFirst()
                .map(this::admitted);
    }

    /** A node has proved that it uses this key. */
    void spoke(String publicKey, NodeRef node) {
        if (isShared(publicKey)) {
            speakers.put(publicKey, node);
        }
    }

    /** Whose key this is, from the database: another server of the cluster may have admitted it. */
    Future<Optional<AdmittedNode>> lookUp(String publicKey) {
        long seen = revocations.get();
        return setup.store().find(publicKey).compose(found -> {
            if (revocations.get() != seen) {
                return lookUp(publicKey);
            }
            learn(found);
            return Future.succeededFuture(find(publicKey));
        });
    }

    /**
     * For servers without CURVE: the node that a message claims to be from. When nothing is known of it the database and the
     * directory are asked, so that a later message of it may be understood.
     */
    Optional<AdmittedNode> claimed(String orgName, String node) {
        Optional<AdmittedNode> known = claimant(NodeKey.inClearText(orgName, node), orgName, node);
        if (known.isEmpty()) {
            unclaimed.ask(orgName, node);
        }
        return known;
    }

    private Future<Boolean> findInClearText(String orgName, String node) {
        String key = NodeKey.inClearText(orgName, node);
        return lookUp(key)
                .compose(stored -> stored.isPresent()
                        ? Future.succeededFuture(true)
                        : setup.clients().organisationOf(orgName, node).map(guid -> {
                            guid.ifPresent(found -> learn(List.of(new NodeKey(
                                    key,
                                    new NodeRef(found, node),
                                    orgName,
                                    setup.clock().instant(),
                                    Claimant.client(node),
                                    Optional.empty()))));
                            return guid.isPresent();
                        }));
    }

    /** The nodes that have claimed a key. */
    public Set<NodeRef> nodes() {
        return claims.nodes();
    }

    /** What the node's newest configuration said. */
    public Optional<ToldConfig> told(NodeRef node) {
        return claims.told(node);
    }

    /** The shortest interval that an agent may live by, at most the given one. */
    int shortestIntervalMillis(int atMost) {
        return claims.shortestIntervalMillis(atMost);
    }

    private AdmittedNode admitted(NodeKey claim) {
        return new AdmittedNode(
                claim.node(),
                claim.orgName(),
                setup.sessionKeys().derive(claim.node(), setup.keyEpoch()),
                claim.claimedBy(),
                claim.told());
    }
}
