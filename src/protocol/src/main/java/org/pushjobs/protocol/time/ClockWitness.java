package org.pushjobs.protocol.time;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;

/**
 * What the clocks of others say, each by its newest authentic word: how far they are ahead of a {@link SteadyClock}. Their
 * number is bounded; of more than that, some share a place. A word costs one write whatever the number of them. Usable from
 * any thread.
 */
public final class ClockWitness {
    private static final int SECOND_BITS = 32;
    private static final long SECOND_MASK = (1L << SECOND_BITS) - 1;
    private static final long UNIT_MILLIS = 10;

    private final String name;
    private final int enough;
    /** For each place how far it is ahead, in units of 10 ms, and the second in which it said so; 0 for nothing yet. */
    private final AtomicLongArray words;

    /**
     * @param clocks how many of them are told apart
     * @param enough so many need not be waited for more of
     */
    ClockWitness(String name, int clocks, int enough) {
        this.name = Objects.requireNonNull(name, "name");
        this.enough = enough;
        this.words = new AtomicLongArray(clocks);
    }

    /** What they say together. */
    record Opinion(int clocks, Duration ahead) {}

    void says(int who, Duration ahead, long second) {
        long units = Math.clamp(ahead.toMillis() / UNIT_MILLIS, Integer.MIN_VALUE, Integer.MAX_VALUE);
        words.set(Math.floorMod(who, words.length()), units << SECOND_BITS | (second & SECOND_MASK));
    }

    /** The median of what was said in that second or later; empty when that was nothing. */
    Optional<Opinion> since(long second) {
        long[] ahead = LongStream.range(0, words.length())
                .map(place -> words.get((int) place))
                .filter(word -> word != 0 && (word & SECOND_MASK) >= second)
                .map(word -> word >> SECOND_BITS)
                .toArray();
        if (ahead.length == 0) {
            return Optional.empty();
        }
        Arrays.sort(ahead);
        return Optional.of(new Opinion(ahead.length, Duration.ofMillis(ahead[(ahead.length - 1) / 2] * UNIT_MILLIS)));
    }

    boolean isEnough(Opinion opinion) {
        return opinion.clocks() >= enough;
    }

    String name() {
        return name;
    }
}
