package org.pushjobs.simulator.bench;

import java.time.Duration;

/**
 * How large and how long the measurements are. Only {@link #FULL} gives the numbers of the table; the others check that the
 * measurements themselves work.
 *
 * @param share of the table's numbers of nodes
 * @param leastNodes but at least so many
 * @param warmUp before a measured window
 * @param window in which CPU and rates are measured
 * @param hold how long all nodes have to stay available
 * @param attempts how many sizes or speeds are tried, where the best one is looked for
 * @param jobs how many jobs a median is of
 * @param patience for all nodes to become available
 */
public record Scale(
        String name,
        double share,
        int leastNodes,
        Duration warmUp,
        Duration window,
        Duration hold,
        int attempts,
        int jobs,
        Duration patience) {
    public static final Scale FULL = new Scale(
            "full",
            1,
            1,
            Duration.ofSeconds(40),
            Duration.ofSeconds(40),
            Duration.ofSeconds(60),
            Integer.MAX_VALUE,
            31,
            Duration.ofMinutes(4));

    public static final Scale QUICK = new Scale(
            "quick",
            0.05,
            50,
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(4),
            1,
            5,
            Duration.ofMinutes(2));

    public static final Scale TINY = new Scale(
            "tiny",
            0.002,
            10,
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            1,
            2,
            Duration.ofMinutes(2));

    /** A number of nodes or connections of the table, at this scale. */
    public int nodes(int full) {
        return (int) Math.min(full, Math.max(leastNodes, Math.round(full * share)));
    }
}
