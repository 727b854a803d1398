package org.pushjobs.protocol;

import java.util.Objects;

/**
 * The identity of a node across organisations (wire-protocol.md: "node ref").
 *
 * @param orgGuid the organisation's guid, 32 lower-case hex digits; it never changes, unlike the organisation's name
 * @param node the node's name
 */
public record NodeRef(String orgGuid, String node) {
    public NodeRef {
        Objects.requireNonNull(orgGuid, "orgGuid");
        Objects.requireNonNull(node, "node");
    }

    @Override
    public String toString() {
        return orgGuid + "/" + node;
    }
}
