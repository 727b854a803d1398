package org.pushjobs.server.nodes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Tells two agents that run under one node's name from one agent that was restarted. An incarnation id is new at each start
 * of an agent; one that was replaced and is heard again belongs to a second process that lives. Once that is proven the
 * node stays without a session until only one of them has been heard for a while, instead of going up and down with each
 * message. No I/O, no clock, no threads. Not thread-safe.
 */
final class Rivalry {
    /** One return may be a straggler, a message that overtook the restart; two are not. */
    static final int RETURNS_THAT_PROVE = 2;
    /** Heartbeat intervals without a rival's message after which it is gone. */
    static final int QUIET_INTERVALS = 4;

    /** More of them are not told apart. */
    static final int MAX_RIVALS = 4;

    private final long quietMillis;
    /** When each was last heard, eldest incarnation first. */
    private final Map<Rival, Long> lastHeard = new LinkedHashMap<>();

    private int returns;

    /**
     * One of the agents.
     *
     * @param incarnationId tells it from the others
     * @param description host and address, for people
     */
    record Rival(String incarnationId, String description) {
        Rival {
            Objects.requireNonNull(incarnationId, "incarnationId");
            Objects.requireNonNull(description, "description");
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Rival rival && rival.incarnationId.equals(incarnationId);
        }

        @Override
        public int hashCode() {
            return incarnationId.hashCode();
        }
    }

    Rivalry(long heartbeatIntervalMillis) {
        this.quietMillis = QUIET_INTERVALS * heartbeatIntervalMillis;
    }

    /** An agent was heard where another one had the session. */
    void replaced(Rival old, long oldHeardMillis, Rival successor, long nowMillis) {
        forgetQuiet(nowMillis);
        lastHeard.put(old, oldHeardMillis);
        if (lastHeard.containsKey(successor)) {
            returns++;
        }
        heard(successor, nowMillis);
    }

    /** A message of one of the agents. */
    void heard(Rival rival, long nowMillis) {
        if (lastHeard.size() == MAX_RIVALS && !lastHeard.containsKey(rival)) {
            lastHeard.remove(lastHeard.keySet().iterator().next());
        }
        lastHeard.put(rival, nowMillis);
        forgetQuiet(nowMillis);
    }

    private void forgetQuiet(long nowMillis) {
        lastHeard.values().removeIf(heard -> nowMillis - heard > quietMillis);
        if (lastHeard.size() < 2) {
            returns = 0;
        }
    }

    /** Whether more than one agent lives. */
    boolean isProven() {
        return returns >= RETURNS_THAT_PROVE;
    }

    /** Whether at most one of them was heard lately, so that there is nothing left to tell apart. */
    boolean isOver(long nowMillis) {
        forgetQuiet(nowMillis);
        return lastHeard.size() < 2;
    }

    /** Descriptions of the agents heard lately. */
    List<String> rivals() {
        return lastHeard.keySet().stream().map(Rival::description).toList();
    }
}
