package org.pushjobs.server.nodes;

/**
 * The health of one node: an exponentially weighted mean of its heartbeats per interval (lifecycle.md, "Health"):
 * {@code mean' = mean · (1 − w) + beats · w} for each interval that has passed. What came in the interval that has not ended
 * is not in the mean, so a node that was heard less than an interval ago is never down: heartbeats that come late, many at
 * once, count as soon as they are there (docs/decisions, 21). Times are those of {@link ListeningTime}. Constant time per
 * heartbeat. Not thread-safe.
 */
final class HeartbeatHealth {
    /** Shared by all nodes. */
    record Rules(long intervalMillis, double decayWindow, double downThreshold) {
        Rules {
            if (intervalMillis <= 0 || decayWindow < 1 || downThreshold <= 0) {
                throw new IllegalArgumentException(
                        "interval and threshold must be positive, the decay window at least 1");
            }
        }
    }

    private Rules rules;
    private double mean;
    private int beats;
    private long intervalStart;
    private long lastBeat;

    HeartbeatHealth(Rules rules, long nowMillis) {
        this.rules = rules;
        this.mean = 2 * rules.downThreshold();
        this.intervalStart = nowMillis;
        this.lastBeat = nowMillis;
    }

    void beat(long nowMillis) {
        advance(nowMillis);
        beats++;
        lastBeat = nowMillis;
    }

    /** Whether the mean has fallen below the threshold, and the node was silent for an interval. */
    boolean isDown(long nowMillis) {
        advance(nowMillis);
        return mean < rules.downThreshold() && nowMillis - lastBeat >= rules.intervalMillis();
    }

    int intervalMillis() {
        return Math.toIntExact(rules.intervalMillis());
    }

    /** Another interval counts from now on; the mean begins anew, what was missed by the old rules is forgotten. */
    void judgeBy(Rules newRules, long nowMillis) {
        if (!newRules.equals(rules)) {
            rules = newRules;
            mean = 2 * newRules.downThreshold();
            beats = 0;
            intervalStart = nowMillis;
        }
    }

    private void advance(long nowMillis) {
        long intervals = (nowMillis - intervalStart) / rules.intervalMillis();
        if (intervals <= 0) {
            return;
        }
        double weight = 1 / rules.decayWindow();
        mean = (mean * (1 - weight) + beats * weight) * Math.pow(1 - weight, intervals - 1.0);
        beats = 0;
        intervalStart += intervals * rules.intervalMillis();
    }
}
