package org.pushjobs.server.spread;

import java.time.Duration;

/**
 * Decides how many of its agents a gateway that is being drained asks to go to the others, each second. All who are there are asked
 * once, in one round; who comes back, or comes all the same, is asked in the next one, which waits until those who were asked have
 * had the time to go: an agent that is told of this gateway again and again asks again no sooner. Times are milliseconds of a
 * monotonic clock. Not thread-safe.
 */
final class Emptying {
    private final long restMillis;
    private long notBeforeMillis;
    private int left;

    /** @param heartbeatInterval within which agents that have no job do what they are asked */
    Emptying(Duration heartbeatInterval, long nowMillis) {
        this.restMillis = Balance.restMillis(heartbeatInterval);
        this.notBeforeMillis = nowMillis;
    }

    /**
     * How many agents to ask now; to be called once a second.
     *
     * @param unasked how many are here and were not asked
     * @param atMost so many
     * @param others how many gateways take agents; without any there is nowhere to go
     */
    int step(long nowMillis, int unasked, int atMost, int others) {
        if (others == 0) {
            end(nowMillis);
            return 0;
        }
        if (left == 0 && nowMillis - notBeforeMillis >= 0) {
            left = unasked;
        }
        int count = Math.min(Math.min(left, unasked), atMost);
        left -= count;
        // some have gone without being asked
        if (count > 0 && left == 0 || count == 0 && left > 0) {
            end(nowMillis);
        }
        return count;
    }

    private void end(long nowMillis) {
        left = 0;
        notBeforeMillis = nowMillis + restMillis;
    }
}
