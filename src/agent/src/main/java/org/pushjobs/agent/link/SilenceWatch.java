package org.pushjobs.agent.link;

import java.time.Duration;

/**
 * Finds out that the command port is deaf: CURVE refusals are silent, so an agent only notices that the server, though its
 * heartbeats arrive, answers nothing on a new connection (wire-protocol.md, "CURVE and ZAP"). The server speaks promptly
 * on each new connection once the agent has sent something. Times are milliseconds of one monotonic clock. Not
 * thread-safe.
 */
final class SilenceWatch {
    static final Duration PATIENCE = Duration.ofSeconds(4);
    static final Duration LONGEST_PATIENCE = Duration.ofMinutes(5);

    private static final long NOT_RUNNING = Long.MAX_VALUE;

    private final long patienceMillis;
    private final long longestGapMillis;
    private boolean answered;
    private boolean sent;
    private boolean serverAlive;
    private long lastHeartbeatMillis;
    private long waitingSinceMillis = NOT_RUNNING;

    /**
     * @param vainAttempts how often in a row a new configuration has not helped; each doubles the patience
     * @param intervalMillis between server heartbeats
     */
    SilenceWatch(int vainAttempts, long intervalMillis) {
        this.patienceMillis = Math.min(PATIENCE.toMillis() << Math.min(vainAttempts, 16), LONGEST_PATIENCE.toMillis());
        this.longestGapMillis = intervalMillis + intervalMillis / 2;
    }

    /** Something arrived on the command port. */
    void answered() {
        answered = true;
        waitingSinceMillis = NOT_RUNNING;
    }

    /** Whether the present connection is known to work both ways. */
    boolean isAnswered() {
        return answered;
    }

    /** Something was sent on the command port. */
    void sent(long nowMillis) {
        sent = true;
        startWaiting(nowMillis);
    }

    /** A server heartbeat arrived; after a gap the server may have been restarted, so its time starts anew. */
    void serverHeartbeat(long nowMillis) {
        if (serverAlive && nowMillis - lastHeartbeatMillis > longestGapMillis) {
            waitingSinceMillis = NOT_RUNNING;
        }
        serverAlive = true;
        lastHeartbeatMillis = nowMillis;
        startWaiting(nowMillis);
    }

    /** The connection to the command port broke; it may be refused from now on. Refusals themselves do not count. */
    void commandConnectionLost() {
        if (answered) {
            answered = false;
            sent = false;
            serverAlive = false;
        }
    }

    /** The connection to the heartbeat port broke: the server is away until the next heartbeat. */
    void heartbeatConnectionLost() {
        serverAlive = false;
        waitingSinceMillis = NOT_RUNNING;
    }

    /** The deafness is being dealt with; what happens from now on counts anew. */
    void restart() {
        sent = false;
        waitingSinceMillis = NOT_RUNNING;
    }

    private void startWaiting(long nowMillis) {
        if (!answered && sent && serverAlive && waitingSinceMillis == NOT_RUNNING) {
            waitingSinceMillis = nowMillis;
        }
    }

    /** When {@link #isDeaf} becomes true, if nothing happens. */
    long deadlineMillis() {
        return waitingSinceMillis == NOT_RUNNING ? NOT_RUNNING : waitingSinceMillis + patienceMillis;
    }

    boolean isDeaf(long nowMillis) {
        return nowMillis >= deadlineMillis() && nowMillis - lastHeartbeatMillis <= longestGapMillis;
    }
}
