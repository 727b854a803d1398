package org.pushjobs.server.gateway;

import java.util.Objects;
import org.pushjobs.protocol.NodeRef;
import org.pushjobs.protocol.signing.SessionKey;

/**
 * A node whose agents may connect.
 *
 * @param orgName the organisation name that its messages carry
 * @param sessionKey signs the messages both ways
 */
record AdmittedNode(NodeRef node, String orgName, SessionKey sessionKey) {
    AdmittedNode {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(orgName, "orgName");
        Objects.requireNonNull(sessionKey, "sessionKey");
    }

    /** Whether this is the node that a message names. */
    boolean is(String org, String name) {
        return orgName.equals(org) && node.node().equals(name);
    }
}
