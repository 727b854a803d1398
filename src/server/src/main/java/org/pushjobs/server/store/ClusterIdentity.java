package org.pushjobs.server.store;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;

/**
 * What all servers of a cluster share besides their secrets; it survives restarts (architecture.md).
 *
 * @param incarnationId a UUID; agents see the one that is made from it, see {@link #saying}
 * @param keyEpoch counts the rotations of the cluster's keys, from 1
 */
public record ClusterIdentity(String incarnationId, int keyEpoch) {
    public ClusterIdentity {
        Objects.requireNonNull(incarnationId, "incarnationId");
    }

    /**
     * The identity that agents see while their configuration says what has this fingerprint: the same on all servers that say
     * the same, and another one as soon as they say something else, so that agents fetch it anew (docs/decisions, 28).
     */
    public ClusterIdentity saying(String configFingerprint) {
        String name = incarnationId + " " + keyEpoch + " " + configFingerprint;
        return new ClusterIdentity(
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString(), keyEpoch);
    }
}
