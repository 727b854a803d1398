package org.pushjobs.agent.link;

/**
 * Whether the server is there, by its heartbeats: it is away after more than the offline threshold of intervals without
 * one, and back after more than the online threshold of further ones (wire-protocol.md, "What the agent does with it").
 * At first it counts as there. Times are milliseconds of one monotonic clock. Not thread-safe.
 */
final class ServerPresence {
    private final long intervalMillis;
    private final long silenceMillis;
    private final int onlineThreshold;
    private boolean online = true;
    private long lastHeardMillis;
    private int heardWhileOffline;

    ServerPresence(long intervalMillis, int offlineThreshold, int onlineThreshold, long nowMillis) {
        this.intervalMillis = intervalMillis;
        this.silenceMillis = intervalMillis * offlineThreshold;
        this.onlineThreshold = onlineThreshold;
        this.lastHeardMillis = nowMillis;
    }

    /** Returns whether the server is back with this heartbeat. */
    boolean heard(long nowMillis) {
        if (nowMillis - lastHeardMillis > silenceMillis) {
            heardWhileOffline = 0;
        }
        lastHeardMillis = nowMillis;
        if (online || ++heardWhileOffline <= onlineThreshold) {
            return false;
        }
        online = true;
        return true;
    }

    /** Returns whether the server has just gone away. */
    boolean wentAway(long nowMillis) {
        if (!online || nowMillis - lastHeardMillis <= silenceMillis) {
            return false;
        }
        online = false;
        heardWhileOffline = 0;
        return true;
    }

    boolean online() {
        return online;
    }

    long lastHeardMillis() {
        return lastHeardMillis;
    }

    /** A result sent before this time has surely arrived if the server is there or has just gone away. */
    long doubtfulSinceMillis() {
        return lastHeardMillis - silenceMillis - intervalMillis;
    }

    /** When {@link #wentAway} is worth asking. */
    long nextCheckMillis() {
        return online ? lastHeardMillis + silenceMillis + 1 : Long.MAX_VALUE;
    }
}
