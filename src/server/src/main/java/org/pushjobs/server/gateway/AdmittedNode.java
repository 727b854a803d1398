package org.pushjobs.server.gateway;

import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.signing.SessionKey;
import org.pushjobs.server.store.Claimant;
import org.pushjobs.server.store.ToldConfig;

/**
 * A node whose agents may connect.
 *
 * @param orgName the organisation name that its messages carry
 * @param sessionKey signs the messages both ways
 * @param claimedBy by whose right it may connect
 * @param told what the agent's configuration said when it connected; empty when that is not known
 */
record AdmittedNode(
        NodeRef node, String orgName, SessionKey sessionKey, Claimant claimedBy, Optional<ToldConfig> told) {
    AdmittedNode {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(orgName, "orgName");
        Objects.requireNonNull(sessionKey, "sessionKey");
        Objects.requireNonNull(claimedBy, "claimedBy");
        Objects.requireNonNull(told, "told");
    }

    /** Whether this is the node that a message names. */
    boolean is(String org, String name) {
        return orgName.equals(org) && node.node().equals(name);
    }
}
