package org.pushjobs.server.store;

import java.time.Instant;
import java.util.Objects;
import org.pushjobs.protocol.NodeRef;

/**
 * A CURVE public key that an agent may connect with.
 *
 * @param publicKey Z85, 40 characters
 * @param node whose agent it is
 * @param orgName the name of the node's organisation, which the agent's messages carry
 * @param fetchedAt when the agent last fetched its configuration with this key
 */
public record NodeKey(String publicKey, NodeRef node, String orgName, Instant fetchedAt) {
    public NodeKey {
        Objects.requireNonNull(publicKey, "publicKey");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(orgName, "orgName");
        Objects.requireNonNull(fetchedAt, "fetchedAt");
    }
}
