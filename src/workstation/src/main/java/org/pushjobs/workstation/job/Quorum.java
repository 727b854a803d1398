package org.pushjobs.workstation.job;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many nodes must be ready (agent-and-cli.md, {@code --quorum}). */
public sealed interface Quorum {
    /** The number for a job on so many nodes; it may be larger than that. */
    int of(int nodes);

    /** A number of nodes. */
    record Count(int needed) implements Quorum {
        @Override
        public int of(int nodes) {
            return needed;
        }
    }

    /** A part of the nodes, rounded up. */
    record Percentage(int percent) implements Quorum {
        @Override
        public int of(int nodes) {
            return Math.toIntExact(Math.ceilDiv((long) percent * nodes, 100L));
        }
    }

    /** @throws IllegalArgumentException for anything but {@code N} or {@code N%}, N of at most six digits */
    static Quorum parse(String text) {
        Matcher matcher = Pattern.compile("([0-9]{1,6})(%?)").matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("Invalid Format please enter integer or percent");
        }
        int number = Integer.parseInt(matcher.group(1));
        return matcher.group(2).isEmpty() ? new Count(number) : new Percentage(number);
    }
}
