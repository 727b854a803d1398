package org.pushjobs.agent.whitelist;

import java.time.Duration;

/** What one look-up in the whitelist may cost. */
final class Budget {
    /** The agent's thread waits for it, so it must be far below the time after which a silent node counts as down. */
    static final Duration TIME = Duration.ofMillis(100);

    /** Above what Linux takes as one argument of a command. */
    static final int LONGEST_RESULT_BYTES = 256 * 1024;

    private final long deadline = System.nanoTime() + TIME.toNanos();

    /** Above 0. */
    long remainingNanos(CommandPattern pattern) throws PatternLimitException {
        long remaining = deadline - System.nanoTime();
        if (remaining <= 0) {
            throw exceeded(pattern);
        }
        return remaining;
    }

    PatternLimitException exceeded(CommandPattern pattern) {
        return new PatternLimitException("the whitelist's expression " + pattern + " takes longer than "
                + TIME.toMillis() + " ms for this command");
    }

    void checkLength(int bytes, CommandPattern pattern) throws PatternLimitException {
        if (bytes > LONGEST_RESULT_BYTES) {
            throw new PatternLimitException("the whitelist's expression " + pattern
                    + " makes a command line of more than " + LONGEST_RESULT_BYTES + " bytes of this command");
        }
    }
}
