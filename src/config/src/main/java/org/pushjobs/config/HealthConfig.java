package org.pushjobs.config;

import java.time.Duration;
import java.util.Objects;

/**
 * Heartbeats, and which nodes are up by them.
 *
 * @param heartbeatInterval between heartbeats, both ways
 * @param downThreshold mean heartbeats per interval below which a node is down, above 0 and at most 1
 * @param decayWindow intervals that the mean looks back, 1 or more
 * @param detectOfflineNodesInterval how often the means are checked, in heartbeat intervals
 * @param rehabTimer between aborts to a node in rehab
 */
public record HealthConfig(
        Duration heartbeatInterval,
        double downThreshold,
        double decayWindow,
        int detectOfflineNodesInterval,
        Duration rehabTimer) {
    public HealthConfig {
        Objects.requireNonNull(heartbeatInterval, "heartbeatInterval");
        Objects.requireNonNull(rehabTimer, "rehabTimer");
    }
}
