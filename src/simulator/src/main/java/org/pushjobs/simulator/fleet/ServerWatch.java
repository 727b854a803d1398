package org.pushjobs.simulator.fleet;

/**
 * What an agent concludes from what it hears (wire-protocol.md, "What the agent does with it"): the server is away after
 * more than the offline threshold of intervals without its heartbeat, and back after more than the online threshold of
 * further ones; and its command port is deaf when its heartbeats come, yet nothing arrives on a connection for
 * {@value #PATIENCE_MILLIS} ms. Times are milliseconds of one monotonic clock. Not thread-safe.
 */
final class ServerWatch {
    static final long PATIENCE_MILLIS = 3_000;

    private static final long NOT_WAITING = Long.MAX_VALUE;

    private final long silenceMillis;
    private final int onlineThreshold;
    private boolean online = true;
    private boolean connected;
    private boolean answered;
    private long lastHeardMillis;
    private int heardWhileOffline;
    private long waitingSinceMillis = NOT_WAITING;

    ServerWatch(long intervalMillis, int offlineThreshold, int onlineThreshold, long nowMillis) {
        this.silenceMillis = intervalMillis * offlineThreshold;
        this.onlineThreshold = onlineThreshold;
        this.lastHeardMillis = nowMillis;
    }

    /** A server heartbeat arrived. */
    void heard(long nowMillis) {
        lastHeardMillis = nowMillis;
        if (connected && !answered && waitingSinceMillis == NOT_WAITING) {
            waitingSinceMillis = nowMillis;
        }
        if (!online && ++heardWhileOffline > onlineThreshold) {
            online = true;
        }
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

    /** Whether the agent may send heartbeats. */
    boolean isOnline() {
        return online;
    }

    /** A connection to the command port was opened. */
    void connected() {
        connected = true;
        answered = false;
        waitingSinceMillis = NOT_WAITING;
    }

    /** It was closed. */
    void disconnected() {
        connected = false;
        answered = false;
        waitingSinceMillis = NOT_WAITING;
    }

    /** Something arrived on it; returns whether that was the first. */
    boolean answered() {
        boolean first = !answered;
        answered = true;
        waitingSinceMillis = NOT_WAITING;
        return first;
    }

    /** Whether messages go both ways and the server is there: as far as the agent can see it is available. */
    boolean isAvailable() {
        return online && answered;
    }

    /** Returns once for each time that the patience is over. */
    boolean isDeaf(long nowMillis) {
        if (!online || waitingSinceMillis == NOT_WAITING || nowMillis - waitingSinceMillis < PATIENCE_MILLIS) {
            return false;
        }
        waitingSinceMillis = NOT_WAITING;
        return true;
    }
}
