package org.pushjobs.server.cluster;

import java.util.Objects;

/**
 * A process that is in the cluster.
 *
 * @param nodeId of its Vert.x; another one in each life
 * @param address host and port of its membership
 * @param info what it tells about itself
 */
public record Member(String nodeId, String address, MemberInfo info) {
    public Member {
        Objects.requireNonNull(nodeId, "nodeId");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(info, "info");
    }
}
