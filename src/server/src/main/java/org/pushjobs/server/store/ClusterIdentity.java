package org.pushjobs.server.store;

import java.util.Objects;

/**
 * What all servers of a cluster share besides their secrets; it survives restarts (architecture.md).
 *
 * @param incarnationId a UUID that the agents see
 * @param keyEpoch counts the rotations of the cluster's keys, from 1
 */
public record ClusterIdentity(String incarnationId, int keyEpoch) {
    public ClusterIdentity {
        Objects.requireNonNull(incarnationId, "incarnationId");
    }
}
