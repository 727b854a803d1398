package org.pushjobs.server.gateway;

import java.time.Instant;

/** Gets told what time it is for agents; usable from any thread. */
@FunctionalInterface
public interface AgentTimes {
    /**
     * @param who a number that is the same for each message of a node
     * @param time as an authentic message of the node states it
     */
    void heard(int who, Instant time);
}
