package org.pushjobs.server.store;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.pushjobs.protocol.NodeRef;

/**
 * That a CURVE public key was claimed for a node: its agent may connect with it. Without CURVE a node has a claim, too, under
 * a name in place of the key.
 *
 * @param publicKey Z85, 40 characters; or {@link #inClearText}
 * @param node whose agent it is
 * @param orgName the name of the node's organisation, which the agent's messages carry
 * @param fetchedAt when the agent last fetched its configuration with this key
 * @param claimedBy who fetched it
 * @param told what the configuration said; empty when a server of an older version handed it out
 */
public record NodeKey(
        String publicKey,
        NodeRef node,
        String orgName,
        Instant fetchedAt,
        Claimant claimedBy,
        Optional<ToldConfig> told) {
    public NodeKey {
        Objects.requireNonNull(publicKey, "publicKey");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(orgName, "orgName");
        Objects.requireNonNull(fetchedAt, "fetchedAt");
        Objects.requireNonNull(claimedBy, "claimedBy");
        Objects.requireNonNull(told, "told");
    }

    /** Stands for the key of a node whose agent connects in clear text; no key looks like it. */
    public static String inClearText(String orgName, String node) {
        return "clear text:" + orgName + "/" + node;
    }
}
