package org.pushjobs.simulator.original;

/**
 * The original agent's heartbeat thread: once an interval it either sends a heartbeat or finds that the server has been silent
 * for too long. With the thresholds that servers give, 3 and 2, it gives up at the fifth tick without a server heartbeat, and
 * believes in the server again with the fourth heartbeat after that. Not thread-safe.
 */
final class ServerTicks {
    private final int offlineThreshold;
    private final int onlineThreshold;
    private boolean online = true;
    private int silentTicks;
    private int heardSinceChange;

    /** What comes of a tick. */
    enum Tick {
        BEAT,
        WENT_AWAY,
        QUIET
    }

    ServerTicks(int offlineThreshold, int onlineThreshold) {
        this.offlineThreshold = offlineThreshold;
        this.onlineThreshold = onlineThreshold;
    }

    Tick tick() {
        if (!online) {
            return Tick.QUIET;
        }
        if (silentTicks > offlineThreshold) {
            online = false;
            heardSinceChange = 0;
            return Tick.WENT_AWAY;
        }
        silentTicks++;
        return Tick.BEAT;
    }

    /** A server heartbeat was read. */
    void heard() {
        silentTicks = 0;
        if (!online && heardSinceChange > onlineThreshold) {
            online = true;
        } else {
            heardSinceChange++;
        }
    }

    boolean isOnline() {
        return online;
    }
}
