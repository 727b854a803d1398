package org.pushjobs.server.simulated;

import java.util.SplittableRandom;

/**
 * A job's command, which says how it goes on each node, so that everybody knows what is right.
 *
 * @param name of the request that it belongs to; no other has it
 */
record Work(
        String name,
        long seed,
        int mostMillis,
        int refusingPerThousand,
        int failingPerThousand,
        int hangingPerThousand) {
    private static final long HANGS_MILLIS = 10_000_000;

    String command() {
        return name + " " + seed + " " + mostMillis + " " + refusingPerThousand + " " + failingPerThousand + " "
                + hangingPerThousand;
    }

    static Work of(String command) {
        String[] words = command.split(" ");
        return new Work(
                words[0],
                Long.parseLong(words[1]),
                Integer.parseInt(words[2]),
                Integer.parseInt(words[3]),
                Integer.parseInt(words[4]),
                Integer.parseInt(words[5]));
    }

    private int draw(String node, int what, int bound) {
        return new SplittableRandom(seed + 31L * node.hashCode() + 7_919L * what).nextInt(bound);
    }

    boolean isRefusedBy(String node) {
        return draw(node, 1, 1000) < refusingPerThousand;
    }

    boolean succeedsOn(String node) {
        return draw(node, 2, 1000) >= failingPerThousand;
    }

    boolean hangsOn(String node) {
        return draw(node, 3, 1000) < hangingPerThousand;
    }

    long millisOn(String node) {
        return hangsOn(node) ? HANGS_MILLIS : draw(node, 4, mostMillis);
    }
}
