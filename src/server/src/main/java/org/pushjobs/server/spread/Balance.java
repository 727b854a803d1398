package org.pushjobs.server.spread;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when a gateway asks how many of its agents to go to the others, because it has more than its share: so many that it has
 * its share then, some each second, and not before it has been the same gateways for a while. What chance does to an even spread
 * is no reason: who is moved for that comes back with his next configuration. Times are milliseconds of a monotonic clock. Not
 * thread-safe.
 */
final class Balance {
    /** In seconds; within them as many are asked as have to be. */
    static final int DURATION = 30;

    /** A second; so few are no storm, whatever they are a share of. */
    static final int FEW = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Balance.class);
    private static final Duration SHORTEST_REST = Duration.ofSeconds(5);
    private static final int REST_INTERVALS = 2;
    private static final double STANDARD_DEVIATIONS = 3;

    private final long restMillis;
    private Set<String> gateways = Set.of();
    private long restingSinceMillis;
    private int allAtRest;
    private int share;
    private int left;
    private int atOnce;

    /** @param heartbeatInterval within which agents that have no job do what they are asked */
    Balance(Duration heartbeatInterval) {
        this.restMillis = restMillis(heartbeatInterval);
    }

    /** For so long agents may still do what they were asked, and nothing can be concluded from their not having done it. */
    static long restMillis(Duration heartbeatInterval) {
        return Math.max(SHORTEST_REST.toMillis(), REST_INTERVALS * heartbeatInterval.toMillis());
    }

    /**
     * How many agents to ask now; to be called once a second.
     *
     * @param agents how many are here
     * @param asked how many of them were asked and have not gone yet
     * @param others the other gateways
     */
    int step(long nowMillis, int agents, int asked, List<GatewayNews> others) {
        Set<String> now = others.stream().map(GatewayNews::gateway).collect(Collectors.toSet());
        int all = agents + others.stream().mapToInt(GatewayNews::agents).sum();
        if (!now.equals(gateways)) {
            gateways = now;
            rest(nowMillis, all);
        }
        // while many come, what the others told a second ago says little
        if (left == 0 && Math.abs(all - allAtRest) > chance(all)) {
            rest(nowMillis, all);
        }
        if (left == 0 && nowMillis - restingSinceMillis >= restMillis) {
            begin(agents, asked, all);
        }
        if (left == 0) {
            return 0;
        }
        // some may have gone without being asked
        int count = Math.clamp(agents - asked - share, 0, Math.min(left, atOnce));
        left -= count;
        if (left == 0 || count == 0) {
            rest(nowMillis, all);
        }
        return count;
    }

    private void rest(long nowMillis, int all) {
        left = 0;
        restingSinceMillis = nowMillis;
        allAtRest = all;
    }

    /** How far a number may be from what is to be expected. */
    private static double chance(int expected) {
        return STANDARD_DEVIATIONS * Math.sqrt(expected);
    }

    private void begin(int agents, int asked, int all) {
        share = Math.ceilDiv(all, gateways.size() + 1);
        int surplus = agents - asked - share;
        if (surplus > chance(share)) {
            left = surplus;
            atOnce = Math.max(FEW, Math.ceilDiv(surplus, DURATION));
            LOG.info(
                    "agents are asked to go to other gateways [here: {}, others: {}, to go: {}, at once: {}]",
                    agents,
                    all - agents,
                    surplus,
                    atOnce);
        }
    }

    /** Whether some are still to be asked. */
    boolean isAsking() {
        return left > 0;
    }
}
