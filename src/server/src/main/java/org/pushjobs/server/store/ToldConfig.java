package org.pushjobs.server.store;

import java.util.Objects;

/**
 * What of a configuration decides where and how often an agent is heard.
 *
 * @param heartbeatAddress {@code tcp://HOST:PORT} where it listens for heartbeats
 * @param commandAddress {@code tcp://HOST:PORT} where it connects to
 * @param intervalMillis between heartbeats, both ways; positive
 */
public record ToldConfig(String heartbeatAddress, String commandAddress, int intervalMillis) {
    public ToldConfig {
        Objects.requireNonNull(heartbeatAddress, "heartbeatAddress");
        Objects.requireNonNull(commandAddress, "commandAddress");
        if (intervalMillis <= 0) {
            throw new IllegalArgumentException("intervalMillis must be positive, is " + intervalMillis);
        }
    }

    /** Whether an agent that was told this comes to the same ports as one that was told the other. */
    public boolean sameAddresses(ToldConfig other) {
        return heartbeatAddress.equals(other.heartbeatAddress) && commandAddress.equals(other.commandAddress);
    }
}
