package org.pushjobs.agent.link;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Growing pauses between attempts: each the double of the one before, less up to half of it by chance. */
final class Backoff {
    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private int attempts;

    Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
    }

    long nextMillis() {
        long full = Math.min(first.toMillis() << Math.min(attempts, 20), longest.toMillis());
        attempts++;
        return full - random.nextLong(full / 2 + 1);
    }

    int attempts() {
        return attempts;
    }

    void reset() {
        attempts = 0;
    }
}
