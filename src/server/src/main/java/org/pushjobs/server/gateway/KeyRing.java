package org.pushjobs.server.gateway;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.keys.SessionKeys;
import org.pushjobs.server.store.NodeKey;
import org.pushjobs.server.store.NodeKeyStore;

/**
 * Which CURVE keys may connect and whose they are: what the database has, kept in memory. A key that was ever valid for a
 * node stays valid (architecture.md, "ZAP and connections"); the store keeps the newest few of each node, which bounds this
 * too. Usable from any thread.
 */
public final class KeyRing {
    private final NodeKeyStore store;
    private final SessionKeys sessionKeys;
    private final int keyEpoch;
    private final Map<String, AdmittedNode> byPublicKey = new ConcurrentHashMap<>();
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

    private AdmittedNode remember(NodeKey key) {
        guidByOrgName.put(key.orgName(), key.node().orgGuid());
        return byPublicKey.compute(
                key.publicKey(),
                (publicKey, known) -> known != null
                                && known.node().equals(key.node())
                                && known.orgName().equals(key.orgName())
                        ? known
                        : admitted(key.node(), key.orgName()));
    }

    private AdmittedNode admitted(NodeRef node, String orgName) {
        return new AdmittedNode(node, orgName, sessionKeys.derive(node, keyEpoch));
    }

    /** See {@link NodeAdmission#admit}. */
    public Future<Void> admit(NodeKey key) {
        return store.put(key).onSuccess(_ -> remember(key));
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
