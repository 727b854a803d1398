package org.pushjobs.server.gateway;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.ConcurrentHashMap;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.server.ServerException;
import org.pushjobs.server.store.NodeKey;
import org.pushjobs.server.store.NodeKeyStore;

/**
 * Which CURVE keys may connect and whose they are: what the database has, kept in memory. A key that was ever valid for a
 * node stays valid (architecture.md, "ZAP and connections"), as long as it is among the newest few of its node: each start
 * of an agent makes a new one. Usable from any thread.
 */
public final class KeyRing {
    private final NodeKeyStore store;
    private final SessionKeys sessionKeys;
    private final int keyEpoch;
    private final Map<String, AdmittedNode> byPublicKey = new ConcurrentHashMap<>();
    /** The keys of each node, newest last. */
    private final Map<NodeRef, SequencedSet<String>> keysOfNode = new HashMap<>();

    private final Map<String, String> guidByOrgName = new ConcurrentHashMap<>();

    private KeyRing(NodeKeyStore store, SessionKeys sessionKeys, int keyEpoch) {
        this.store = Objects.requireNonNull(store, "store");
        this.sessionKeys = Objects.requireNonNull(sessionKeys, "sessionKeys");
        this.keyEpoch = keyEpoch;
    }

    /** Loads the stored keys. */
    public static Future<KeyRing> load(NodeKeyStore store, SessionKeys sessionKeys, int keyEpoch) {
        KeyRing ring = new KeyRing(store, sessionKeys, keyEpoch);
        return store.all().map(keys -> {
            ring.remember(keys);
            return ring;
        });
    }

    private void remember(List<NodeKey> keys) {
        keys.forEach(this::remember);
    }

    private synchronized AdmittedNode remember(NodeKey key) {
        guidByOrgName.put(key.orgName(), key.node().orgGuid());
        SequencedSet<String> keys = keysOfNode.computeIfAbsent(key.node(), _ -> new LinkedHashSet<>());
        keys.addLast(key.publicKey());
        if (keys.size() > NodeKeyStore.KEYS_PER_NODE) {
            byPublicKey.remove(keys.removeFirst());
        }
        AdmittedNode node = admitted(key.node(), key.orgName());
        byPublicKey.put(key.publicKey(), node);
        return node;
    }

    private AdmittedNode admitted(NodeRef node, String orgName) {
        return new AdmittedNode(node, orgName, sessionKeys.derive(node, keyEpoch));
    }

    /** See {@link NodeAdmission#admit}. */
    public Future<Void> admit(NodeKey key) {
        Optional<AdmittedNode> known = find(key.publicKey());
        return (known.isPresent() ? Future.succeededFuture(known) : lookUp(key.publicKey())).compose(owner -> {
            if (owner.isPresent() && !owner.get().node().equals(key.node())) {
                // public keys are no secret: nobody may take another node's key away from it
                return Future.failedFuture(new ServerException(
                        403, "Bad ccpk: the key belongs to another node; restart the agent, which makes a new one"));
            }
            return store.put(key).onSuccess(_ -> remember(key));
        });
    }

    /** See {@link NodeAdmission#learn}. */
    public void learn(String orgName, String orgGuid) {
        guidByOrgName.put(orgName, orgGuid);
    }

    /** Whose key this is, from memory. */
    Optional<AdmittedNode> find(String publicKey) {
        return Optional.ofNullable(byPublicKey.get(publicKey));
    }

    /** Whose key this is, from the database: another server of the cluster may have admitted it. */
    Future<Optional<AdmittedNode>> lookUp(String publicKey) {
        return store.find(publicKey).map(found -> found.map(this::remember));
    }

    /** For servers without CURVE: the node that a message claims to be from, if its organisation is known. */
    Optional<AdmittedNode> claimed(String orgName, String node) {
        return Optional.ofNullable(guidByOrgName.get(orgName)).map(guid -> admitted(new NodeRef(guid, node), orgName));
    }
}
